using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Image;

/// <summary>What becomes of keys and records when one model takes the place of another.</summary>
public sealed class ModelChangeTests
{
    private readonly MemoryJournal _journal = new();

    [Fact]
    public async Task Whoever_began_on_the_model_before_still_finds_by_a_key_that_is_no_more()
    {
        var first = Model(1, "code", "name");
        var second = Model(2, "name");
        var third = Model(3, "name");
        await using var store = ImageStore.Open(_journal);
        await store.Prepare(first.Model, Cancel);
        var id = Some.Id();
        await store.Write(Some.Plan(Some.Create(first.Person, id, ("code", "A"), ("name", "Ana"))), Cancel);

        await store.Prepare(second.Model, Cancel);
        (await Find(store, first, "code", "A")).ShouldBe(id);
        (await Find(store, second, "name", "Ana")).ShouldBe(id);
        // Plans made on it are guarded by it, until the model after the next.
        var late = Some.Plan(Some.Create(first.Person, Some.Id(), ("code", "A"))) with { Guards = [new Guard.KeyIsFree(first.Key("code"), [Some.Op(first.Person.ByName["code"], "A")], Guid.Empty)] };
        (await store.Write(late, Cancel)).Failed.ShouldBe(late.Guards);

        await store.Prepare(third.Model, Cancel);
        store.Current.Type(first.Person.Ordinal)!.Keys.Single().Columns.Single().IndexName.ShouldBe(second.Person.ByName["name"].Ordinal);
        await store.Prepare(first.Model, Cancel);
        (await Find(store, first, "code", "A")).ShouldBe(id);
    }

    [Fact]
    public async Task A_tree_that_is_still_wanted_is_kept_and_not_built_again()
    {
        var first = Model(1, "code");
        await using var store = ImageStore.Open(_journal);
        await store.Prepare(first.Model, Cancel);
        for (var i = 0; i < 100; i++)
            await store.Write(Some.Plan(Some.Create(first.Person, Some.Id(), ("code", $"C{i}"), ("name", $"N{i}"))), Cancel);
        var before = store.Current.Type(first.Person.Ordinal)!;

        await store.Prepare(Model(2, "name", "code").Model, Cancel);
        var grown = store.Current.Type(first.Person.Ordinal)!;
        grown.Keys.Length.ShouldBe(2);
        grown.Keys[1].ShouldBeSameAs(before.Keys[0]);
        grown.Extent.ShouldBeSameAs(before.Extent);
        Tree.CountOf(grown.Keys[0].Tree).ShouldBe(100);

        await store.Prepare(Model(3, "name", "code").Model, Cancel);
        store.Current.Type(first.Person.Ordinal).ShouldBeSameAs(grown);
    }

    [Fact]
    public async Task Keys_of_a_type_that_no_model_names_follow_its_records()
    {
        var with = Model(1, "code");
        await using var store = ImageStore.Open(_journal);
        await store.Prepare(with.Model, Cancel);
        var (one, two) = (Some.Id(), Some.Id());
        await store.Write(Some.Plan(Some.Create(with.Person, one, ("code", "A"))), Cancel);
        await store.Prepare(new SomeModel(2).Compile(), Cancel);
        // As going back and erasing do: of a type that is parked.
        await store.Write(Some.Plan(Some.Update(with.Person, one, ("code", "B")), Some.Create(with.Person, two, ("code", "C"))), Cancel);

        await store.Prepare(Model(3, "code").Model, Cancel);

        (await Find(store, with, "code", "A")).ShouldBeNull();
        (await Find(store, with, "code", "B")).ShouldBe(one);
        (await Find(store, with, "code", "C")).ShouldBe(two);
    }

    [Fact]
    public async Task A_record_is_found_by_its_id_whatever_it_is_and_one_that_comes_back_goes_on()
    {
        var (model, lives) = Related();
        await using var store = ImageStore.Open(_journal);
        await store.Prepare(model.Model, Cancel);
        var (one, two, link, never) = (Some.Id(), Some.Id(), Some.Id(), Some.Id());
        await store.Write(Some.Plan(Some.Create(model.Person, one, ("name", "Ana")), Some.Create(model.Person, two), Some.Relate(lives, link, one, two)), Cancel);
        var made = (await Records(store, one)).Items[0].Entity.CreatedAt;
        await store.Write(Some.Plan(Some.Unrelate(lives, link), Some.Delete(model.Person, one)), Cancel);

        var rows = await Records(store, never, one, link, two);
        rows.Starts.ShouldBe([0, 0, 1, 2, 3]);
        rows.Items.Select(r => (r.Entity.Id, r.Entity.IsDeleted, r.Entity.IsRelationship, r.Entity.Version)).ShouldBe([(one, true, false, 2), (link, true, true, 2), (two, false, false, 1)]);
        rows.Items[0].Entity.Fields.Length.ShouldBe(0);

        await store.Write(Some.Plan(Some.Create(model.Person, one, ("code", "back")), Some.Relate(lives, link, two, one)), Cancel);
        var back = (await Records(store, one, link)).Items;
        back.Select(r => (r.Entity.IsDeleted, r.Entity.Version)).ShouldBe([(false, 3), (false, 3)]);
        back[0].Entity.CreatedAt.ShouldBe(made);
        back[0].Text(model.Person, "name").ShouldBeNull();
        (back[1].Entity.Source, back[1].Entity.Target).ShouldBe((two, one));
        (await store.Compare()).ShouldBeEmpty();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<Rows> Records(ImageStore store, params Guid[] ids)
    {
        using var snapshot = store.Snapshot();
        return await snapshot.Read(new ReadStep.Records([.. ids]) { Views = [] }, Cancel);
    }

    private static async Task<Guid?> Find(ImageStore store, Version version, string key, string value)
    {
        using var snapshot = store.Snapshot();
        var rows = await snapshot.Read(new ReadStep.ByKey(version.Key(key), [[Some.Op(version.Person.ByName[key], value)]]) { Views = [TypeView.Of(version.Person)] }, Cancel);
        return rows.Items.Length > 0 ? rows.Items[0].Entity.Id : null;
    }

    private static Version Model(long version, params string[] keys)
    {
        var some = new SomeModel(version);
        var person = some.Type("Person", dated: false, ("name", Shape.Text, false), ("code", Shape.Text, false));
        foreach (var key in keys)
            SomeModel.Key(person, key);
        return new(some.Compile(), person);
    }

    private static (Version Version, ModelRelationship Lives) Related()
    {
        var some = new SomeModel();
        var person = some.Type("Person", dated: false, ("name", Shape.Text, false), ("code", Shape.Text, false));
        var lives = some.Relationship("LivesWith", [person], [person]);
        return (new(some.Compile(), person), lives);
    }

    private sealed record Version(CompiledModel Model, ModelType Person)
    {
        public ModelKey Key(string field) => Person.Keys.Single(k => k.Fields.Single().Name == field);
    }
}
