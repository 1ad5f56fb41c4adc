using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Running;

/// <summary>Data of plugins that are away: kept, whole, out of everybody's way, and there again.</summary>
public sealed class ParkedDataTests
{
    private static readonly EntityType Boat = Harbour.Boat;

    [Fact]
    public async Task Writing_parked_data_is_refused_with_the_plugin_that_would_bring_them_back()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Boat, Values.None.With(Harbour.Name, "Mouette"));
        var person = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana"));
        var owned = await fleet.Relate(boat, Harbour.OwnedBy, person, new(2020, 1, 1));
        await fleet.Put(People.Model);

        var problem = await fleet.Refused(Commit.New().And(new Edit.Create("Boat", EntityId.New(), Values.Of(("name", "B"))))
            .And(new Edit.Update("Boat", boat, 1, Values.Of(("name", "B")))).And(new Edit.Delete("Boat", boat, 1))
            .And(new Edit.Relate("OwnedBy", EntityId.New(), boat, person, Period.Always, Values.None)).And(new Edit.Change("OwnedBy", owned, 1, Values.None))
            .And(new Edit.End("OwnedBy", owned, 1, fleet.Engine.Today)).And(new Edit.Unrelate("OwnedBy", owned, 1))
            .And(new Edit.Update("Person", person, 1, Values.Of(("harbour_licence", "L")))).And(new Edit.Create("Ship", EntityId.New(), Values.None)));

        problem.Faults.Select(f => f.Rule).ShouldBe([.. Enumerable.Repeat("parked", 8), "unknown"]);
        problem.Faults[0].Message.ShouldBe(Label.Of(
            "Les données de Boat sont gardées, en lecture seule, jusqu'à ce que le module harbour soit réinstallé ou réactivé.",
            "The data of Boat are parked, read-only, until plugin harbour is installed or enabled again."));
        problem.Faults[7].Field.ShouldBe("harbour_licence");
    }

    [Fact]
    public async Task What_a_plugin_in_force_no_longer_has_is_told_so()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        await fleet.Put(People.Model, Harbour2.Model);

        var problem = await fleet.Refused(Commit.New().Create(Harbour.Berth, Values.None));

        problem.Faults.Single().Message.En.ShouldBe("The data of Berth are parked, read-only, until plugin harbour describes them again.");
    }

    [Fact]
    public async Task An_id_of_a_parked_thing_is_not_available()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Boat, Values.None.With(Harbour.Name, "Mouette"));
        var person = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana"));
        var owned = await fleet.Relate(boat, Harbour.OwnedBy, person);
        await fleet.Put(People.Model);

        foreach (var id in (EntityId[])[boat, owned])
            (await fleet.Refused(Commit.New().Create(People.Person, id, Values.None.With(People.Name, "B")))).Faults.Single().Rule.ShouldBe("id");
    }

    [Fact]
    public async Task Parked_relationships_do_not_stand_in_the_way_of_a_deletion_and_end_with_it()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Boat, Values.None.With(Harbour.Name, "Mouette"));
        var person = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana"));
        var before = await fleet.Relate(boat, Harbour.OwnedBy, person, new(2019, 1, 1), new(2020, 1, 1));
        var owned = await fleet.Relate(boat, Harbour.OwnedBy, person, new(2020, 1, 1));
        var sails = await fleet.Relate(boat, Harbour.SailedBy, person);
        (await fleet.Refused(Commit.New().And(new Edit.Delete("Person", person, 1)))).Faults.ShouldAllBe(f => f.Rule == "restrict");
        await fleet.Put(People.Model);

        await fleet.Delete("Person", person);

        (await fleet.Record(owned)).Period.ShouldBe(new Period(new(2020, 1, 1), fleet.Engine.Today));
        (await fleet.Record(before)).Version.ShouldBe(1);
        (await fleet.Record(sails)).IsDeleted.ShouldBeTrue();
        await fleet.Put(People.Model, Harbour.Model);
        (await fleet.Query(Query.For(Boat).With(new Include("owner") { During = Period.Always }).With(Harbour.SailedBy.Source))).Single().Related.Values.ShouldAllBe(l => l.IsEmpty);
        await fleet.Delete("Boat", boat);
        (await fleet.Store.Compare()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deletion_and_a_parked_relationship_that_changes_meanwhile_do_not_miss_each_other()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Boat, Values.None.With(Harbour.Name, "Mouette"));
        var people = new List<EntityId>();
        for (var i = 0; i < 20; i++)
            people.Add(await fleet.Create(People.Person, Values.None.With(People.Name, $"P{i}")));
        foreach (var person in people)
            await fleet.Relate(boat, Harbour.SailedBy, person);
        await fleet.Put(People.Model);

        await Task.WhenAll(people.Select(p => Task.Run(() => fleet.Delete("Person", p))));

        await fleet.Put(People.Model, Harbour.Model);
        (await fleet.Query(Query.For(Boat).With(Harbour.SailedBy.Source))).Single().Get(Harbour.SailedBy.Source).ShouldBeEmpty();
        await fleet.Delete("Boat", boat);
    }

    [Fact]
    public async Task A_relationship_type_that_no_longer_reaches_a_type_keeps_what_leads_there_parked()
    {
        var (place, first, second) = Places();
        await using var fleet = await Fleet.With(first);
        var (visit, shop, park) = (await fleet.Create(place("Visit"), Values.None), await fleet.Create(place("Shop"), Values.None), await fleet.Create(place("Park"), Values.None));
        var there = await fleet.Relate(visit, second.To, shop);
        var led = await fleet.Relate(visit, second.To, park);

        await fleet.Put(second.Model);

        // What is seen and counted is what the type still reaches; others can be related and taken away beside it.
        var places = Query.For(place("Visit")).With(new Include("places"));
        (await fleet.Query(places)).Single().Related["places"].Single().Other!.Id.ShouldBe(shop);
        (await fleet.Query(Query.For(place("Visit")).Where(new Filter.Through("places", Quantifier.All, new Filter.OfType(["Shop"]))))).ShouldHaveSingleItem();
        var more = await fleet.Create(place("Shop"), Values.None);
        await fleet.Commit(Commit.New().And(new Edit.Unrelate("Leads", await fleet.Relate(visit, second.To, more), 1)));
        using (var whole = fleet.Engine.ReadWhole(Fleet.Admin))
            (await new Core.Running.QueryRunner(whole, computes: false).Query(places, default)).Entities.Single().Related["places"].Length.ShouldBe(2);
        (await fleet.Record(led)).IsDeleted.ShouldBeFalse();

        await fleet.Put(first);
        (await fleet.Query(places)).Single().Related["places"].Length.ShouldBe(2);
        await fleet.Put(second.Model);
        (await fleet.Refused(Commit.New().And(new Edit.Delete("Visit", visit, 1)))).Faults.Single().Rule.ShouldBe("restrict");
        await fleet.Commit(Commit.New().And(new Edit.Unrelate("Leads", there, 1)));
        await fleet.Delete("Visit", visit);
        (await fleet.Record(led)).IsDeleted.ShouldBeTrue();
        await fleet.Put(first);
        await fleet.Delete("Park", park);
    }

    [Fact]
    public async Task A_thing_that_a_parked_relationship_needs_may_go_all_the_same()
    {
        var seat = EntityType.Named("Seat", L);
        var holds = RelationshipType.Named("Holds", L, L).From(seat, "holder", L).To(People.Person, "seats", L).OneTarget().NeedsTarget().WhenTargetGoes(Then.Delete);
        var seats = new ModelBuilder("seats").Add(seat).Add(holds).Build();
        await using var fleet = await Fleet.With(People.Model, seats);
        var person = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana"));
        var held = await fleet.Create(seat, Values.Of(("holder", person)));
        (await fleet.Refused(Commit.New().And(new Edit.Delete("Person", person, 1)))).Faults.Single().Rule.ShouldBe("required");

        await fleet.Put(People.Model);
        await fleet.Delete("Person", person);
        await fleet.Put(People.Model, seats);

        (await fleet.Query(Query.For(seat).With(holds.Source))).Single().Get(holds.Source).ShouldBeEmpty();
        held.IsAcceptable.ShouldBeTrue();
    }

    [Fact]
    public async Task Installed_again_all_of_it_is_there_under_the_same_numbers()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Code, "M"));
        var person = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana").With(Harbour.Licence, "L"));
        await fleet.Relate(boat, Harbour.OwnedBy, person, new(2020, 1, 1));
        await fleet.Set("Boat", boat, "code", "N");
        var catalog = fleet.Engine.Model.Catalog;
        await fleet.Put(People.Model);
        (await fleet.Query(Query.For(People.Person))).Single().Values.TryGet("harbour_licence", out _).ShouldBeFalse();

        await fleet.Put(People.Model, Harbour.Model);

        fleet.Engine.Model.Catalog.Types.ShouldBe(catalog.Types);
        fleet.Engine.Model.Catalog.Fields.ShouldBe(catalog.Fields);
        fleet.Engine.Model.Parked.ShouldBeEmpty();
        (await fleet.Query(Query.For(Boat).With(Harbour.OwnedBy.Source))).Single().Get(Harbour.OwnedBy.Source).Single().Other!.Get(Harbour.Licence).ShouldBe("L");
        (await fleet.Query(Query.For(People.Person).With(Harbour.OwnedBy.Target))).Single().Get(Harbour.OwnedBy.Target).Single().Other!.Id.ShouldBe(boat);
        using var reader = fleet.Engine.Read(Fleet.Admin);
        var told = new List<Change>();
        await foreach (var change in reader.History(boat.Value, Cursor.Start, default))
            told.Add(change);
        told.Where(c => c.Field == "code").Select(c => c.After).ShouldBe(["M", "N"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_unique_key_of_a_type_that_comes_back_holds_and_finds(bool restarts)
    {
        var journal = new Core.Log.MemoryJournal();
        var fleet = await Fleet.Open(journal, People.Model, Harbour.Model);
        var boat = await fleet.Create(Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Code, "M"));
        await fleet.Put(People.Model);
        if (restarts)
        {
            await fleet.DisposeAsync();
            fleet = await Fleet.Open(journal);
        }
        await using (fleet)
        {
            await fleet.Put(People.Model, Harbour.Model);

            (await fleet.Refused(Commit.New().Create(Boat, Values.None.With(Harbour.Name, "B").With(Harbour.Code, "M")))).Faults.Single().Rule.ShouldBe("unique");
            using var reader = fleet.Engine.Read(Fleet.Admin);
            var type = reader.Model.Type("Boat")!;
            var operand = new Operand("M", Core.Storage.JsonValue.Quote("M"));
            (await reader.Read(new ReadStep.ByKey(type.Keys.Single(), [[operand]]) { Views = [TypeView.Of(type)] }, default)).Items.Single().Entity.Id.ShouldBe(boat.Value);
        }
    }

    [Fact]
    public async Task A_parked_model_is_remembered_over_a_restart()
    {
        var journal = new Core.Log.MemoryJournal();
        string fingerprint;
        await using (var fleet = await Fleet.Open(journal, People.Model, Harbour.Model))
        {
            await fleet.Create(Boat, Values.None.With(Harbour.Name, "Mouette"));
            await fleet.Put(People.Model);
            fingerprint = fleet.Engine.Model.Fingerprint;
        }
        await using var again = await Fleet.Open(journal);

        again.Engine.Model.Fingerprint.ShouldBe(fingerprint);
        again.Engine.Model.Parked.Single().Version.ShouldBe("1.0.0");
        using var whole = again.Engine.ReadWhole(Fleet.Admin);
        (await new Core.Running.QueryRunner(whole, computes: false).Query(Query.For(Boat), default)).Entities.Single().DisplayName.ShouldBe("Mouette");
    }

    [Fact]
    public async Task Whoever_is_no_administrator_sees_nothing_of_what_is_parked()
    {
        var role = new ModelBuilder("people").Add(People.Person).Role("clerk", L, g => g.All(Sensitivity.Special, People.Person)).Build();
        await using var fleet = await Fleet.With(role, Harbour.Model);
        await fleet.Create(Boat, Values.None.With(Harbour.Name, "Mouette"));
        await fleet.Put(role);

        using var whole = fleet.Engine.ReadWhole(Actor.Of("user:clerk", "clerk"));

        whole.Sees(whole.Model.Type("Boat")!).ShouldBeFalse();
        whole.Sees(whole.Model.Type("Person")!).ShouldBeTrue();
        (await new Core.Running.QueryRunner(whole, computes: false).Query(Query.For(Boat), default)).Entities.ShouldBeEmpty();
    }

    /// <summary>Visits that lead to shops and parks, and then to shops alone.</summary>
    private static (Func<string, EntityType> Type, ModelDescription First, (ModelDescription Model, RelationshipType To) Second) Places()
    {
        var types = ((string[])["Visit", "Shop", "Park"]).ToDictionary(n => n, n => EntityType.Named(n, L));
        var first = RelationshipType.Named("Leads", L, L).From(types["Visit"], "places", L).To(types["Shop"], "visits", L).OrTo(types["Park"]);
        var second = RelationshipType.Named("Leads", L, L).From(types["Visit"], "places", L).To(types["Shop"], "visits", L);
        return (n => types[n], Model(first), (Model(second), second));

        ModelDescription Model(RelationshipType leads) => new ModelBuilder("visits").Add([.. types.Values]).Add(leads).Build();
    }
}
