using System.Diagnostics;
using System.Globalization;
using Crasher;
using Xrm.Core.Log;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;

namespace Xrm.Storage.Tests.LiteDb;

public sealed class CrashTests : IDisposable
{
    private const int Rounds = 20;
    private const int JournalRounds = 8;
    private const int UpdateRounds = 8;

    private readonly DataFolder _folder = new();

    [Fact]
    public async Task Killed_at_any_moment_every_block_that_was_answered_is_there_whole()
    {
        var random = new Random(11);
        var acknowledged = 0L;
        var checkpointed = 0L;
        var checkedTo = 0L;
        for (var round = 1; round <= JournalRounds; round++)
        {
            var told = (await Killed(["journal", _folder.Path], TimeSpan.FromMilliseconds(random.Next(20)), answers: round % 2 == 0 ? 45 : random.Next(1, 40)))
                .Select(l => long.Parse(l, CultureInfo.InvariantCulture)).ToList();
            acknowledged = Math.Max(acknowledged, told.Max());
            checkpointed = Math.Max(checkpointed, told.Where(n => n % 40 == 0).DefaultIfEmpty().Max());
            using var journal = LiteDbJournal.Open(_folder.Path);
            journal.LastBlock.ShouldBeGreaterThanOrEqualTo(acknowledged, $"round {round}");
            // At most one block was on its way when it was killed.
            journal.LastBlock.ShouldBeLessThanOrEqualTo(acknowledged + 1, $"round {round}");
            for (var n = round == JournalRounds ? 1 : Math.Max(1, checkedTo - 5); n <= journal.LastBlock; n++)
            {
                journal.ReadHead(n).ShouldBe(JournalLoop.Head(n));
                for (var part = 0; part < JournalLoop.PartsOf(n); part++)
                    journal.ReadPart(n, part).AsSpan().SequenceEqual(JournalLoop.Part(n, part)).ShouldBeTrue($"{n}/{part}, round {round}");
            }
            checkedTo = journal.LastBlock;
            acknowledged = journal.LastBlock;
            var checkpoint = journal.LastCheckpoint;
            (checkpoint?.Block ?? 0).ShouldBeGreaterThanOrEqualTo(checkpointed);
            foreach (var (read, written) in (checkpoint?.Segments ?? []).Select(journal.ReadSegment).Zip(JournalLoop.Segments(checkpoint?.Block ?? 0)))
                read.AsSpan().SequenceEqual(written.Span).ShouldBeTrue();
        }
        checkpointed.ShouldBeGreaterThan(0);
        acknowledged.ShouldBeGreaterThan(JournalRounds);
    }

    [Fact]
    public async Task Killed_at_any_moment_every_commit_that_was_answered_is_there_whole()
    {
        var random = new Random(12);
        HashSet<Guid> answered = [];
        for (var round = 1; round <= Rounds; round++)
        {
            var told = await Killed(["store", _folder.Path, round.ToString(CultureInfo.InvariantCulture)], TimeSpan.FromMilliseconds(random.Next(20)), answers: random.Next(1, 400));
            // The last line may be cut.
            foreach (var line in told.Select(l => l.Split(' ')).Where(l => l is [_, _, "."]))
                answered.Add(StoreLoop.IdOf(round, int.Parse(line[0], CultureInfo.InvariantCulture), int.Parse(line[1], CultureInfo.InvariantCulture)));
            await using (var store = LiteDbStore.Open(_folder.Path))
            {
                Dictionary<Guid, int> found = [];
                await foreach (var change in store.Log.Read(Cursor.Start, TestContext.Current.CancellationToken))
                    found[change.CommitId] = found.GetValueOrDefault(change.CommitId) + 1;
                answered.Where(id => !found.ContainsKey(id)).ShouldBeEmpty($"round {round}");
                foreach (var (id, count) in found)
                    count.ShouldBe(StoreLoop.SizeOf(id), $"round {round}");
                if (round % 10 == 0)
                    (await store.Compare()).ShouldBeEmpty();
            }
            using var journal = LiteDbJournal.Open(_folder.Path);
            LogCheck.Run(journal, null, TestContext.Current.CancellationToken).Faults.ShouldBeEmpty($"round {round}");
        }
        answered.Count.ShouldBeGreaterThan(Rounds);
    }

    [Fact]
    public async Task Killed_at_any_moment_of_an_update_model_and_migrated_data_are_of_one_version()
    {
        var random = new Random(13);
        var last = 0;
        for (var round = 1; round <= UpdateRounds; round++)
        {
            var told = (await Killed(["update", _folder.Path], TimeSpan.FromMilliseconds(random.Next(5, 200)))).Where(l => int.TryParse(l, CultureInfo.InvariantCulture, out _));
            var answered = told.Select(l => int.Parse(l, CultureInfo.InvariantCulture)).Max();
            await using var engine = await UpdateLoop.Open(_folder.Path);
            var version = UpdateLoop.VersionOf(engine);
            // At most one update was on its way when it was killed; the last line may be cut.
            version.ShouldBeGreaterThan(last, $"round {round}");
            (answered <= version).ShouldBeTrue($"round {round}");
            (await UpdateLoop.Said(engine)).ShouldBe(Enumerable.Repeat(version, UpdateLoop.Things), $"round {round}");
            last = version;
        }
        using var journal = LiteDbJournal.Open(_folder.Path);
        LogCheck.Run(journal, null, TestContext.Current.CancellationToken).Faults.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs the program until some time after some answers, kills it, and gives what it told.</summary>
    private async Task<List<string>> Killed(string[] arguments, TimeSpan after, int answers = 1)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(output.Parent!.Parent!.FullName, "Crasher", output.Name, "Crasher");
        using var child = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        List<string> lines = [];
        try
        {
            while (lines.Count < answers && await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
                lines.Add(line);
            await Task.Delay(after, TestContext.Current.CancellationToken);
        }
        finally
        {
            child.Kill();
        }
        while (await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } rest)
            lines.Add(rest);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        (await errors).ShouldBeEmpty();
        lines.ShouldNotBeEmpty();
        return lines;
    }
}
