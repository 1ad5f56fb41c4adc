using Xrm.Sdk;
using Xrm.Testing;
using static Xrm.Core.Tests.TownPlugin;

namespace Xrm.Core.Tests.Access;

public sealed class WriteRightsTests
{
    [Fact]
    public async Task Who_is_not_signed_in_changes_nothing()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();

        (await Refused(xrm.As(Actor.Anonymous), Commit.New().Create(Person.Type, Values.Of(("familyName", "A"))))).Code.ShouldBe(ProblemCode.Unauthenticated);
    }

    [Fact]
    public async Task What_is_seen_but_not_granted_is_forbidden_and_what_is_not_seen_is_not_found()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"));
        var secret = await xrm.Create(Matter.Type, (Matter.Subject, "Hush"), (Matter.Kind, Kind.Secret));
        var clerk = xrm.As("clerk");
        var reader = xrm.As("reader");

        (await Refused(reader, Commit.New().Change(person, Person.FamilyName, "B"))).Code.ShouldBe(ProblemCode.Forbidden);
        (await Refused(reader, Commit.New().Delete(person))).Code.ShouldBe(ProblemCode.Forbidden);
        (await Refused(reader, Commit.New().Create(Person.Type, Values.Of(("familyName", "C"))))).Code.ShouldBe(ProblemCode.Forbidden);
        (await Refused(clerk, Commit.New().Change(secret, Matter.Subject, "x"))).Code.ShouldBe(ProblemCode.NotFound);
        (await Refused(xrm.As("publicMatters"), Commit.New().Change(secret, Matter.Subject, "x"))).Code.ShouldBe(ProblemCode.NotFound);
        await clerk.Commit(Commit.New().Change(person, Person.FamilyName, "B"));
    }

    [Fact]
    public async Task A_field_beyond_the_grant_is_forbidden()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"));

        (await Refused(xrm.As("clerk"), Commit.New().Change(person, Person.Notes, "x"))).Faults.Single().Field.ShouldBe("notes");
        (await Refused(xrm.As("clerk"), Commit.New().Create(Person.Type, Values.Of(("familyName", "B"), ("notes", "x"))))).Faults.Single().Field.ShouldBe("notes");
        (await Refused(xrm.As("nameFixer"), Commit.New().Change(person, Person.Height, 100))).Faults.Single().Field.ShouldBe("height");
        await xrm.As("nameFixer").Commit(Commit.New().Change(person, Person.FamilyName, "B"));
    }

    [Fact]
    public async Task A_thing_must_be_within_the_grant_before_and_after()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var item = await xrm.Create(Matter.Type, (Matter.Subject, "Noise"));
        var clerk = xrm.As("publicMatters");

        (await Refused(clerk, Commit.New().Change(item, Matter.Kind, Kind.Secret))).Code.ShouldBe(ProblemCode.Forbidden);
        (await Refused(clerk, Commit.New().Create(Matter.Type, Values.Of(("subject", "x"), ("kind", "SECRET"))))).Code.ShouldBe(ProblemCode.Forbidden);
        await clerk.Commit(Commit.New().Change(item, Matter.Subject, "Loud noise"));
    }

    [Fact]
    public async Task A_field_granted_in_some_things_is_set_only_there()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var yes = await xrm.Create(Person.Type, (Person.FamilyName, "A"), (Person.Consent, true));
        var no = await xrm.Create(Person.Type, (Person.FamilyName, "B"));
        var clerk = xrm.As("consent");

        await clerk.Commit(Commit.New().Change(yes, Person.Email, "a@example.org"));
        (await Refused(clerk, Commit.New().Change(no, Person.Email, "b@example.org"))).Faults.Single().Field.ShouldBe("email");
        (await Refused(clerk, Commit.New().Change(no, Values.Of(("consent", true), ("email", "b@example.org"))))).Faults.Single().Field.ShouldBe("email");
    }

    [Fact]
    public async Task A_grant_through_a_relationship_counts_the_relationships_of_the_same_commit()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var chess = await xrm.Create(Club.Type, (Club.Name, "Chess"));
        var go = await xrm.Create(Club.Type, (Club.Name, "Go"));
        var clerk = xrm.As("clubOnly");
        var (a, b) = (EntityId.New(), EntityId.New());

        (await Refused(clerk, Commit.New().Create(Person.Type, a, Values.Of(("familyName", "A"))))).Code.ShouldBe(ProblemCode.Forbidden);
        (await Refused(clerk, Commit.New().Create(Person.Type, a, Values.Of(("familyName", "A"))).Relate(a, MemberOf, go.Id, xrm.Today))).Code.ShouldBe(ProblemCode.Forbidden);
        await clerk.Commit(Commit.New().Create(Person.Type, b, Values.Of(("familyName", "B"))).Relate(b, MemberOf, chess.Id, xrm.Today));

        (await clerk.Find(Person.Type, b)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Relating_needs_a_grant_and_the_sight_of_both_ends()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"));
        var club = await xrm.Create(Club.Type, (Club.Name, "Chess"));
        var secret = await xrm.Create(Matter.Type, (Matter.Subject, "Hush"), (Matter.Kind, Kind.Secret));

        (await Refused(xrm.As("reader"), Commit.New().Relate(person.Id, MemberOf, club.Id, xrm.Today))).Code.ShouldBe(ProblemCode.Forbidden);
        var unseen = await Refused(xrm.As("publicMatters"), Commit.New().Relate(secret.Id, BroughtBy, person.Id));
        (unseen.Code, unseen.Faults.Single().Field).ShouldBe((ProblemCode.NotFound, "source"));
        await xrm.As("clerk").Commit(Commit.New().Relate(person.Id, MemberOf, club.Id, xrm.Today));
        var link = (await xrm.Query(Query.For(Person.Type).With(MemberOf.Source))).Single().Get(MemberOf.Source).Single();
        (await Refused(xrm.As("reader"), Commit.New().Unrelate(link))).Code.ShouldBe(ProblemCode.Forbidden);
        (await Refused(xrm.As("publicMatters"), Commit.New().Unrelate(link))).Code.ShouldBe(ProblemCode.NotFound);
        await xrm.As("clerk").Commit(Commit.New().End(link, xrm.Today.AddDays(1)));
    }

    [Fact]
    public async Task A_conflict_tells_nothing_that_is_not_seen()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"), (Person.Notes, "old"));
        await xrm.Commit(Commit.New().Change(person, Person.Notes, "new"));

        var problem = await Refused(xrm.As("clerk"), Commit.New().Change(person, Person.Notes, "mine"));

        problem.Faults.SelectMany(f => f.Conflicts).ShouldAllBe(c => c.Base == null && c.Theirs == null);
    }

    [Fact]
    public async Task What_stands_in_the_way_unseen_is_told_as_not_available()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        await xrm.Create(Person.Type, (Person.FamilyName, "A"), (Person.Email, "a@example.org"));
        var chess = await xrm.Create(Club.Type, (Club.Name, "Chess"));
        var id = EntityId.New();

        var problem = await Refused(xrm.As("clubOnly"), Commit.New()
            .Create(Person.Type, id, Values.Of(("familyName", "B"), ("email", "a@example.org"))).Relate(id, MemberOf, chess.Id, xrm.Today));

        var fault = problem.Faults.Single();
        (fault.Rule, fault.Message.En).ShouldBe(("unique", "This value is not available (email)."));
    }

    private static async Task<Problem> Refused(IXrm xrm, Commit commit) => await Should.ThrowAsync<Problem>(async () => await xrm.Commit(commit));
}
