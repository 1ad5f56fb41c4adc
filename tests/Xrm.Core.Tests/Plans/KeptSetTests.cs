using System.Buffers;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Plans;

/// <summary>Values that the program itself checked and packed go the same way as all others.</summary>
public sealed class KeptSetTests : IAsyncDisposable
{
    private static readonly EntityType Item = EntityType.Named("Item", L);
    private static readonly Field<string> Name = Item.Text("name", L).Required();
    private static readonly Field<int> Amount = Item.Integer("amount", L).Default(1);
    private static readonly Field<string> Code = Item.Text("code", L).Unique();
    private static readonly Field<string> Secret = Item.Text("secret", L).Sensitive(Sensitivity.Special);
    private static readonly RelationshipType Beside = RelationshipType.Named("Beside", L, L).From(Item, "neighbour", L).To(Item, "neighbours", L).OneTarget();
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);
    private static readonly Actor Clerk = Actor.Of("user:clerk", "clerk");

    private readonly ImageStore _store = ImageStore.Open(new MemoryJournal(), new() { StageEdits = 1 });
    private Engine _engine = null!;

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    private async Task<IXrm> Open()
    {
        _engine = await Engine.Open(_store, new EngineOptions(), CancellationToken.None);
        var model = new ModelBuilder("shop").Add(Item).Add(Beside).Role("clerk", L, g => g.All(Sensitivity.Internal, Item)).Build();
        await _engine.ChangeModel([model], Actor.System, CancellationToken.None);
        return _engine.As(Admin);
    }

    private Values Packed(params (string Field, object Value)[] values)
    {
        var type = _engine.Model.Type("Item")!;
        var writer = new ArrayBufferWriter<byte>();
        foreach (var (field, value) in values.Select(v => (type.ByName[v.Field], v.Value)).OrderBy(v => v.Item1.Ordinal))
            FieldSet.Append(writer, field.Ordinal, FieldValue.Json(field, value));
        return Values.Of((KeptSet.Name, new KeptSet(type, writer.WrittenMemory)));
    }

    private static Commit Made(params Values[] values) => new(EntityId.New(), [.. values.Select(v => new Edit.Create("Item", EntityId.New(), v))]);

    private static EntityId IdOf(Commit commit, int edit) => ((Edit.Create)commit.Edits[edit]).Id;

    [Fact]
    public async Task They_are_set_over_defaults_and_the_log_tells_the_same()
    {
        var xrm = await Open();
        var commit = Made(Packed(("name", "a"), ("amount", 7)), Packed(("name", "b"), ("code", "B")));
        var (first, second) = (IdOf(commit, 0), IdOf(commit, 1));
        commit = commit.And(new Edit.Relate("Beside", EntityId.New(), first, second, Period.Always, Values.None));

        var receipt = await xrm.Commit(commit);

        receipt.Written.Select(w => (w.Kind, w.Version)).ShouldBe([(ChangeKind.Created, 1), (ChangeKind.Created, 1), (ChangeKind.Related, 1)]);
        (await xrm.Find(Item, first))!.Get(Amount).ShouldBe(7);
        (await xrm.Find(Item, second))!.Get(Amount).ShouldBe(1);
        (await _store.Compare()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Saving_handlers_see_them_and_set_others()
    {
        var xrm = await Open();
        var hooks = new Hooks();
        hooks.Saving(Item).Add((item, _) =>
        {
            item.Put(Name, item.Get(Name) + item.Get(Amount));
            item.Put(Code, "");
            return ValueTask.CompletedTask;
        });
        _engine.Attach("shop", hooks);
        var commit = Made(Packed(("name", "a"), ("amount", 7), ("code", "A")));

        await xrm.Commit(commit);

        var item = (await xrm.Find(Item, IdOf(commit, 0)))!;
        item.Get(Name).ShouldBe("a7");
        item.Get(Amount).ShouldBe(7);
        item.Get(Code).ShouldBeNull();
        (await _store.Compare()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Required_fields_keys_and_used_ids_are_looked_at_as_ever()
    {
        var xrm = await Open();
        var first = Made(Packed(("name", "a"), ("code", "A")));
        await xrm.Commit(first);
        await xrm.Commit(Commit.New().Delete((await xrm.Find(Item, IdOf(first, 0)))!));

        await Rule("required", Made(Packed(("amount", 2))));
        await Rule("unique", Made(Packed(("name", "a"), ("code", "C")), Packed(("name", "b"), ("code", "C"))));
        await Rule("id", new(EntityId.New(), [new Edit.Create("Item", IdOf(first, 0), Packed(("name", "again"))), new Edit.Create("Item", EntityId.New(), Packed(("name", "b")))]));

        async Task Rule(string rule, Commit commit) => (await Should.ThrowAsync<Problem>(async () => await xrm.Commit(commit))).Faults.ShouldAllBe(f => f.Rule == rule);
    }

    [Fact]
    public async Task Rights_are_asked_field_by_field()
    {
        await Open();

        await _engine.As(Clerk).Commit(Made(Packed(("name", "a"))));
        (await Should.ThrowAsync<Problem>(async () => await _engine.As(Clerk).Commit(Made(Packed(("name", "a"), ("secret", "s")))))).Code.ShouldBe(ProblemCode.Forbidden);
    }

    [Fact]
    public async Task Under_a_later_model_they_count_as_bare_values()
    {
        var xrm = await Open();
        var commit = Made(Packed(("name", "far too long")));
        var item = EntityType.Named("Item", L);
        item.Text("name", L, 3).Required();
        await _engine.ChangeModel([new ModelBuilder("shop").Add(item).Build()], Actor.System, CancellationToken.None);

        (await Should.ThrowAsync<Problem>(async () => await xrm.Commit(commit))).Faults.Single().Field.ShouldBe("name");
    }
}
