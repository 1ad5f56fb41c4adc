using Xrm.Sdk;
using Xrm.Testing;
using static Xrm.Core.Tests.TownPlugin;

namespace Xrm.Core.Tests.Plans;

public sealed class LinkRulesTests
{
    private static DateOnly Day(int day) => new(2026, 1, day);

    [Fact]
    public async Task A_to_one_end_named_in_values_is_related_in_the_same_commit()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, club) = await Two(xrm);

        var seat = await xrm.Create(Seat.Type, Values.Of(("name", "1"), ("holder", person)));
        var resident = await xrm.Create(Person.Type, Values.Of(("familyName", "B"), ("house", club)));

        var found = (await xrm.Query(Query.For(Seat.Type).With(Holds.Target))).Single();
        found.Get(Holds.Target).Single().Other!.Id.ShouldBe(person);
        (await xrm.Query(Query.For(Person.Type).Where(HousedBy.Source.Exists).With(HousedBy.Source))).Single().Get(HousedBy.Source).Single().Period.ShouldBe(new Period(xrm.Today, null));
        (seat.Id, resident.Id).ShouldNotBe(default);
    }

    [Fact]
    public async Task A_later_edit_may_name_what_an_earlier_or_a_later_one_makes()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (a, b) = (EntityId.New(), EntityId.New());

        await xrm.Commit(Commit.New().Relate(a, MemberOf, b).Create(Person.Type, a, Values.Of(("familyName", "A"))).Create(Club.Type, b, Values.Of(("name", "Chess"))));

        (await xrm.Query(Query.For(Person.Type).Where(MemberOf.Source.Any(Club.Name.Is("Chess"))))).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_required_end_is_never_missing()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, _) = await Two(xrm);

        (await Refused(xrm, Commit.New().Create(Seat.Type, Values.Of(("name", "1"))))).ShouldBe("required");
        await xrm.Create(Seat.Type, Values.Of(("name", "1"), ("holder", person)));
        var link = (await xrm.Query(Query.For(Seat.Type).With(Holds.Target))).Single().Get(Holds.Target).Single();
        (await Refused(xrm, Commit.New().Unrelate(link))).ShouldBe("required");

        var other = await xrm.Create(Person.Type, (Person.FamilyName, "B"));
        await xrm.Commit(Commit.New().Unrelate(link).Relate(other.Id, Holds, link.Target));
        (await xrm.Query(Query.For(Seat.Type).With(Holds.Target))).Single().Get(Holds.Target).Single().Source.ShouldBe(other.Id);
    }

    [Fact]
    public async Task A_to_one_end_has_one_at_a_time()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, club) = await Two(xrm);
        var other = (await xrm.Create(Club.Type, (Club.Name, "Other"))).Id;
        await xrm.Commit(Commit.New().Relate(person, HousedBy, club, Day(1), Day(10)));

        (await Refused(xrm, Commit.New().Relate(person, HousedBy, other, Day(9)))).ShouldBe("one");
        (await Refused(xrm, Commit.New().Relate(person, HousedBy, other, null, Day(2)))).ShouldBe("one");
        (await Refused(xrm, Commit.New().Relate(person, HousedBy, other, Day(10)).Relate(person, HousedBy, club, Day(20)))).ShouldBe("one");
        await xrm.Commit(Commit.New().Relate(person, HousedBy, other, Day(10)).Relate(person, HousedBy, other, Day(3), Day(3)));

        var first = (await Links(xrm, person, HousedBy.Source)).First(l => l.Period.From == Day(1));
        (await Refused(xrm, Commit.New().And(new Edit.Change("HousedBy", first.Id, first.Version, Values.Of(("validTo", null)))))).ShouldBe("one");
        await xrm.Commit(Commit.New().End(first, Day(5)));
        (await Links(xrm, person, HousedBy.Source)).First(l => l.Id == first.Id).Period.To.ShouldBe(Day(5));
    }

    [Fact]
    public async Task An_undated_to_one_end_has_one_whenever()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, _) = await Two(xrm);
        var seat = await xrm.Create(Seat.Type, Values.Of(("name", "1"), ("holder", person), ("validFrom", Day(1)), ("validTo", Day(2))));
        var other = await xrm.Create(Person.Type, (Person.FamilyName, "B"));

        (await Refused(xrm, Commit.New().Relate(other.Id, Holds, seat.Id))).ShouldBe("one");
    }

    [Fact]
    public async Task The_same_two_are_not_related_twice_on_one_day_CORE_R01()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, club) = await Two(xrm);
        await xrm.Commit(Commit.New().Relate(person, MemberOf, club, Day(1), Day(10)));

        (await Refused(xrm, Commit.New().Relate(person, MemberOf, club, Day(5)))).ShouldBe("CORE-R01");
        (await Refused(xrm, Commit.New().Relate(person, MemberOf, club, Day(10)).Relate(person, MemberOf, club, Day(11)))).ShouldBe("CORE-R01");
        await xrm.Commit(Commit.New().Relate(person, MemberOf, club, Day(10)));
        (await Links(xrm, person, MemberOf.Source)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_two_are_related_as_often_as_one_likes_where_the_type_says_so()
    {
        await using var xrm = await TestXrm.With<PostPlugin>();
        var (worker, board) = (await xrm.Create(PostPlugin.Worker, Values.None), await xrm.Create(PostPlugin.Board, Values.None));
        await xrm.Commit(Commit.New().Relate(worker.Id, PostPlugin.SitsOn, board.Id).Relate(worker.Id, PostPlugin.SitsOn, board.Id));
        await xrm.Commit(Commit.New().Relate(worker.Id, PostPlugin.SitsOn, board.Id));

        (await xrm.Query(Query.For(PostPlugin.Worker).With(PostPlugin.SitsOn.Source))).Single().Get(PostPlugin.SitsOn.Source).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_symmetric_relationship_counts_for_both_and_not_with_oneself()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (a, _) = await Two(xrm);
        var b = (await xrm.Create(Person.Type, (Person.FamilyName, "B"))).Id;
        var c = (await xrm.Create(Person.Type, (Person.FamilyName, "C"))).Id;
        (await Refused(xrm, Commit.New().Relate(a, PairedWith, a))).ShouldBe("self");
        await xrm.Commit(Commit.New().Relate(a, PairedWith, b));

        (await Refused(xrm, Commit.New().Relate(c, PairedWith, b))).ShouldBe("one");
        (await Refused(xrm, Commit.New().Relate(b, PairedWith, c))).ShouldBe("one");
        (await Links(xrm, b, PairedWith.Source)).Single().Other!.Id.ShouldBe(a);
    }

    [Fact]
    public async Task Ends_must_be_there_and_of_an_allowed_type()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, club) = await Two(xrm);

        (await Refused(xrm, Commit.New().Relate(club, MemberOf, club))).ShouldBe("end");
        var problem = await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New().Relate(EntityId.New(), MemberOf, EntityId.New())));
        problem.Faults.Select(f => (f.Code, f.Field)).ShouldBe([(ProblemCode.NotFound, "source"), (ProblemCode.NotFound, "target")]);
        var gone = await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New().And(new Edit.Delete("Person", person, 1)).Relate(person, MemberOf, club)));
        gone.Faults.Single().Code.ShouldBe(ProblemCode.NotFound);
    }

    [Fact]
    public async Task Dates_belong_to_dated_types_alone()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, _) = await Two(xrm);
        var seat = await xrm.Create(Seat.Type, Values.Of(("name", "1"), ("holder", person)));
        var link = (await Links(xrm, person, Holds.Source)).Single();

        (await Refused(xrm, Commit.New().Relate(person, Holds, seat.Id, Day(1)))).ShouldBe("dated");
        (await Refused(xrm, Commit.New().End(link, Day(2)))).ShouldBe("dated");
        (await Refused(xrm, Commit.New().And(new Edit.Change("Holds", link.Id, 1, Values.Of(("validTo", Day(2))))))).ShouldBe("dated");
    }

    [Fact]
    public async Task Deleting_ends_deletes_or_refuses_as_each_relationship_says()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, club) = await Two(xrm);
        var friend = await xrm.Create(Person.Type, (Person.FamilyName, "B"));
        await xrm.Commit(Commit.New().Relate(person, MemberOf, club, Day(1)).Relate(person, HousedBy, club, Day(1)).Relate(friend.Id, Knows, person));
        (await Refused(xrm, Commit.New().And(new Edit.Delete("Club", club, 1)))).ShouldBe("restrict");

        var receipt = await xrm.Commit(Commit.New().And(new Edit.Delete("Person", person, 1)));

        receipt.Written.Select(w => (w.Kind, w.Type)).ShouldBe(
            [(ChangeKind.Changed, "MemberOf"), (ChangeKind.Unrelated, "Knows"), (ChangeKind.Unrelated, "HousedBy"), (ChangeKind.Deleted, "Person")], ignoreOrder: true);
        (await xrm.Find(Person.Type, new EntityId(person.Value))).ShouldBeNull();
        (await xrm.Query(Query.For(Club.Type).With(MemberOf.Target))).Single().Get(MemberOf.Target).ShouldBeEmpty();
        // What remains of the ended membership stands in nobody's way.
        await xrm.Commit(Commit.New().Create(Person.Type, EntityId.New(), Values.Of(("familyName", "C"), ("house", club))).Relate(friend.Id, MemberOf, club, Day(1)));
        (await Refused(xrm, Commit.New().And(new Edit.Delete("Club", club, 1)))).ShouldBe("restrict");
    }

    [Fact]
    public async Task What_needs_the_deleted_thing_stands_in_its_way_unless_it_goes_too()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, _) = await Two(xrm);
        var seat = await xrm.Create(Seat.Type, Values.Of(("name", "1"), ("holder", person)));

        (await Refused(xrm, Commit.New().And(new Edit.Delete("Person", person, 1)))).ShouldBe("restrict");
        await xrm.Commit(Commit.New().And(new Edit.Delete("Person", person, 1)).Delete(seat));

        (await xrm.Query(Query.For(Seat.Type))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fields_of_a_relationship_change_with_its_version()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var (person, club) = await Two(xrm);
        await xrm.Commit(Commit.New().Relate(person, MemberOf, club, Day(1), values: Values.None.With(Position, "chair")));
        var link = (await Links(xrm, person, MemberOf.Source)).Single();
        link.Get(Position).ShouldBe("chair");

        await xrm.Commit(Commit.New().And(new Edit.Change("MemberOf", link.Id, 1, Values.Of(("position", "member"), ("validTo", Day(30))))));

        var changed = (await Links(xrm, person, MemberOf.Source)).Single();
        (changed.Version, changed.Get(Position), changed.Period).ShouldBe((2, "member", new Period(Day(1), Day(30))));
        (await xrm.Find(Person.Type, new EntityId(person.Value)))!.Version.ShouldBe(1);
    }

    private static async Task<(EntityId Person, EntityId Club)> Two(TestXrm xrm) =>
        ((await xrm.Create(Person.Type, (Person.FamilyName, "A"))).Id, (await xrm.Create(Club.Type, (Club.Name, "Chess"))).Id);

    private static async Task<Relationship[]> Links(TestXrm xrm, EntityId person, RelationshipEnd end) =>
        [.. (await xrm.Query(Query.For(Person.Type).Where(new Filter.Compare("id", Comparison.Equal, person)).With(new Include(end.Name) { During = Period.Always }))).Single().Get(end)];

    private static async Task<string?> Refused(TestXrm xrm, Commit commit) =>
        (await Should.ThrowAsync<Problem>(xrm.Commit(commit))).Faults.Select(f => f.Rule).Distinct().Single();
}

/// <summary>Somebody may sit on a board in two capacities.</summary>
internal sealed class PostPlugin : Plugin
{
    public static readonly EntityType Worker = EntityType.Named("Worker", Label.Of("Agent", "Worker"));
    public static readonly EntityType Board = EntityType.Named("Board", Label.Of("Commission", "Board"));
    public static readonly RelationshipType SitsOn = RelationshipType
        .Named("SitsOn", Label.Of("siège à", "sits on"), Label.Of("compte parmi ses membres", "has as a member"))
        .From(Worker, "seats", Label.Of("Sièges", "Seats"))
        .To(Board, "members", Label.Of("Membres", "Members"))
        .Repeatable();

    public override string Id => "post";
    public override Label Title => Label.Of("Commissions", "Boards");

    public override void Describe(ModelBuilder model) => model.Add(Worker).Add(Board).Add(SitsOn);
}
