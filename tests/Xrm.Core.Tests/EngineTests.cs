using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Plans;
using Xrm.Sdk;
using Xrm.Testing;
using static Xrm.Core.Tests.TownPlugin;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests;

public sealed class EngineTests
{
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    [Fact]
    public async Task The_model_is_recorded_once_and_found_again()
    {
        var journal = new MemoryJournal();
        int ordinal;
        await using (var engine = await Open(journal))
        {
            engine.Model.Types.ShouldBeEmpty();
            ordinal = (await engine.ChangeModel([Town(), Extra()], Actor.System, default)).Type("Person")!.Ordinal;
            await engine.Commit(Commit.New().Create(Person.Type, Values.Of(("familyName", "A"))), Admin, default);
        }
        await using (var engine = await Open(journal))
        {
            engine.Model.Type("Person")!.Ordinal.ShouldBe(ordinal);
            var head = engine.Log.Head;
            (await engine.ChangeModel([Town(), Extra()], Actor.System, default)).Type("Person")!.ByName["email"].Description.Type.Name.ShouldBe("email");
            engine.Log.Head.ShouldBe(head);
            (await engine.As(Admin).Query(Query.For(Person.Type))).Entities.Single().DisplayName.ShouldBe("A");
            var wrong = await Should.ThrowAsync<Problem>(async () => await engine.Commit(Commit.New().Create(Person.Type, Values.Of(("familyName", "B"), ("email", "nobody"))), Admin, default));
            wrong.Faults.Single().Field.ShouldBe("email");
        }
    }

    [Fact]
    public async Task Data_of_a_plugin_that_goes_is_there_again_when_it_comes_back()
    {
        await using var engine = await Open(new MemoryJournal());
        await engine.ChangeModel([Extra()], Actor.System, default);
        await engine.Commit(Commit.New().And(new Edit.Create("Extra", EntityId.New(), Values.Of(("what", "kept")))), Admin, default);

        await engine.ChangeModel([Town()], Actor.System, default);
        var problem = await Should.ThrowAsync<Problem>(async () => await engine.As(Admin).Query(new Query("Extra")));
        problem.Code.ShouldBe(ProblemCode.Invalid);
        (await Changes(engine)).ShouldNotContain(c => c.Type == "Extra");
        await engine.ChangeModel([Town(), Extra()], Actor.System, default);

        (await engine.As(Admin).Query(new Query("Extra"))).Entities.Single().DisplayName.ShouldBe("kept");
        (await Changes(engine)).Count(c => c.Kind == ChangeKind.Model).ShouldBe(3);
    }

    [Fact]
    public async Task A_model_with_faults_changes_nothing()
    {
        await using var engine = await Open(new MemoryJournal());
        var model = await engine.ChangeModel([Town()], Actor.System, default);

        await Should.ThrowAsync<Problem>(async () => await engine.ChangeModel([Town(), Town()], Actor.System, default));

        engine.Model.ShouldBeSameAs(model);
        await engine.Commit(Commit.New().Create(Person.Type, Values.Of(("familyName", "A"))), Admin, default);
    }

    [Fact]
    public async Task A_reader_finishes_on_the_model_and_the_state_that_it_began_with()
    {
        await using var engine = await Open(new MemoryJournal());
        await engine.ChangeModel([Town()], Actor.System, default);
        using var reader = engine.Read(Admin);
        await engine.ChangeModel([Town(), Extra()], Actor.System, default);
        await engine.Commit(Commit.New().Create(Person.Type, Values.Of(("familyName", "A"))), Admin, default);

        reader.Model.Type("Extra").ShouldBeNull();
        (await reader.Read(new ReadStep.List { Views = [TypeView.Of(reader.Model.Type("Person")!)] }, default)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Commits_go_on_while_models_change()
    {
        await using var engine = await Open(new MemoryJournal());
        await engine.ChangeModel([Town()], Actor.System, default);
        var writing = Enumerable.Range(0, 60).Select(i => Task.Run(async () => await engine.Commit(Commit.New().Create(Person.Type, Values.Of(("familyName", "P" + i))), Admin, default))).ToArray();
        for (var i = 0; i < 6; i++)
            await engine.ChangeModel(i % 2 == 0 ? [Town(), Extra()] : [Town()], Actor.System, default);
        await Task.WhenAll(writing);

        (await engine.As(Admin).Query(Query.For(Person.Type))).Entities.Length.ShouldBe(60);
    }

    [Fact]
    public async Task Today_is_the_authoritys_day()
    {
        await using var xrm = await TestXrm.With([new TownPlugin()], new DateTimeOffset(2026, 1, 5, 22, 59, 0, TimeSpan.Zero));
        xrm.Today.ShouldBe(new DateOnly(2026, 1, 5));

        await xrm.Clock.Advance(minutes: 1);

        xrm.Today.ShouldBe(new DateOnly(2026, 1, 6));
    }

    [Fact]
    public async Task A_thing_as_of_a_time_is_what_was_known_then()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var before = xrm.Clock.GetUtcNow().AddDays(-1);
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"), (Person.Height, 100));
        var first = xrm.Clock.GetUtcNow();
        await xrm.Clock.Advance(days: 1);
        await xrm.Commit(Commit.New().Change(person, Values.Of(("familyName", "B"), ("height", null))));
        await xrm.Clock.Advance(days: 1);
        await xrm.Commit(Commit.New().And(new Edit.Update("Person", person.Id, 2, Values.Of(("givenName", "Zoé")))));

        using var reader = xrm.Engine.Read(Admin);
        (await Then(before)).ShouldBeNull();
        var old = (await Then(first.AddHours(1)))!.Value;
        (reader.DisplayName(old), old.Entity.Version, old.Entity.UpdatedAt).ShouldBe(("A", 1, first));
        reader.DisplayName((await Then(first.AddDays(1)))!.Value).ShouldBe("B");
        reader.DisplayName((await Then(first.AddDays(9)))!.Value).ShouldBe("Zoé B");

        ValueTask<Row?> Then(DateTimeOffset at) => reader.AsOf(reader.Model.Type("Person")!, person.Id.Value, at, default);
    }

    [Fact]
    public async Task History_tells_each_field_that_changed_oldest_first()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"));
        await xrm.Commit(Commit.New().Change(person, Person.FamilyName, "B"));
        using var reader = xrm.Engine.Read(Admin);

        var told = new List<Change>();
        await foreach (var change in reader.History(person.Id.Value, Cursor.Start, default))
            told.Add(change);

        told.Select(c => (c.Kind, c.Field, c.Before, c.After)).ShouldBe(
            [(ChangeKind.Created, "familyName", null, "A"), (ChangeKind.Created, "points", null, 5), (ChangeKind.Updated, "familyName", "A", "B")]);
    }

    private static ModelDescription Town()
    {
        var model = new ModelBuilder("town");
        new TownPlugin().Describe(model);
        return model.Build();
    }

    private static ModelDescription Extra()
    {
        var type = EntityType.Named("Extra", L);
        type.Text("what", L);
        return new ModelBuilder("extra").Add(type).Build();
    }

    private static ValueTask<Engine> Open(MemoryJournal journal) => Engine.Open(ImageStore.Open(journal), new EngineOptions(), default);

    private static async Task<ImmutableArray<Change>> Changes(Engine engine)
    {
        var changes = ImmutableArray.CreateBuilder<Change>();
        await foreach (var change in engine.As(Admin).Changes(Cursor.Start))
            changes.Add(change);
        return changes.ToImmutable();
    }
}
