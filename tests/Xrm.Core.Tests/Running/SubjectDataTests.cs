using Xrm.Core.Log;
using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Running;

public sealed class SubjectDataTests
{
    private static readonly EntityType Survey = EntityType.Named("Survey", L);
    private static readonly Field<string> Finding = Survey.Text("finding", L);
    private static readonly RelationshipType Of = RelationshipType.Named("Of", L, L).From(Survey, "boat", L).To(Harbour.Boat, "surveys", L).WhenTargetGoes(Then.Delete);
    private static readonly ModelDescription Surveys = new ModelBuilder("surveys").Add(Survey).Add(Of).PersonalData(Survey, L, Of.Source).Build();

    [Fact]
    public async Task The_PersonalData_hook_makes_what_is_about_a_person_found_whether_in_force_parked_or_gone()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model, Surveys);
        var (ana, bob) = (await fleet.Create(People.Person, Values.None.With(People.Name, "Ana")), await fleet.Create(People.Person, Values.None.With(People.Name, "Bob")));
        var hers = await Owned(ana);
        var survey = await fleet.Create(Survey, Values.None.With(Finding, "rotten"));
        await fleet.Relate(survey, Of, hers);
        var gone = await Owned(ana);
        await fleet.Delete("Boat", gone);
        var his = await Owned(bob);
        var mistaken = await fleet.Relate(his, Harbour.OwnedBy, ana, new(1990, 1, 1), new(1991, 1, 1));
        await fleet.Commit(Commit.New().And(new Edit.Unrelate("OwnedBy", mistaken, 1)));
        EntityId[] all = [ana, hers, survey, gone];

        (await Find(fleet, ana)).ShouldBe(all, ignoreOrder: true);
        await fleet.Put(People.Model);
        (await Find(fleet, ana)).ShouldBe(all, ignoreOrder: true);
        (await Find(fleet, bob)).ShouldBe([bob, his], ignoreOrder: true);
        await fleet.Delete("Person", ana);
        (await Find(fleet, ana)).ShouldBe(all, ignoreOrder: true);

        async Task<EntityId> Owned(EntityId owner)
        {
            var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Boat"));
            // Ended yesterday, so that nothing stands in the way of deleting.
            await fleet.Relate(boat, Harbour.OwnedBy, owner, new(2000, 1, 1), fleet.Engine.Today.AddDays(-1));
            return boat;
        }
    }

    [Fact]
    public async Task Parked_data_about_a_person_can_be_erased_from_the_log_and_the_log_stays_proven()
    {
        var journal = new MemoryJournal();
        await using var fleet = await Fleet.Open(journal, People.Model, Harbour.Model);
        var ana = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana Secrète").With(Harbour.Licence, "LIC-77"));
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette d'Ana"));
        var kept = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Other"));
        await fleet.Relate(boat, Harbour.OwnedBy, ana, new(2020, 1, 1));
        await fleet.Set("Boat", boat, "name", "Goéland d'Ana");
        await fleet.Put(People.Model);
        await fleet.Delete("Person", ana);

        var data = await SubjectData.Find(fleet.Engine, ana.Value, default);
        var places = await data.Places(fleet.Engine.Log, default);
        await fleet.Store.Erase(places);

        data.Things.ShouldBe([ana.Value, boat.Value], ignoreOrder: true);
        // Two of the person, two of the boat, two of the relationship: it ended with the person.
        places.Count.ShouldBe(6);
        foreach (var word in (string[])["Ana", "LIC-77"])
            Written(journal, word).ShouldBeFalse(word);
        Written(journal, "Other").ShouldBeTrue();
        LogCheck.Run(journal, null, default).Faults.ShouldBeEmpty();
        (await fleet.Store.Compare()).ShouldBeEmpty();
        (await data.Places(fleet.Engine.Log, default)).ShouldBeEmpty();
        await fleet.Put(People.Model, Harbour.Model);
        (await fleet.Query(Query.For(Harbour.Boat))).Select(b => b.Id).ShouldContain(kept);
    }

    [Fact]
    public async Task What_only_an_optional_relationship_tells_of_is_still_found_when_that_is_parked()
    {
        var tour = EntityType.Named("Tour", L);
        tour.Text("name", L);
        var booked = RelationshipType.Named("Booked", L, L).From(tour, "guest", L).To(EntityType.Elsewhere("Person"), "tours", L);
        var tours = new ModelBuilder("tours").Add(tour).When("people", m => m.Add(booked).PersonalData(tour, L, booked.Source)).Build();
        await using var fleet = await Fleet.With(People.Model, tours);
        var ana = await fleet.Create(People.Person, Values.None.With(People.Name, "Ana"));
        var trip = await fleet.Create(tour, Values.Of(("name", "Trip")));
        await fleet.Relate(trip, booked, ana);

        await fleet.Put(tours);

        (await Find(fleet, ana)).ShouldBe([ana, trip], ignoreOrder: true);
    }

    private static async Task<IEnumerable<EntityId>> Find(Fleet fleet, EntityId person) =>
        (await SubjectData.Find(fleet.Engine, person.Value, default)).Things.Select(t => new EntityId(t));

    private static bool Written(MemoryJournal journal, string word)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(word);
        for (var block = 1L; block <= journal.LastBlock; block++)
            for (var part = 0; part < BlockHead.Read(journal.ReadHead(block)!).Parts.Length; part++)
                if (journal.ReadPart(block, part).AsSpan().IndexOf(bytes) >= 0)
                    return true;
        return false;
    }
}
