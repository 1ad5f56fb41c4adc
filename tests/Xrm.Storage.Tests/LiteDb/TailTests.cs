using System.Buffers.Binary;
using Xrm.Storage.LiteDb;
using Xrm.Storage.LiteDb.Tail;
using static Xrm.Storage.Tests.LiteDb.JournalTests;

namespace Xrm.Storage.Tests.LiteDb;

public sealed class TailTests : IDisposable
{
    private const int Small = 40_000;
    private static readonly string[] Files = [LiteDbJournal.FirstTail, LiteDbJournal.SecondTail];

    private readonly DataFolder _folder = new();
    private readonly FileWatch _watch = new();

    [Fact]
    public void A_small_block_is_one_write_in_place_and_one_sync()
    {
        using var journal = Open();
        journal.Append(1, Bytes(100, 1), []);
        for (var n = 2; n <= 20; n++)
        {
            _watch.Clear();
            journal.Append(n, Bytes(100, n), [new(Bytes(3_000, n))]);
            _watch.Done.Select(e => (e.File, e.Act)).ShouldBe([(LiteDbJournal.FirstTail, FileAct.Write), (LiteDbJournal.FirstTail, FileAct.Sync)]);
        }
    }

    [Fact]
    public void Blocks_are_read_alike_wherever_they_are()
    {
        using (var journal = Open(Small))
        {
            for (var n = 1; n <= 100; n++)
            {
                // Some go past the tail.
                journal.Append(n, Bytes(100, n), [new(Bytes(900, n)), new(Bytes(n % 17 == 0 ? 70_000 : 2_000, n + 1))]);
                Check(journal, n);
            }
        }
        using (var journal = Open(Small))
            Check(journal, 100);

        static void Check(LiteDbJournal journal, int last)
        {
            journal.LastBlock.ShouldBe(last);
            journal.ReadHead(last + 1).ShouldBeNull();
            for (var n = Math.Max(1, last - 60); n <= last; n++)
            {
                journal.ReadHead(n).ShouldBe(Bytes(100, n));
                journal.ReadPart(n, 0).ShouldBe(Bytes(900, n));
                journal.ReadPart(n, 1).ShouldBe(Bytes(n % 17 == 0 ? 70_000 : 2_000, n + 1));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(47)]
    public void What_was_answered_is_there_when_the_process_ended_in_the_middle(int last)
    {
        var left = new DataFolder();
        using (var journal = Open(Small))
        {
            for (var n = 1; n <= last; n++)
                journal.Append(n, Bytes(100, n), [new(Bytes(3_000, n))]);
            foreach (var file in (string[])[LiteDbJournal.DataFile, LiteDbJournal.LogFile, .. Files])
                File.WriteAllBytes(left.File(file), DataFolder.ReadShared(_folder.File(file)));
        }
        using (left)
        using (var journal = LiteDbJournal.Open(left.Path))
        {
            journal.LastBlock.ShouldBe(last);
            for (var n = 1; n <= last; n++)
                journal.ReadPart(n, 0).ShouldBe(Bytes(3_000, n));
            journal.Append(last + 1, Bytes(10, 1), []);
        }
    }

    [Fact]
    public void Wherever_writing_stopped_the_block_is_there_whole_or_not_at_all()
    {
        List<(long Length, int Last)> sizes = [];
        var bytes = Fill(6, n => sizes.Add((Used(_folder.File(Files[0])), n)));
        var zeros = new byte[bytes.Length];
        for (var cut = 0L; cut <= sizes[^1].Length; cut += 777)
        {
            // Behind the place there is what was there before.
            using var left = Left([.. bytes.AsSpan(0, (int)cut), .. zeros.AsSpan((int)cut)]);
            var expected = sizes.Where(s => s.Length <= cut).Select(s => s.Last).LastOrDefault();
            using var journal = LiteDbJournal.Open(left.Path);
            journal.LastBlock.ShouldBe(expected);
            for (var n = 1; n <= expected; n++)
                journal.ReadPart(n, 0).ShouldBe(Bytes(3_000 + n, n));
        }
    }

    [Fact]
    public void Flipped_bits_are_told_and_never_served()
    {
        var bytes = Fill(12, _ => { });
        var random = new Random(7);
        var told = 0;
        for (var round = 0; round < 60; round++)
        {
            var bad = (byte[])bytes.Clone();
            // All blocks but the last, of which a broken one cannot be told from one that never was whole.
            bad[random.Next(11 * 3_584)] ^= (byte)(1 << random.Next(8));
            using var left = Left(bad);
            try
            {
                using var journal = LiteDbJournal.Open(left.Path);
                journal.LastBlock.ShouldBe(12);
                for (var n = 1; n <= 12; n++)
                    journal.ReadPart(n, 0).ShouldBe(Bytes(3_000 + n, n));
            }
            catch (StoreFault fault)
            {
                told++;
                fault.Text.En.ShouldContain("damaged");
                fault.Text.En.ShouldContain(left.File(Files[0]));
            }
        }
        // The rest fell between two blocks.
        told.ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData(FileAct.Write)]
    [InlineData(FileAct.Sync)]
    public async Task A_slow_disk_is_waited_for(FileAct act)
    {
        using var journal = Open();
        journal.Append(1, Bytes(10, 1), []);
        using var reached = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        _watch.Before = e =>
        {
            if (e.Act != act)
                return;
            reached.Release();
            release.Wait(TestContext.Current.CancellationToken);
        };
        var append = Task.Run(() => journal.Append(2, Bytes(10, 2), []), TestContext.Current.CancellationToken);
        await reached.WaitAsync(TestContext.Current.CancellationToken);
        append.IsCompleted.ShouldBeFalse();
        journal.LastBlock.ShouldBe(1);
        journal.ReadHead(2).ShouldBeNull();
        journal.ReadHead(1).ShouldBe(Bytes(10, 1));
        _watch.Before = _ => { };
        release.Release();
        await append;
        journal.ReadHead(2).ShouldBe(Bytes(10, 2));
    }

    [Theory]
    [InlineData(FileAct.Write)]
    [InlineData(FileAct.Sync)]
    public void A_failed_write_leaves_nothing_and_the_next_one_works(FileAct act)
    {
        using (var journal = Open())
        {
            journal.Append(1, Bytes(10, 1), [new(Bytes(900, 1))]);
            FailOnce(act);
            Should.Throw<IOException>(() => journal.Append(2, Bytes(10, 2), [new(Bytes(7_000, 2))])).Message.ShouldContain("Nothing was written");
            journal.LastBlock.ShouldBe(1);
            journal.ReadHead(2).ShouldBeNull();
            using (var left = Left(DataFolder.ReadShared(_folder.File(Files[0]))))
            using (var other = LiteDbJournal.Open(left.Path))
                other.LastBlock.ShouldBe(1);
            journal.Append(2, Bytes(10, 3), [new(Bytes(700, 3))]);
        }
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            journal.LastBlock.ShouldBe(2);
            journal.ReadPart(2, 0).ShouldBe(Bytes(700, 3));
        }
    }

    [Fact]
    public void When_it_cannot_be_undone_no_block_is_written_until_opened_anew()
    {
        using (var journal = Open())
        {
            journal.Append(1, Bytes(10, 1), []);
            _watch.Before = e =>
            {
                if (e.Act == FileAct.Sync)
                    throw new IOException("The disk is gone.");
            };
            Should.Throw<IOException>(() => journal.Append(2, Bytes(10, 2), [])).Message.ShouldContain("Nothing more is written");
            _watch.Before = _ => { };
            Should.Throw<IOException>(() => journal.Append(2, Bytes(10, 2), [])).Message.ShouldContain("restart");
            Should.Throw<IOException>(() => journal.Append(2, Bytes(10, 2), [new(Bytes(90_000, 2))])).Message.ShouldContain("restart");
            journal.ReadHead(1).ShouldBe(Bytes(10, 1));
            journal.LastBlock.ShouldBe(1);
        }
        using (var journal = Open())
        {
            journal.ReadHead(1).ShouldBe(Bytes(10, 1));
            journal.Append(journal.LastBlock + 1, Bytes(10, 5), []);
        }
    }

    [Fact]
    public async Task Closing_waits_for_blocks_on_their_way_though_no_more_may_be_written()
    {
        using var reached = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var journal = Open(Small);
        _watch.Before = e =>
        {
            if (e.File != LiteDbJournal.LogFile || e.Act != FileAct.Write)
                return;
            reached.Release();
            release.Wait(TestContext.Current.CancellationToken);
        };
        var last = 0;
        while (!await reached.WaitAsync(0, TestContext.Current.CancellationToken) && last < 20)
            journal.Append(++last, Bytes(100, last), [new(Bytes(3_000, last))]);
        _watch.Before = e =>
        {
            if (Files.Contains(e.File) && e.Act == FileAct.Sync)
                throw new IOException("The disk is gone.");
        };
        Should.Throw<IOException>(() => journal.Append(last + 1, Bytes(10, 2), [])).Message.ShouldContain("Nothing more is written");
        _watch.Before = _ => { };
        var closing = Task.Run(journal.Dispose, TestContext.Current.CancellationToken);
        Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path)).IsLocked.ShouldBeTrue();
        release.Release(1_000);
        await closing;
        using var again = LiteDbJournal.Open(_folder.Path);
        for (var n = 1; n <= last; n++)
            again.ReadPart(n, 0).ShouldBe(Bytes(3_000, n));
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(int.MaxValue)]
    public void A_record_whose_lengths_do_not_fit_is_none(int length)
    {
        var block = new TailBlock(7, Bytes(100, 1), []);
        var record = new byte[block.Length];
        block.Write(record);
        TailBlock.Read(record).ShouldNotBeNull().Head.ToArray().ShouldBe(Bytes(100, 1));
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(20), length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), Checksum.Of(7, record.AsSpan(20, 104)));
        TailBlock.Read(record).ShouldBeNull();
    }

    [Fact]
    public void While_blocks_cannot_be_brought_to_the_data_file_some_still_come_and_none_is_lost()
    {
        using (var journal = Open(Small))
        {
            for (var n = 1; n <= 5; n++)
                journal.Append(n, Bytes(100, n), [new(Bytes(3_000, n))]);
            _watch.Before = e =>
            {
                if (!Files.Contains(e.File) && e.Act == FileAct.Write)
                    throw new IOException("No space left on device", 28);
            };
            var last = 5;
            Should.Throw<StoreFault>(() =>
            {
                for (; last < 100; last++)
                    journal.Append(last + 1, Bytes(100, last + 1), [new(Bytes(3_000, last + 1))]);
            }).Text.En.ShouldContain("is full");
            last.ShouldBeInRange(15, 30);
            Check(journal, last);
            _watch.Before = _ => { };
            for (; last < 40; last++)
                journal.Append(last + 1, Bytes(100, last + 1), [new(Bytes(3_000, last + 1))]);
            Check(journal, 40);
        }
        using (var journal = Open())
            Check(journal, 40);

        static void Check(LiteDbJournal journal, int last)
        {
            journal.LastBlock.ShouldBe(last);
            for (var n = 1; n <= last; n++)
                journal.ReadPart(n, 0).ShouldBe(Bytes(3_000, n));
        }
    }

    [Fact]
    public void A_file_is_written_again_only_when_its_blocks_are_durable_elsewhere()
    {
        using (var journal = Open(Small))
        {
            _watch.Clear();
            for (var n = 1; n <= 60; n++)
                journal.Append(n, Bytes(100, n), [new(Bytes(3_000, n))]);
        }
        var done = _watch.Done;
        var rewound = Enumerable.Range(0, done.Count).Where(i => Files.Contains(done[i].File) && done[i] is { Act: FileAct.Write, Position: 0, Length: < 10_000 }).ToList();
        // Each file's first beginning frees nothing.
        rewound.Count.ShouldBeGreaterThan(4);
        foreach (var (from, to) in rewound.Zip(rewound.Skip(2)))
            done.Skip(from).Take(to - from).Count(e => e.File == LiteDbJournal.LogFile && e.Act == FileAct.Sync).ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void Blocks_that_follow_on_missing_ones_are_told()
    {
        Fill(20, _ => { }, Small);
        using var left = Left([]);
        File.Copy(_folder.File("kept." + Files[1]), left.File(Files[1]), overwrite: true);
        Should.Throw<StoreFault>(() => LiteDbJournal.Open(left.Path)).Text.En.ShouldContain("damaged (block 1)");
    }

    [Fact]
    public void A_data_file_that_is_gone_while_a_tail_file_is_not_is_told()
    {
        Fill(3, _ => { });
        File.Delete(_folder.File(LiteDbJournal.DataFile));
        File.Delete(_folder.File(LiteDbJournal.LogFile));
        Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path)).Text.En.ShouldContain("damaged");
        File.Exists(_folder.File(LiteDbJournal.DataFile)).ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();

    private LiteDbJournal Open(int tailBytes = LiteDbJournal.TailBytes) => LiteDbJournal.Open(_folder.Path, _watch.Open, tailBytes: tailBytes);

    /// <summary>The first tail file with so many blocks that went nowhere else.</summary>
    private byte[] Fill(int blocks, Action<int> after, int tailBytes = LiteDbJournal.TailBytes)
    {
        using var journal = Open(tailBytes);
        for (var n = 1; n <= blocks; n++)
        {
            journal.Append(n, Bytes(100, n), [new(Bytes(3_000 + n, n))]);
            after(n);
        }
        foreach (var file in Files)
            File.WriteAllBytes(_folder.File("kept." + file), DataFolder.ReadShared(_folder.File(file)));
        return File.ReadAllBytes(_folder.File("kept." + Files[0]));
    }

    /// <summary>A new store with a first tail file.</summary>
    private static DataFolder Left(byte[] tail)
    {
        var folder = new DataFolder();
        LiteDbJournal.Open(folder.Path).Dispose();
        File.WriteAllBytes(folder.File(Files[0]), tail);
        return folder;
    }

    /// <summary>Up to the last byte that is not zero, aligned.</summary>
    private static long Used(string file)
    {
        var bytes = DataFolder.ReadShared(file);
        return Array.FindLastIndex(bytes, b => b != 0) + 1;
    }

    private void FailOnce(FileAct act)
    {
        var seen = 0;
        _watch.Before = e =>
        {
            if (e.Act == act && seen++ == 0)
                throw new IOException("It broke.");
        };
    }
}
