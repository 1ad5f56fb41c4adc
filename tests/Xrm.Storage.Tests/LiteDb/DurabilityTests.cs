using Xrm.Core.Log;
using Xrm.Storage.LiteDb;
using static Xrm.Storage.Tests.LiteDb.JournalTests;

namespace Xrm.Storage.Tests.LiteDb;

public sealed class DurabilityTests : IDisposable
{
    private const int Full = 28;
    private readonly DataFolder _folder = new();
    private readonly FileWatch _watch = new();

    [Fact]
    public void A_block_is_two_syncs_with_the_byte_that_confirms_between_them()
    {
        using var journal = Open();
        for (var n = 1; n <= 20; n++)
        {
            _watch.Clear();
            journal.Append(n, Bytes(100, n), [new(Bytes(3_000, n))]);
            var done = _watch.Done;
            done.ShouldAllBe(e => e.File == LiteDbJournal.LogFile);
            done.Count(e => e.Act == FileAct.Sync).ShouldBe(2);
            done[^3].Act.ShouldBe(FileAct.Sync);
            done[^2].IsConfirm.ShouldBeTrue();
            done[^1].Act.ShouldBe(FileAct.Sync);
            done.Take(done.Count - 3).ShouldAllBe(e => e.Act == FileAct.Write && e.Length >= 8192);
        }
    }

    [Theory]
    [InlineData(FileAct.Write, 1)]
    [InlineData(FileAct.Sync, 1)]
    [InlineData(FileAct.Write, 2)]
    [InlineData(FileAct.Sync, 2)]
    public async Task A_slow_disk_is_waited_for(FileAct act, int nth)
    {
        using var journal = Open();
        journal.Append(1, Bytes(10, 1), []);
        using var reached = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var seen = 0;
        _watch.Before = e =>
        {
            if (e.Act != act || ++seen != nth)
                return;
            reached.Release();
            release.Wait(TestContext.Current.CancellationToken);
        };
        var append = Task.Run(() => journal.Append(2, Bytes(10, 2), []), TestContext.Current.CancellationToken);
        await reached.WaitAsync(TestContext.Current.CancellationToken);
        append.IsCompleted.ShouldBeFalse();
        journal.LastBlock.ShouldBe(1);
        journal.ReadHead(2).ShouldBeNull();
        // Readers don't wait for the disk.
        journal.ReadHead(1).ShouldBe(Bytes(10, 1));
        append.IsCompleted.ShouldBeFalse();
        release.Release();
        await append;
        journal.ReadHead(2).ShouldBe(Bytes(10, 2));
    }

    [Theory]
    [InlineData(FileAct.Write, 1)]
    [InlineData(FileAct.Sync, 1)]
    [InlineData(FileAct.Write, 2)]
    [InlineData(FileAct.Sync, 2)]
    public void A_failed_write_leaves_nothing_and_the_next_one_works(FileAct act, int nth)
    {
        using (var journal = Open())
        {
            journal.Append(1, Bytes(10, 1), [new(Bytes(900, 1))]);
            var length = Length();
            FailOnce(act, nth, new IOException("It broke."));
            Should.Throw<IOException>(() => journal.Append(2, Bytes(10, 2), [new(Bytes(70_000, 2))])).Message.ShouldContain("Nothing was written");
            Length().ShouldBe(length);
            journal.LastBlock.ShouldBe(1);
            journal.ReadHead(2).ShouldBeNull();
            journal.ReadPart(1, 0).ShouldBe(Bytes(900, 1));
            journal.Append(2, Bytes(10, 3), [new(Bytes(70_000, 3))]);
        }
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            journal.LastBlock.ShouldBe(2);
            journal.ReadHead(2).ShouldBe(Bytes(10, 3));
            journal.ReadPart(2, 0).ShouldBe(Bytes(70_000, 3));
        }
    }

    [Fact]
    public void When_it_cannot_be_undone_nothing_more_is_written_until_opened_anew()
    {
        using (var journal = Open())
        {
            journal.Append(1, Bytes(10, 1), []);
            var seen = 0;
            _watch.Before = e =>
            {
                if (e.Act == FileAct.Cut || e.Act == FileAct.Sync && ++seen == 2)
                    throw new IOException("The disk is gone.");
            };
            Should.Throw<IOException>(() => journal.Append(2, Bytes(10, 2), [])).Message.ShouldContain("Nothing more is written");
            _watch.Before = _ => { };
            _watch.Clear();
            Should.Throw<IOException>(() => journal.Append(2, Bytes(10, 2), [])).Message.ShouldContain("restart");
            Should.Throw<IOException>(() => journal.Stage([Bytes(10, 2)])[0]);
            Should.Throw<IOException>(() => journal.WriteCheckpoint(1, [], [], Bytes(1, 1)));
            journal.ReadHead(1).ShouldBe(Bytes(10, 1));
            journal.LastBlock.ShouldBe(1);
        }
        _watch.Done.ShouldBeEmpty();
        using (var journal = Open())
        {
            journal.ReadHead(1).ShouldBe(Bytes(10, 1));
            var next = journal.LastBlock + 1;
            journal.Append(next, Bytes(10, 5), []);
            journal.ReadHead(next).ShouldBe(Bytes(10, 5));
        }
    }

    [Fact]
    public void A_full_disk_is_told_and_writing_goes_on_when_there_is_room()
    {
        using var journal = Open();
        journal.Append(1, Bytes(10, 1), []);
        _watch.Before = e =>
        {
            if (e.Act == FileAct.Write)
                throw new IOException("No space left on device", Full);
        };
        var fault = Should.Throw<StoreFault>(() => journal.Append(2, Bytes(10, 2), []));
        fault.Text.En.ShouldContain("is full");
        fault.Text.Fr.ShouldContain("est plein");
        fault.Text.En.ShouldContain(_folder.Path);
        Should.Throw<StoreFault>(() => journal.Stage([Bytes(5_000_000, 2)])[0]);
        Should.Throw<StoreFault>(() => journal.WriteCheckpoint(1, [], [Bytes(100, 2)], Bytes(1, 1)));
        journal.LastCheckpoint.ShouldBeNull();
        _watch.Before = _ => { };
        journal.Append(2, Bytes(10, 2), [new(default, journal.Stage([Bytes(5_000_000, 2)])[0])]);
        journal.WriteCheckpoint(2, [], [Bytes(100, 2)], Bytes(1, 1));
        journal.ReadPart(2, 0).Length.ShouldBe(5_000_000);
        journal.ReadSegment(journal.LastCheckpoint!.Segments[0]).ShouldBe(Bytes(100, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Blocks_go_on_while_the_log_cannot_be_emptied_and_none_is_lost(int nth)
    {
        using (var journal = Open(logPages: 20))
        {
            var seen = 0;
            _watch.Before = e =>
            {
                if (e.File == LiteDbJournal.DataFile && e.Act == FileAct.Write && ++seen >= nth)
                    throw new IOException("No space left on device", Full);
            };
            for (var n = 1; n <= 60; n++)
                journal.Append(n, Bytes(100, n), [new(Bytes(9_000, n))]);
            seen.ShouldBeGreaterThanOrEqualTo(nth);
            Check(journal);
        }
        _watch.Before = _ => { };
        using (var journal = Open())
            Check(journal);

        static void Check(LiteDbJournal journal)
        {
            for (var n = 1; n <= 60; n++)
                journal.ReadPart(n, 0).ShouldBe(Bytes(9_000, n));
        }
    }

    [Fact]
    public void The_log_is_cut_only_behind_a_synced_data_file()
    {
        using (var journal = Open(logPages: 20))
        {
            _watch.Clear();
            for (var n = 1; n <= 60; n++)
                journal.Append(n, Bytes(100, n), [new(Bytes(9_000, n))]);
        }
        var done = _watch.Done;
        var cuts = Enumerable.Range(0, done.Count).Where(i => done[i].Act == FileAct.Cut).ToList();
        cuts.Count.ShouldBeGreaterThan(3);
        foreach (var cut in cuts)
        {
            done[cut].File.ShouldBe(LiteDbJournal.LogFile);
            done.Take(cut).Last(e => e.File == LiteDbJournal.DataFile).Act.ShouldBe(FileAct.Sync);
            done[cut + 1].ShouldBe(new(LiteDbJournal.LogFile, FileAct.Sync, 0, 0));
        }
    }

    [Fact]
    public void Whatever_the_log_was_cut_at_a_block_is_there_whole_or_not_at_all()
    {
        List<(long Length, long Last)> sizes = [];
        var log = _folder.File(LiteDbJournal.LogFile);
        using (var journal = Open())
            for (var n = 1; n <= 6; n++)
            {
                journal.Append(n, Bytes(100, n), [new(Bytes(5_000 * n, n))]);
                sizes.Add((Length(), n));
                if (n == 6)
                    foreach (var file in (string[])[_folder.File(LiteDbJournal.DataFile), log])
                        File.WriteAllBytes(file + ".kept", DataFolder.ReadShared(file));
            }
        for (var cut = 0L; cut <= sizes[^1].Length; cut += 3_333)
        {
            Restore(LiteDbJournal.DataFile);
            Restore(LiteDbJournal.LogFile);
            using (var file = File.OpenWrite(log))
                file.SetLength(cut);
            var expected = sizes.Where(s => s.Length <= cut).Select(s => s.Last).LastOrDefault();
            using var journal = LiteDbJournal.Open(_folder.Path);
            journal.LastBlock.ShouldBe(expected);
            for (var n = 1; n <= expected; n++)
                journal.ReadPart(n, 0).ShouldBe(Bytes(5_000 * n, n));
        }

        void Restore(string name) => File.WriteAllBytes(_folder.File(name), File.ReadAllBytes(_folder.File(name + ".kept")));
    }

    public void Dispose() => _folder.Dispose();

    private LiteDbJournal Open(int logPages = 1_000) => LiteDbJournal.Open(_folder.Path, _watch.Open, logPages, tailBytes: 0);

    private long Length() => new FileInfo(_folder.File(LiteDbJournal.LogFile)).Length;

    private void FailOnce(FileAct act, int nth, Exception with)
    {
        var seen = 0;
        _watch.Before = e =>
        {
            if (e.Act == act && ++seen == nth)
                throw with;
        };
    }
}
