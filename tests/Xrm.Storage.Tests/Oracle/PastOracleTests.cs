using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;
using Xrm.Storage.Tests.LiteDb;

namespace Xrm.Storage.Tests.Oracle;

/// <summary>Random histories, each of whose moments is later read as of its time, against a copy of the plain list made then and against a store that stopped there.</summary>
public class PastOracleTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_past_answers_as_a_store_that_stopped_there(int seed)
    {
        await using var history = new History(seed);
        for (var round = 0; round < 7; round++)
        {
            await history.Live();
            for (var i = 0; i < 3; i++)
                await Hold(history, history.World.Pick(history.Moments), asked: 4);
            if (round % 3 == 2)
                await history.Reopen();
        }
        foreach (var moment in history.Moments)
            await Hold(history, moment, asked: 1);
        (await history.Store.Compare()).ShouldBeEmpty($"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_was_erased_is_in_no_past(int seed)
    {
        await using var history = new History(seed);
        for (var round = 0; round < 4; round++)
        {
            await history.Live();
            await Hold(history, history.World.Pick(history.Moments), asked: 1);
        }
        for (var i = 0; i < 3; i++)
        {
            await history.Erase();
            foreach (var moment in history.Moments)
                await Plain(history, await history.Past(moment), moment, asked: 2);
            await history.Live();
            if (i == 1)
                await history.Reopen();
        }
    }

    [Fact]
    public async Task The_past_is_there_on_disk_behind_checkpoints_too()
    {
        using var folder = new DataFolder();
        await using var history = new History(500, () => LiteDbJournal.Open(folder.Path));
        for (var round = 0; round < 3; round++)
        {
            await history.Live();
            await history.Store.Checkpoint(whole: round == 1);
            await Hold(history, history.World.Pick(history.Moments), asked: 2);
            await history.Reopen();
        }
        foreach (var moment in history.Moments)
            await Hold(history, moment, asked: 1);
    }

    [Fact]
    public async Task Others_write_while_the_past_is_read()
    {
        await using var history = new History(77);
        for (var round = 0; round < 4; round++)
            await history.Live();
        var moments = history.Moments.ToArray();
        history.Wait();
        using var writing = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!writing.IsCancellationRequested)
                await history.Store.Write(Some.Plan(Some.Create(history.World.Person, EntityId.New().Value, ("name", "new"))), Cancel);
        }, Cancel);
        foreach (var moment in moments.Concat(moments))
            await Plain(history, await history.Past(moment), moment, asked: 2);
        await writing.CancelAsync();
        await writer;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task Hold(History history, Moment moment, int asked)
    {
        using var past = await history.Past(moment);
        past.Block.ShouldBe(moment.Block);
        await Plain(history, past, moment, asked);
        await using var stopped = await history.Stopped(moment);
        using var then = stopped.Snapshot();
        foreach (var type in history.World.Model.Types)
        {
            var (one, other) = (await Listed(past, type), await Listed(then, type));
            one.Select(r => r.Entity.Span.ToArray()).ShouldBe(other.Select(r => r.Entity.Span.ToArray()), $"{history}, {type.Name} as of {moment}");
            foreach (var end in type.Ends)
                (await Links(past, end, one)).ShouldBe(await Links(then, end, other), $"{history}, {type.Name}.{end.Name} as of {moment}");
        }
    }

    /// <summary>Holds answers to those of the plain list as it was.</summary>
    private static async Task Plain(History history, ISnapshot past, Moment moment, int asked)
    {
        var world = history.World;
        var now = world.All.ToArray();
        world.All.Clear();
        world.All.AddRange(moment.Things);
        for (var i = 0; i < asked; i++)
            await OracleTests.Ask(world, past, $"{history}, as of {moment}, question {i}");
        world.All.Clear();
        world.All.AddRange(now);
    }

    private static async Task<Row[]> Listed(ISnapshot snapshot, ModelType type) => (await snapshot.Read(new ReadStep.List { Views = [TypeView.Of(type)] }, Cancel)).Items;

    private static async Task<byte[][]> Links(ISnapshot snapshot, ModelEnd end, Row[] from)
    {
        var rows = await snapshot.Read(new ReadStep.Related(end, [.. from.Select(r => r.Entity.Id)]) { Views = [.. end.Far.Select(TypeView.Of)], During = Period.Always }, Cancel);
        return [.. rows.Items.Select(r => r.Link.Span.ToArray().Concat(r.Entity.Span.ToArray()).ToArray())];
    }
}
