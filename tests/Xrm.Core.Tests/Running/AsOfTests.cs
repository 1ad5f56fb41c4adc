using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Core.Tests.Running;

/// <summary>The data as they were known, across models that came and went, deletions, returns and erasures.</summary>
public sealed class AsOfTests
{
    private const int Far = 1000;

    [Fact]
    public async Task Types_fields_and_relationships_that_are_parked_now_are_not_in_the_past_and_are_there_again_with_their_plugin()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var person = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana").With(Harbour.Licence, "L1"));
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Code, "M1"));
        await fleet.Relate(boat, Harbour.OwnedBy, person, new(2020, 1, 1));
        var then = fleet.Clock.GetUtcNow();
        await fleet.Clock.Advance(days: 1);
        await fleet.Set("Person", person, "name", "Anna");
        await fleet.Set("Boat", boat, "code", "M2");
        await fleet.Put(People.Model);

        var without = (await Ask(fleet, then, new Query("Person"))).Single();
        (without.Get(People.Name), without.Values.Count).ShouldBe(("Ana", 1));

        await fleet.Put(People.Model, Harbour.Model);
        var there = (await Ask(fleet, then, new Query("Person") { Filter = new Filter.Through("boats", Quantifier.Some, new Filter.Compare("code", Comparison.Equal, "M1")), Includes = [new Include("boats")] })).Single();
        (there.Get(People.Name), there.Get(Harbour.Licence)).ShouldBe(("Ana", "L1"));
        there.Related["boats"].Single().Other!.Get(Harbour.Code).ShouldBe("M1");
        (await Ask(fleet, then, new Query("Person") { Filter = new Filter.Through("boats", Quantifier.Some, new Filter.Compare("code", Comparison.Equal, "M2")) })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Before_a_migration_things_are_as_they_were_as_far_as_the_model_of_now_has_them()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Length, 12));
        var then = fleet.Clock.GetUtcNow();
        await fleet.Clock.Advance(days: 1);
        var migration = Migration.Of("2.0.0", Words.L, Harbour2.Boat, m => m.Put(Harbour2.Metres, 12.5m));
        await fleet.Engine.ChangeModel(new ModelChange([People.Model, Harbour2.Model]) { Migrate = new MigrationRun(fleet.Engine, "harbour", [migration]).Run }, Actor.System, default);
        var now = fleet.Clock.GetUtcNow();
        await fleet.Clock.Advance(days: 1);
        await fleet.Set("Boat", boat, "name", "Goéland");

        var before = (await Ask(fleet, then, new Query("Boat"))).Single();
        (before.Get(Harbour2.Name), before.Values.TryGet("metres", out _), before.Version).ShouldBe(("Mouette", false, 1));
        var after = (await Ask(fleet, now, new Query("Boat"))).Single();
        (after.Get(Harbour2.Name), after.Get(Harbour2.Metres), after.Version).ShouldBe(("Mouette", 12.5m, 2));
    }

    [Fact]
    public async Task What_went_is_there_with_its_relationships_and_what_came_back_was_not_there_in_between()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var person = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana"));
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Code, "M1"));
        var owned = await fleet.Relate(boat, Harbour.OwnedBy, person, new(2020, 1, 1));
        var place = fleet.Now;
        var there = fleet.Clock.GetUtcNow();
        await fleet.Clock.Advance(days: 1);
        await fleet.Commit(Commit.New().And(new Edit.Unrelate("OwnedBy", owned, 1)).And(new Edit.Delete("Boat", boat, 1)));
        var gone = fleet.Clock.GetUtcNow();
        await fleet.Clock.Advance(days: 1);
        var rewind = new Rewind(fleet.Engine, place, ["Boat", "OwnedBy"], []);
        await fleet.Engine.ChangeModel(new ModelChange([People.Model, Harbour.Model]) { Migrate = rewind.Run }, Actor.System, default);
        await fleet.Set("Boat", boat, "name", "Goéland");

        var byCode = new Query("Boat") { Filter = new Filter.Compare("code", Comparison.Equal, "M1"), Includes = [new Include("owner")] };
        var then = (await Ask(fleet, there, byCode)).Single();
        (then.Get(Harbour.Name), then.Version, then.Related["owner"].Single().Other!.Id).ShouldBe(("Mouette", 1, person));
        (await Ask(fleet, gone, byCode)).ShouldBeEmpty();
        (await Ask(fleet, gone, new Query("Person") { Includes = [new Include("boats") { During = Period.Always }] })).Single().Related["boats"].ShouldBeEmpty();
        (await Ask(fleet, fleet.Clock.GetUtcNow(), byCode)).Single().Get(Harbour.Name).ShouldBe("Goéland");
    }

    [Fact]
    public async Task What_was_erased_is_in_no_past_and_what_is_known_behind_it_is()
    {
        await using var fleet = await Fleet.With(People.Model);
        var person = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana").With(People.Email, "ana@example.org"));
        var made = fleet.Clock.GetUtcNow();
        await fleet.Clock.Advance(days: 1);
        await fleet.Set("Person", person, "name", "Anna");
        var named = fleet.Clock.GetUtcNow();
        await fleet.Clock.Advance(days: 1);
        (await Ask(fleet, made, new Query("Person"))).Single().Get(People.Email).ShouldBe("ana@example.org");
        await fleet.Set("Person", person, "email", null);
        var emptied = fleet.Clock.GetUtcNow();
        var log = await fleet.Log();
        await fleet.Store.Erase([log.First(c => c.Id == person.Value).Place, log.Last(c => c.Id == person.Value).Place]);
        await fleet.Clock.Advance(days: 1);
        await fleet.Set("Person", person, "name", "Anne");

        foreach (var at in (DateTimeOffset[])[made, named])
        {
            (await Ask(fleet, at, new Query("Person"))).ShouldBeEmpty();
            (await Alone(fleet, person, at)).ShouldBeNull();
        }
        var known = (await Ask(fleet, emptied, new Query("Person"))).Single();
        (known.Get(People.Name), known.Values.TryGet("email", out _), known.Version).ShouldBe(("Anna", false, 3));
        (await Alone(fleet, person, emptied))!.Value.Entity.Version.ShouldBe(3);
    }

    private static async Task<Row?> Alone(Fleet fleet, EntityId id, DateTimeOffset at)
    {
        using var reader = fleet.Engine.Read(Fleet.Admin);
        return await reader.AsOf(reader.Model.Type("Person")!, id.Value, at, default);
    }

    private static async Task<Entity[]> Ask(Fleet fleet, DateTimeOffset at, Query query)
    {
        using var reader = fleet.Engine.Read(Fleet.Admin);
        var page = await new QueryRunner(await reader.AsOf(at, Far, default), computes: false).Query(query, default);
        return [.. page.Entities];
    }
}
