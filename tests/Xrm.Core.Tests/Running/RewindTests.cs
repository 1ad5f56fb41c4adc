using System.Collections.Immutable;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Core.Tests.Running;

/// <summary>Going back to a version: the harbour's data as they were, everybody else's as they are.</summary>
public sealed class RewindTests
{
    [Fact]
    public async Task What_an_update_and_people_did_since_is_undone_and_stays_in_history()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Length, 12).With(Harbour.Code, "M"));
        var sold = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Goéland").With(Harbour.Code, "G"));
        var berth = await fleet.Create(Harbour.Berth, Values.None.With(Harbour.Label, "A1"));
        var lies = await fleet.Relate(boat, Harbour.LiesAt, berth, new(2025, 3, 1));
        var sails = await fleet.Relate(sold, Harbour.SailedBy, await fleet.Create(People.Person, Values.None.With(People.Name, "Ana")));
        var created = (await fleet.Record(sold)).CreatedAt;
        var place = fleet.Now;
        await fleet.Clock.Advance(days: 1);
        await Update(fleet);
        await fleet.Commit(Commit.New().And(new Edit.Unrelate("SailedBy", sails, 1)).And(new Edit.Delete("Boat", sold, 2)));
        var bought = await fleet.Create(Harbour2.Boat, Values.None.With(Harbour2.Name, "Albatros").With(Harbour2.Code, "G"));
        await fleet.Clock.Advance(days: 1);

        var rewind = await Back(fleet, place);

        rewind.LeftOut.ShouldBeEmpty();
        var now = await fleet.Query(Query.For(Harbour.Boat).Order(Harbour.Name).With(new Include("berth") { During = Period.Always }).With(Harbour.SailedBy.Source));
        now.Select(b => (b.Id, b.Get(Harbour.Name), b.Get(Harbour.Length), b.Get(Harbour.Code))).ShouldBe([(sold, "Goéland", 0, "G"), (boat, "Mouette", 12, "M")]);
        now[1].Related["berth"].Single().ShouldSatisfyAllConditions(l => l.Id.ShouldBe(lies), l => l.Period.ShouldBe(new Period(new(2025, 3, 1), null)));
        now[0].Related["skippers"].Single().Other!.DisplayName.ShouldBe("Ana");
        now[0].CreatedAt.ShouldBe(created);
        (await fleet.Record(bought)).IsDeleted.ShouldBeTrue();
        fleet.Engine.Model.Type("Mooring").ShouldBeNull();
        using var whole = fleet.Engine.ReadWhole(Fleet.Admin);
        whole.Model.Type("Mooring").ShouldNotBeNull();
        // Versions go on: made, updated, deleted, back.
        now[0].Version.ShouldBe(4);
        var told = new List<Change>();
        using (var reader = fleet.Engine.Read(Fleet.Admin))
            await foreach (var change in reader.History(sold.Value, Cursor.Start, default))
                told.Add(change);
        told.Select(c => c.Kind).Distinct().ShouldBe([ChangeKind.Created, ChangeKind.Updated, ChangeKind.Deleted]);
        told.Where(c => c.Field == "name").Select(c => c.After).ShouldBe(["Goéland", "Goéland"]);
        (await fleet.Store.Compare()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_thing_that_came_back_was_not_there_in_between()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette"));
        var place = fleet.Now;
        var made = fleet.Clock.GetUtcNow();
        await fleet.Clock.Advance(days: 1);
        await fleet.Delete("Boat", boat);
        await fleet.Clock.Advance(days: 1);
        await Back(fleet, place);

        using var reader = fleet.Engine.Read(Fleet.Admin);
        (await reader.AsOf(reader.Model.Type("Boat")!, boat.Value, made, default)).ShouldNotBeNull();
        (await reader.AsOf(reader.Model.Type("Boat")!, boat.Value, made.AddDays(1), default)).ShouldBeNull();
        (await reader.AsOf(reader.Model.Type("Boat")!, boat.Value, made.AddDays(2), default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Others_things_stay_but_for_the_fields_that_were_added_to_them()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var ana = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana").With(Harbour.Licence, "old"));
        var bob = await fleet.Create(People.Person, Values.None.With(People.Name, "Bob"));
        var gone = await fleet.Create(People.Person, Values.None.With(People.Name, "Gone").With(Harbour.Licence, "g"));
        var place = fleet.Now;
        await Update(fleet);
        await fleet.Set("Person", ana, "harbour_licence", "new");
        await fleet.Set("Person", ana, "name", "Anna");
        await fleet.Set("Person", bob, "harbour_badge", "b");
        await fleet.Delete("Person", gone);
        var cleo = await fleet.Create(People.Person, Values.None.With(People.Name, "Cléo").With(Harbour2.Licence, "c"));

        await Back(fleet, place);

        var now = await fleet.Query(Query.For(People.Person).Order(People.Name));
        now.Select(p => (p.Get(People.Name), p.Get(Harbour.Licence))).ShouldBe([("Anna", "old"), ("Bob", null), ("Cléo", null)]);
        now.Select(p => p.Id).ShouldBe([ana, bob, cleo]);
        (await fleet.Record(bob)).TryGet(fleet.Engine.Model.Catalog.Fields["Person.harbour_badge"], out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_relationship_whose_end_is_gone_is_left_out_and_told()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette"));
        var (ana, bob) = (await fleet.Create(People.Person, Values.None.With(People.Name, "Ana")), await fleet.Create(People.Person, Values.None.With(People.Name, "Bob")));
        var owned = await fleet.Relate(boat, Harbour.OwnedBy, ana, new(2020, 1, 1));
        var sails = await fleet.Relate(boat, Harbour.SailedBy, bob);
        var place = fleet.Now;
        await fleet.Commit(Commit.New().And(new Edit.End("OwnedBy", owned, 1, fleet.Engine.Today)).And(new Edit.Unrelate("SailedBy", sails, 1)));
        await fleet.Delete("Person", ana);
        await fleet.Delete("Person", bob);

        var rewind = await Back(fleet, place);

        rewind.LeftOut.Select(l => l.En).ShouldBe(
        [
            $"Relationship OwnedBy {owned}: the thing {ana} is no longer there, the relationship stays as it is.",
            $"Relationship SailedBy {sails}: the thing {bob} is no longer there, the relationship stays as it is.",
        ], ignoreOrder: true);
        (await fleet.Record(owned)).Period.To.ShouldBe(fleet.Engine.Today);
        (await fleet.Record(sails)).IsDeleted.ShouldBeTrue();
        (await fleet.Query(Query.For(Harbour.Boat))).Single().Id.ShouldBe(boat);
    }

    [Fact]
    public async Task A_relationship_of_others_ends_where_its_thing_goes()
    {
        var club = EntityType.Named("Club", Words.L);
        club.Text("name", Words.L);
        var uses = RelationshipType.Named("Uses", Words.L, Words.L).From(club, "fleet", Words.L).To(Harbour.Boat, "clubs", Words.L);
        var charters = RelationshipType.Named("Charters", Words.L, Words.L).From(club, "charters", Words.L).To(Harbour.Boat, "charterers", Words.L).Dated();
        var clubs = new ModelBuilder("clubs").Add(club).Add(uses, charters).Build();
        await using var fleet = await Fleet.With(People.Model, Harbour.Model, clubs);
        var place = fleet.Now;
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette"));
        var sailing = await fleet.Create(club, Values.Of(("name", "Voile")));
        var used = await fleet.Relate(sailing, uses, boat);
        var chartered = await fleet.Relate(sailing, charters, boat, new(2025, 1, 1));

        var rewind = await Back(fleet, place, [People.Model, Harbour.Model, clubs]);

        rewind.LeftOut.Count.ShouldBe(2);
        (await fleet.Record(boat)).IsDeleted.ShouldBeTrue();
        (await fleet.Record(used)).IsDeleted.ShouldBeTrue();
        (await fleet.Record(chartered)).Period.To.ShouldBe(fleet.Engine.Today);
        (await fleet.Query(Query.For(club))).Single().Version.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_erased_stays_erased_and_unique_keys_stay_unique()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var erased = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Secret").With(Harbour.Code, "S"));
        var deleted = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Gone").With(Harbour.Code, "D"));
        var other = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Other").With(Harbour.Code, "O"));
        var place = fleet.Now;
        await fleet.Set("Boat", other, "code", null);
        await fleet.Commit(Commit.New().And(new Edit.Update("Boat", erased, 1, Values.Of(("name", "?"), ("code", "O")))));
        await fleet.Delete("Boat", deleted);
        var places = (await fleet.Log()).Where(c => c.Id == erased.Value || c.Id == deleted.Value).Select(c => c.Place).ToArray();
        await fleet.Store.Erase(places);

        var rewind = await Back(fleet, place);

        var now = await fleet.Query(Query.For(Harbour.Boat).Order(Harbour.Name));
        now.Select(b => (b.Get(Harbour.Name), b.Get(Harbour.Code))).ShouldBe([("?", "O"), ("Other", null)]);
        rewind.LeftOut.Select(l => l.En).ShouldHaveSingleItem().ShouldBe($"Boat {other}: another thing has this value now (Code), it stays empty.");
        (await fleet.Store.Compare()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_with_an_erased_change_between_others_is_left_as_it_is()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "One"));
        var place = fleet.Now;
        await fleet.Set("Boat", boat, "name", "Two");
        await fleet.Store.Erase([fleet.Now]);
        await fleet.Set("Boat", boat, "code", "C");

        var rewind = await Back(fleet, place);

        rewind.LeftOut.Count.ShouldBe(1);
        (await fleet.Query(Query.For(Harbour.Boat))).Single().ShouldSatisfyAllConditions(b => b.Get(Harbour.Name).ShouldBe("Two"), b => b.Get(Harbour.Code).ShouldBe("C"));
    }

    [Fact]
    public async Task What_is_written_meanwhile_is_taken_back_too_and_going_back_and_on_again_works()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Length, 2));
        await fleet.Create(Harbour.Berth, Values.None.With(Harbour.Label, "A1"));
        var place = fleet.Now;
        for (var round = 0; round < 3; round++)
        {
            await Update(fleet);
            (await fleet.Query(Query.For(Harbour2.Mooring))).Single().DisplayName.ShouldBe("A1");
            var rewind = Of(fleet, place);
            var runs = 0;
            await fleet.Engine.ChangeModel(new ModelChange([People.Model, Harbour.Model])
            {
                Migrate = async (before, after, snapshot, cancellation) =>
                {
                    var data = await rewind.Run(before, after, snapshot, cancellation);
                    if (runs++ == 0)
                        await fleet.Create(Harbour2.Boat, Values.None.With(Harbour2.Name, "late"));
                    return data;
                },
            }, Actor.System, default);
            runs.ShouldBe(2);
            (await fleet.Query(Query.For(Harbour.Boat))).Single().ShouldSatisfyAllConditions(b => b.Id.ShouldBe(boat), b => b.Get(Harbour.Length).ShouldBe(2));
            (await fleet.Query(Query.For(Harbour.Berth))).Single().DisplayName.ShouldBe("A1");
        }
        (await fleet.Store.Compare()).ShouldBeEmpty();
    }

    private static async Task Update(Fleet fleet) => await fleet.Engine.ChangeModel(new ModelChange([People.Model, Harbour2.Model])
    {
        Migrate = new MigrationRun(fleet.Engine, "harbour", [.. Harbour2.Migrations]).Run,
    }, Actor.System, default);

    private static Rewind Of(Fleet fleet, Cursor place) =>
        new(fleet.Engine, place, ["Boat", "Berth", "Mooring", "OwnedBy", "SailedBy", "LiesAt", "MooredAt"], ["Person.harbour_licence", "Person.harbour_badge"]);

    private static async Task<Rewind> Back(Fleet fleet, Cursor place, params ImmutableArray<ModelDescription> models)
    {
        var rewind = Of(fleet, place);
        await fleet.Engine.ChangeModel(new ModelChange(models.IsEmpty ? [People.Model, Harbour.Model] : models) { Migrate = rewind.Run }, Actor.System, default);
        return rewind;
    }
}
