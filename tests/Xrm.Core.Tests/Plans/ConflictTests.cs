using Xrm.Sdk;
using Xrm.Testing;
using static Xrm.Core.Tests.TownPlugin;

namespace Xrm.Core.Tests.Plans;

public sealed class ConflictTests
{
    [Fact]
    public async Task A_stale_version_is_a_conflict_that_tells_base_theirs_and_yours()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var read = await xrm.Create(Person.Type, (Person.FamilyName, "A"), (Person.Height, 100));
        await xrm.Commit(Commit.New().Change(read, Person.FamilyName, "B"));
        await xrm.Commit(Commit.New().And(new Edit.Update("Person", read.Id, 2, Values.Of(("familyName", "C"), ("height", null)))));

        var problem = await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New().And(new Edit.Update("Person", read.Id, 1, Values.Of(("familyName", "D"), ("height", 120))))));

        var fault = problem.Faults.Single();
        (fault.Code, fault.Edit).ShouldBe((ProblemCode.Conflict, 0));
        fault.Conflicts.ShouldBe([new FieldConflict("familyName", "A", "C", "D"), new FieldConflict("height", 100, null, 120)]);
    }

    [Fact]
    public async Task Merging_goes_on_when_others_changed_other_fields()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var read = await xrm.Create(Person.Type, (Person.FamilyName, "A"));
        await xrm.Commit(Commit.New().Change(read, Person.GivenName, "Zoé"));

        await xrm.Commit(Commit.New().Change(read, Person.FamilyName, "B") with { OnConflict = OnConflict.Merge });
        var problem = await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New().Change(read, Person.GivenName, "Yves") with { OnConflict = OnConflict.Merge }));

        problem.Code.ShouldBe(ProblemCode.Conflict);
        (await xrm.Find(Person.Type, read.Id))!.DisplayName.ShouldBe("Zoé B");
    }

    [Fact]
    public async Task Overwriting_needs_no_version()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var read = await xrm.Create(Person.Type, (Person.FamilyName, "A"));
        var edit = new Edit.Update("Person", read.Id, null, Values.Of(("familyName", "B")));

        var problem = await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New().And(edit)));
        problem.Faults.Single().Rule.ShouldBe("expectedVersion");
        await xrm.Commit(Commit.New().And(edit) with { OnConflict = OnConflict.Overwrite });

        (await xrm.Find(Person.Type, read.Id))!.Get(Person.FamilyName).ShouldBe("B");
    }

    [Fact]
    public async Task Deleting_a_thing_changed_meanwhile_is_a_conflict_also_when_merging()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var read = await xrm.Create(Person.Type, (Person.FamilyName, "A"));
        await xrm.Commit(Commit.New().Change(read, Person.GivenName, "Zoé"));

        var problem = await Should.ThrowAsync<Problem>(xrm.Commit(Commit.New().Delete(read) with { OnConflict = OnConflict.Merge }));

        problem.Faults.Single().Conflicts.ShouldBe([new FieldConflict("givenName", null, "Zoé", null)]);
    }

    [Fact]
    public async Task The_same_commit_sent_again_answers_what_the_first_did()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var commit = Commit.New().Create(Person.Type, EntityId.New(), Values.Of(("familyName", "A")));
        var first = await xrm.Commit(commit);
        var person = (await xrm.Query(Query.For(Person.Type))).Single();
        var change = Commit.New().Change(person, Person.FamilyName, "B");
        await xrm.Commit(change);

        var again = await xrm.Commit(commit);
        var changedAgain = await xrm.Commit(change);

        (again.IsReplay, again.Cursor, again.Written.Single()).ShouldBe((true, first.Cursor, first.Written.Single()));
        changedAgain.Written.Single().Version.ShouldBe(2);
        (await xrm.Find(Person.Type, person.Id))!.Version.ShouldBe(2);
        var other = await Should.ThrowAsync<Problem>(async () => await xrm.As(Actor.Of("user:other", Role.Administrator)).Commit(commit));
        other.Code.ShouldBe(ProblemCode.Conflict);
    }

    [Fact]
    public async Task What_changes_nothing_writes_nothing()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var read = await xrm.Create(Person.Type, (Person.FamilyName, "A"));

        var receipt = await xrm.Commit(Commit.New().Change(read, Person.FamilyName, " A "));

        receipt.Written.ShouldBeEmpty();
        (await xrm.Find(Person.Type, read.Id))!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Commits_at_once_on_one_thing_lose_nothing()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var club = await xrm.Create(Club.Type, (Club.Name, "Chess"));
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => xrm.Commit(i % 2 == 0
            ? Commit.New().Create(Person.Type, Values.Of(("familyName", "P" + i), ("house", club.Id)))
            : Commit.New().And(new Edit.Update("Person", person.Id, null, Values.Of(("height", 100 + i)))) with { OnConflict = OnConflict.Overwrite }))));

        (await xrm.Query(Query.For(Person.Type).Where(HousedBy.Source.Exists))).Length.ShouldBe(20);
        (await xrm.Find(Person.Type, person.Id))!.Version.ShouldBe(21);
    }
}
