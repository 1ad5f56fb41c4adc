using Xrm.Core.Log;
using Xrm.Storage.LiteDb;

namespace Xrm.Storage.Tests.LiteDb;

public sealed class JournalTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public void A_new_journal_is_empty()
    {
        using var journal = LiteDbJournal.Open(_folder.Path);
        journal.LastBlock.ShouldBe(0);
        journal.LastCheckpoint.ShouldBeNull();
        journal.ReadHead(1).ShouldBeNull();
    }

    [Fact]
    public void Blocks_are_read_as_they_were_appended_also_after_opening_anew()
    {
        var big = Bytes(3_500_000, 1);
        var medium = Bytes(100_000, 2);
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            var staged = journal.Stage([big])[0];
            journal.Append(1, Bytes(200, 3), [new(Bytes(50, 4)), new(default, staged), new(medium)]);
            journal.Append(2, Bytes(1, 5), []);
            Check(journal);
        }
        using (var journal = LiteDbJournal.Open(_folder.Path))
            Check(journal);

        void Check(LiteDbJournal journal)
        {
            journal.LastBlock.ShouldBe(2);
            journal.ReadHead(1).ShouldBe(Bytes(200, 3));
            journal.ReadPart(1, 0).ShouldBe(Bytes(50, 4));
            journal.ReadPart(1, 1).AsSpan().SequenceEqual(big).ShouldBeTrue();
            journal.ReadPart(1, 2).AsSpan().SequenceEqual(medium).ShouldBeTrue();
            journal.ReadHead(2).ShouldBe(Bytes(1, 5));
            journal.ReadHead(3).ShouldBeNull();
        }
    }

    [Fact]
    public void Many_blocks_survive_the_emptying_of_the_log()
    {
        using (var journal = LiteDbJournal.Open(_folder.Path, logPages: 50))
            for (var n = 1; n <= 300; n++)
                journal.Append(n, Bytes(100, n), [new(Bytes(n * 13, n))]);
        new FileInfo(_folder.File(LiteDbJournal.LogFile)).Length.ShouldBe(0);
        using (var journal = LiteDbJournal.Open(_folder.Path))
            for (var n = 1; n <= 300; n++)
            {
                journal.ReadHead(n).ShouldBe(Bytes(100, n));
                journal.ReadPart(n, 0).ShouldBe(Bytes(n * 13, n));
            }
    }

    [Fact]
    public void A_block_out_of_turn_is_refused_and_changes_nothing()
    {
        using var journal = LiteDbJournal.Open(_folder.Path);
        Should.Throw<ArgumentException>(() => journal.Append(2, Bytes(1, 1), []));
        Should.Throw<ArgumentException>(() => journal.Append(1, Bytes(1, 1), [new(default, 77)]));
        journal.Append(1, Bytes(1, 1), []);
        journal.LastBlock.ShouldBe(1);
    }

    [Fact]
    public void A_checkpoint_keeps_what_it_names_and_drops_the_rest()
    {
        var big = Bytes(2_500_000, 9);
        long first;
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            journal.Append(1, Bytes(1, 1), []);
            journal.WriteCheckpoint(1, [], [Bytes(10, 1), big, Bytes(30, 3)], Bytes(5, 5));
            var before = journal.LastCheckpoint.ShouldNotBeNull();
            before.Segments.Count.ShouldBe(3);
            first = before.Segments[0];
            journal.WriteCheckpoint(1, [before.Segments[1]], [Bytes(40, 4)], Bytes(6, 6));
            Should.Throw<IOException>(() => journal.ReadSegment(first));
        }
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            var checkpoint = journal.LastCheckpoint.ShouldNotBeNull();
            checkpoint.Block.ShouldBe(1);
            checkpoint.Meta.ShouldBe(Bytes(6, 6));
            checkpoint.Segments.Count.ShouldBe(2);
            journal.ReadSegment(checkpoint.Segments[0]).AsSpan().SequenceEqual(big).ShouldBeTrue();
            journal.ReadSegment(checkpoint.Segments[1]).ShouldBe(Bytes(40, 4));
        }
    }

    [Fact]
    public void A_checkpoint_that_is_given_up_leaves_the_one_before_in_force()
    {
        using var journal = LiteDbJournal.Open(_folder.Path);
        journal.WriteCheckpoint(0, [], [Bytes(10, 1)], Bytes(1, 1));
        Should.Throw<OperationCanceledException>(() => journal.WriteCheckpoint(0, [], Cancelled(), Bytes(2, 2)));
        journal.LastCheckpoint!.Meta.ShouldBe(Bytes(1, 1));
        journal.ReadSegment(journal.LastCheckpoint.Segments[0]).ShouldBe(Bytes(10, 1));

        static IEnumerable<ReadOnlyMemory<byte>> Cancelled()
        {
            yield return Bytes(20, 2);
            throw new OperationCanceledException();
        }
    }

    [Fact]
    public void Blocks_may_be_appended_while_a_checkpoint_asks_for_its_next_segment()
    {
        using var journal = LiteDbJournal.Open(_folder.Path);
        journal.WriteCheckpoint(0, [], Segments(journal), Bytes(1, 1));
        journal.LastBlock.ShouldBe(2);
        journal.LastCheckpoint!.Segments.Select(journal.ReadSegment).ShouldBe([Bytes(10, 1), Bytes(20, 2)]);

        static IEnumerable<ReadOnlyMemory<byte>> Segments(LiteDbJournal journal)
        {
            journal.Append(1, Bytes(1, 1), []);
            yield return Bytes(10, 1);
            journal.Append(2, Bytes(1, 2), []);
            yield return Bytes(20, 2);
        }
    }

    [Fact]
    public void A_part_kept_aside_that_no_block_names_is_gone_at_the_next_start()
    {
        long loose;
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            loose = journal.Stage([Bytes(6_000_000, 1)])[0];
            journal.Append(1, Bytes(1, 1), [new(default, journal.Stage([Bytes(2_000_000, 2)])[0])]);
        }
        var length = new FileInfo(_folder.File(LiteDbJournal.DataFile)).Length;
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            Should.Throw<ArgumentException>(() => journal.Append(2, Bytes(1, 1), [new(default, loose)]));
            journal.ReadPart(1, 0).Length.ShouldBe(2_000_000);
            // The pages it lay on are free: as much again makes the file no longer.
            journal.Append(2, Bytes(1, 1), [new(default, journal.Stage([Bytes(5_900_000, 3)])[0])]);
        }
        new FileInfo(_folder.File(LiteDbJournal.DataFile)).Length.ShouldBeLessThanOrEqualTo(length + 100_000);
    }

    [Fact]
    public async Task A_part_is_read_as_it_was_or_as_it_is_while_it_is_replaced()
    {
        byte[][] both = [Bytes(100_000, 1), Bytes(2_500_000, 2)];
        using var journal = LiteDbJournal.Open(_folder.Path);
        journal.Append(1, Bytes(10, 1), [new(both[0])]);

        var replacing = Task.Run(() =>
        {
            for (var i = 1; i <= 20; i++)
                journal.ReplacePart(1, 0, both[i % 2]);
        }, TestContext.Current.CancellationToken);
        do
        {
            var read = journal.ReadPart(1, 0);
            both.Any(b => b.AsSpan().SequenceEqual(read)).ShouldBeTrue();
        }
        while (!replacing.IsCompleted);
        await replacing;
    }

    [Theory]
    [InlineData(40)]
    [InlineData(20_000)]
    [InlineData(200_000)]
    [InlineData(2_500_000)]
    public void A_replaced_part_is_nowhere_in_the_files(int length)
    {
        byte[] secret = [.. Enumerable.Range(0, length).Select(i => (byte)"Ernestine Quatrebarbes "[i % 23])];
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            journal.Append(1, Bytes(10, 1), [new(Bytes(30, 1)), new(secret), new(Bytes(30, 2))]);
            journal.Append(2, Bytes(10, 2), [new(Bytes(30, 3))]);
            InFiles().ShouldBeTrue();
            journal.ReplacePart(1, 1, Bytes(17, 4));
            InFiles().ShouldBeFalse();
            Check(journal);
        }
        using (var journal = LiteDbJournal.Open(_folder.Path))
            Check(journal);

        bool InFiles() => new[] { LiteDbJournal.DataFile, LiteDbJournal.LogFile, LiteDbJournal.FirstTail, LiteDbJournal.SecondTail }
            .Any(name => DataFolder.ReadShared(_folder.File(name)).AsSpan().IndexOf("Quatrebarbes"u8) >= 0);

        static void Check(LiteDbJournal journal)
        {
            journal.ReadHead(1).ShouldBe(Bytes(10, 1));
            journal.ReadPart(1, 0).ShouldBe(Bytes(30, 1));
            journal.ReadPart(1, 1).ShouldBe(Bytes(17, 4));
            journal.ReadPart(1, 2).ShouldBe(Bytes(30, 2));
            journal.ReadPart(2, 0).ShouldBe(Bytes(30, 3));
        }
    }

    [Fact]
    public async Task Any_thread_reads_while_one_writes()
    {
        using var journal = LiteDbJournal.Open(_folder.Path, logPages: 60);
        journal.Append(1, Bytes(100, 1), [new(Bytes(500 * 1, 1))]);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(r => Task.Run(() =>
        {
            var random = new Random(r);
            var reads = 0;
            for (; !stop.IsCancellationRequested || reads == 0; reads++)
            {
                var n = random.Next(1, (int)journal.LastBlock + 1);
                journal.ReadHead(n).ShouldBe(Bytes(100, n));
                journal.ReadPart(n, 0).ShouldBe(Bytes(500 * (n % 7), n));
            }
            return reads;
        })).ToArray();
        for (var n = 2; n <= 200; n++)
            journal.Append(n, Bytes(100, n), [new(Bytes(500 * (n % 7), n))]);
        await stop.CancelAsync();
        (await Task.WhenAll(readers)).ShouldAllBe(reads => reads > 0);
    }

    public void Dispose() => _folder.Dispose();

    internal static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
