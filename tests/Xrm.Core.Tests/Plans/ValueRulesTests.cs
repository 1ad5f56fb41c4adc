using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Testing;
using static Xrm.Core.Tests.TownPlugin;

namespace Xrm.Core.Tests.Plans;

public sealed class ValueRulesTests
{
    [Fact]
    public async Task What_is_created_is_there_with_its_defaults()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();

        var person = await xrm.Create(Person.Type, (Person.FamilyName, " LEFÈVRE "), (Person.GivenName, "Zoé"));

        person.Version.ShouldBe(1);
        person.DisplayName.ShouldBe("Zoé LEFÈVRE");
        person.Get(Person.Points).ShouldBe(5);
        person.CreatedAt.ShouldBe(xrm.Clock.GetUtcNow());
    }

    public static TheoryData<string, string, Values> Wrong => new()
    {
        { "required", "familyName", Values.None },
        { "required", "familyName", Values.Of(("familyName", "  ")) },
        { "unknown", "nothing", Values.Of(("familyName", "A"), ("nothing", 1)) },
        { "shape", "familyName", Values.Of(("familyName", 1)) },
        { "shape", "tags", Values.Of(("familyName", "A"), ("tags", "one")) },
        { "text", "familyName", Values.Of(("familyName", new string('x', 41))) },
        { "X-1", "givenName", Values.Of(("familyName", "A"), ("givenName", "zoé")) },
        { "email", "email", Values.Of(("familyName", "A"), ("email", "nobody")) },
        { "min", "height", Values.Of(("familyName", "A"), ("height", 29)) },
        { "max", "height", Values.Of(("familyName", "A"), ("height", 251)) },
        { "code", "title", Values.Of(("familyName", "A"), ("title", "DR")) },
        { "readOnly", "version", Values.Of(("familyName", "A"), ("version", 3)) },
        { "dated", "validFrom", Values.Of(("familyName", "A"), ("validFrom", new DateOnly(2026, 1, 1))) },
        { "unknown", "match", Values.Of(("familyName", "A"), ("match", "x")) },
        { "end", "clubs", Values.Of(("familyName", "A"), ("clubs", EntityId.New())) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_value_that_breaks_a_rule_is_refused(string rule, string field, Values values)
    {
        await using var xrm = await TestXrm.With<TownPlugin>();

        var problem = await Should.ThrowAsync<Problem>(xrm.Create(Person.Type, values));

        var fault = problem.Faults.Single();
        (fault.Code, fault.Rule, fault.Field, fault.Edit).ShouldBe((ProblemCode.Invalid, rule, field, 0));
    }

    [Fact]
    public async Task All_faults_of_a_commit_are_told_at_once()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();

        var problem = await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New()
            .Create(Person.Type, Values.Of(("height", 1), ("nothing", 2), ("email", "x")))
            .Create(Seat.Type, Values.Of(("name", 3)))
            .And(new Edit.Create("Nowhere", EntityId.New(), Values.None))
            .And(new Edit.Update("Person", EntityId.New(), 1, Values.None))));

        problem.Faults.Select(f => (f.Edit, f.Field)).ShouldBe([(0, "height"), (0, "nothing"), (0, "email"), (0, "familyName"), (1, "name"), (2, null), (3, null)]);
        problem.Faults[^1].Code.ShouldBe(ProblemCode.NotFound);
        (await xrm.Query(Query.For(Person.Type))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_values_keep_their_order_and_none_is_no_value()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"), (Person.Tags, ["b", "a"]));
        person.Get(Person.Tags).ShouldBe(["b", "a"]);

        await xrm.Commit(Commit.New().Change(person, Person.Tags, []));

        (await xrm.Find(Person.Type, person.Id))!.Values.TryGet("tags", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_unique_value_is_not_available_twice()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var first = await xrm.Create(Person.Type, (Person.FamilyName, "A"), (Person.Email, "a@example.org"));
        await xrm.Create(Person.Type, (Person.FamilyName, "No e-mail"));
        await xrm.Create(Person.Type, (Person.FamilyName, "None either"));

        var problem = await Should.ThrowAsync<Problem>(xrm.Create(Person.Type, (Person.FamilyName, "B"), (Person.Email, "a@EXAMPLE.org")));
        problem.Faults.Single().Rule.ShouldBe("unique");
        var within = await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New()
            .Create(Person.Type, Values.Of(("familyName", "C"), ("email", "c@example.org")))
            .Create(Person.Type, Values.Of(("familyName", "D"), ("email", "c@example.org")))));
        within.Faults.Single().Edit.ShouldBe(1);

        // Freed in the same commit it is available.
        await xrm.Commit(Commit.New().Change(first, Person.Email, null).Create(Person.Type, Values.Of(("familyName", "B"), ("email", "a@example.org"))));
        (await xrm.Query(Query.For(Person.Type).Where(Person.Email.Is("a@example.org")))).Single().Get(Person.FamilyName).ShouldBe("B");
    }

    [Fact]
    public async Task A_key_of_several_fields_counts_when_all_have_values()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var holder = await xrm.Create(Person.Type, (Person.FamilyName, "A"));
        await xrm.Create(Seat.Type, Values.Of(("name", "1"), ("row", "A"), ("number", 1), ("holder", holder.Id)));
        await xrm.Create(Seat.Type, Values.Of(("name", "2"), ("row", "A"), ("holder", holder.Id)));
        await xrm.Create(Seat.Type, Values.Of(("name", "3"), ("row", "A"), ("holder", holder.Id)));

        var problem = await Should.ThrowAsync<Problem>(xrm.Create(Seat.Type, Values.Of(("name", "4"), ("row", "A"), ("number", 1), ("holder", holder.Id))));

        problem.Faults.Single().Rule.ShouldBe("unique");
    }

    [Fact]
    public async Task A_state_starts_first_and_changes_by_its_moves()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var item = await xrm.Create(Matter.Type, (Matter.Subject, "Noise"));
        item.Get(Matter.Status).ShouldBe(Status.New);

        (await Refused(new Edit.Update("Matter", item.Id, 1, Values.None) { Move = "close" })).ShouldBe("move");
        (await Refused(new Edit.Update("Matter", item.Id, 1, Values.None) { Move = "nothing" })).ShouldBe("move");
        (await Refused(new Edit.Update("Matter", item.Id, 1, Values.Of(("status", "CLOSED"))))).ShouldBe("state");
        (await Refused(new Edit.Update("Matter", item.Id, 1, Values.Of(("status", null))))).ShouldBe("required");
        (await Refused(new Edit.Create("Matter", EntityId.New(), Values.Of(("subject", "x"), ("status", "OPEN"))))).ShouldBe("state");

        await xrm.Commit(Commit.New().And(new Edit.Update("Matter", item.Id, 1, Values.None) { Move = "open" }));
        (await Refused(new Edit.Update("Matter", item.Id, 2, Values.None) { Move = "close" })).ShouldBe("needs");
        await xrm.Commit(Commit.New().And(new Edit.Update("Matter", item.Id, 2, Values.Of(("status", "CLOSED"), ("outcome", "done")))));
        (await xrm.Find(Matter.Type, item.Id))!.Get(Matter.Status).ShouldBe(Status.Closed);

        async Task<string?> Refused(Edit edit) => (await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New().And(edit)))).Faults.Single().Rule;
    }

    [Fact]
    public async Task Several_edits_of_one_thing_are_one_change_of_it()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var id = EntityId.New();

        var receipt = await xrm.Commit(Commit.New()
            .Create(Person.Type, id, Values.Of(("familyName", "A")))
            .And(new Edit.Update("Person", id, null, Values.Of(("givenName", "Bo"))))
            .And(new Edit.Update("Person", id, null, Values.Of(("familyName", "C")))));

        receipt.Written.Single().ShouldBe(new Written(ChangeKind.Created, "Person", id, 1));
        (await xrm.Find(Person.Type, id))!.DisplayName.ShouldBe("Bo C");
    }

    [Fact]
    public async Task An_id_is_a_new_UUID_of_version_4_or_7()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"));
        await xrm.Commit(Commit.New().Delete(person));

        (await Refused(EntityId.Parse("00000000-0000-1000-8000-000000000001"))).ShouldBe("id");
        (await Refused(person.Id)).ShouldBe("id");
        await xrm.Commit(Commit.New().Create(Person.Type, EntityId.Parse("6fa459ea-ee8a-4ca4-894e-db77e160355e"), Values.Of(("familyName", "A"))));

        async Task<string?> Refused(EntityId id) =>
            (await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New().Create(Person.Type, id, Values.Of(("familyName", "B")))))).Faults.Single().Rule;
    }
}
