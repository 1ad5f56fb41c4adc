using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Oracle;

/// <summary>A moment of a random history.</summary>
/// <param name="Things">What there was.</param>
internal sealed record Moment(DateTimeOffset At, long Block, ImmutableArray<Thing> Things)
{
    public override string ToString() => $"{At:O} (block {Block})";
}

/// <summary>A store that lives through random changes, deletions, returns and erasures, with a copy of the plain list after each.</summary>
internal sealed class History : IAsyncDisposable
{
    private const int Far = 1_000_000;
    private readonly int _seed;
    private readonly Clock _clock = new();
    private readonly Func<IJournal> _open;
    private readonly ImageStoreOptions _options;
    private IJournal _journal;
    private readonly List<Thing> _gone = [];
    private readonly Dictionary<Guid, long> _erased = [];

    /// <param name="open">Opens the journal, each time the store is; null = one in memory.</param>
    public History(int seed, Func<IJournal>? open = null)
    {
        _seed = seed;
        var memory = new MemoryJournal();
        _open = open ?? (() => memory);
        _journal = _open();
        World = new(seed);
        _options = new() { Time = _clock, IndexFrom = 0, TailBytes = 30_000, StageEdits = 12 };
        Store = ImageStore.Open(_journal, _options);
    }

    public RandomWorld World { get; }
    public ImageStore Store { get; private set; }
    public List<Moment> Moments { get; } = [];

    /// <summary>Some commits; each moment afterwards is kept, and the sorted indexes that were asked for are there.</summary>
    public async Task Live()
    {
        await Store.Prepare(World.Model, Cancel);
        for (var i = 0; i < 3; i++)
        {
            // Now and then two blocks have the same time.
            if (!World.Chance(4))
                _clock.Now += TimeSpan.FromMilliseconds(1 + World.Next(5000));
            var before = World.All.ToArray();
            await OracleTests.Change(World, Store, ToString());
            _gone.AddRange(before.Except(World.All));
            await ComeBack();
            Keep();
        }
        await Store.Settle();
    }

    /// <summary>What is written from now on has a later time than all before.</summary>
    public void Wait() => _clock.Now += TimeSpan.FromDays(1);

    public async Task Reopen()
    {
        await Store.DisposeAsync();
        _journal = _open();
        Store = ImageStore.Open(_journal, _options);
        await Store.Prepare(World.Model, Cancel);
    }

    public async Task<ISnapshot> Past(Moment moment)
    {
        using var now = Store.Snapshot();
        return await now.AsOf(moment.At, Far, Cancel);
    }

    /// <summary>A store whose log ends there.</summary>
    public async Task<ImageStore> Stopped(Moment moment)
    {
        var journal = new MemoryJournal();
        for (var number = 1L; number <= moment.Block; number++)
        {
            var head = _journal.ReadHead(number)!;
            journal.Append(number, head, [.. BlockHead.Read(head).Parts.Select((_, i) => new JournalPart(_journal.ReadPart(number, i)))]);
        }
        var store = ImageStore.Open(journal, _options);
        await store.Prepare(World.Model, Cancel);
        return store;
    }

    /// <summary>Changes a thing and takes the values of one of its changes, old or new, out of the log: before that change nothing is known of it any more.</summary>
    public async Task Erase()
    {
        if (World.All.Count == 0)
            return;
        var thing = World.Pick(World.All);
        using var snapshot = Store.Snapshot();
        var record = (await snapshot.Read(new ReadStep.Records([thing.Id]) { Views = [] }, Cancel)).Items[0].Entity;
        var places = new List<Cursor>();
        for (var place = record.LastChange; place != Cursor.Start && !_erased.ContainsKey(thing.Id);)
        {
            places.Add(place);
            place = (await Store.Log.At(place, Cancel)).Previous;
        }
        if (places.Count == 0)
            return;
        var erased = World.Pick(places);
        await Store.Erase([erased]);
        _erased.Add(thing.Id, erased.Block);
        for (var i = 0; i < Moments.Count; i++)
            if (Moments[i].Block < erased.Block)
                Moments[i] = Moments[i] with { Things = Moments[i].Things.RemoveAll(t => t.Id == thing.Id) };
    }

    public override string ToString() => $"seed {_seed}";

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Something that was deleted is made again under its id.</summary>
    private async Task ComeBack()
    {
        if (_gone.Count == 0 || !World.Chance(2))
            return;
        var gone = World.Pick(_gone);
        if (gone.Type is ModelRelationship && (Is(gone.Source) && Is(gone.Target)) is false)
            return;
        _gone.Remove(gone);
        var back = new Thing { Type = gone.Type, Id = gone.Id, Source = gone.Source, Target = gone.Target, Period = gone.Type.IsDated ? World.Period() : default, Version = gone.Version + 2 };
        foreach (var field in gone.Type.Fields)
            if (World.Value(field) is { } value)
                back.Values[field.Name] = value;
        var values = back.Values.Select(v => (v.Key, (object?)v.Value)).ToArray();
        await Store.Write(Some.Plan(gone.Type is ModelRelationship link
            ? Some.Relate(link, back.Id, back.Source, back.Target, back.Period, values)
            : Some.Create((ModelType)gone.Type, back.Id, values) with { Period = back.Period }), Cancel);
        World.All.Add(back);

        bool Is(Guid id) => World.All.Any(t => t.Id == id);
    }

    /// <summary>Moments of the same time are one, the last.</summary>
    private void Keep()
    {
        Moments.RemoveAll(m => m.At == _clock.Now);
        Moments.Add(new(_clock.Now, _journal.LastBlock, [.. World.All.Select(t => t.Copy())]));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
