using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;
using Xrm.Testing;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests;

/// <summary>A harbour whose plugin changes from version to version, comes and goes, beside people who stay.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    public static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    private Fleet(ImageStore store, Engine engine, TestClock clock)
    {
        Store = store;
        Engine = engine;
        Clock = clock;
    }

    public ImageStore Store { get; }
    public Engine Engine { get; }
    public TestClock Clock { get; }
    public IXrm Xrm => Engine.As(Admin);

    public static async Task<Fleet> Open(MemoryJournal journal, params ImmutableArray<ModelDescription> models)
    {
        var clock = new TestClock(TestClock.Monday);
        var store = ImageStore.Open(journal, new() { Time = clock });
        var engine = await Engine.Open(store, new EngineOptions { Time = clock }, default);
        if (!models.IsEmpty)
            await engine.ChangeModel(models, Actor.System, default);
        return new(store, engine, clock);
    }

    public static Task<Fleet> With(params ImmutableArray<ModelDescription> models) => Open(new MemoryJournal(), models);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    public async Task Put(params ImmutableArray<ModelDescription> models) => await Engine.ChangeModel(models, Actor.System, default);

    /// <summary>The log's head: a place to go back to.</summary>
    public Cursor Now => Engine.Log.Head;

    public async Task<EntityId> Create(EntityType type, Values values)
    {
        var id = EntityId.New(Clock.GetUtcNow());
        await Commit(Sdk.Commit.New().Create(type, id, values));
        return id;
    }

    public async Task<EntityId> Relate(EntityId source, RelationshipType type, EntityId target, DateOnly? from = null, DateOnly? to = null)
    {
        var id = EntityId.New(Clock.GetUtcNow());
        await Commit(Sdk.Commit.New().And(new Edit.Relate(type.Name, id, source, target, new(from, to), Values.None)));
        return id;
    }

    public async Task<Receipt> Commit(Commit commit) => await Engine.Commit(commit, Admin, default);

    /// <summary>Sets a field whatever the version.</summary>
    public Task Set(string type, EntityId id, string field, object? value) =>
        Commit(Sdk.Commit.New().And(new Edit.Update(type, id, null, Values.Of((field, value)))) with { OnConflict = OnConflict.Overwrite });

    public Task Delete(string type, EntityId id) => Commit(Sdk.Commit.New().And(new Edit.Delete(type, id, null)) with { OnConflict = OnConflict.Overwrite });

    public async Task<Problem> Refused(Commit commit) => await Should.ThrowAsync<Problem>(Commit(commit));

    public async Task<ImmutableArray<Entity>> Query(Query query) => (await Xrm.Query(query)).Entities;

    /// <summary>A record as the store has it, deleted or not; does not exist when there never was one.</summary>
    public async Task<Core.Storage.Record> Record(EntityId id)
    {
        using var snapshot = Store.Snapshot();
        var rows = await snapshot.Read(new ReadStep.Records([id.Value]) { Views = [] }, default);
        return rows.Items.Length > 0 ? rows.Items[0].Entity : default;
    }

    public async Task<List<RecordChange>> Log(Cursor after = default)
    {
        var changes = new List<RecordChange>();
        await foreach (var change in Engine.Log.Read(after, default))
            changes.Add(change);
        return changes;
    }
}
