using System.Collections.Immutable;
using Xrm.Core.Log;
using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Running;

public sealed class MigrationTests
{
    private static readonly PluginVersion First = new(1, 0, 0);
    private static readonly PluginVersion Second = new(2, 0, 0);

    [Fact]
    public void Those_are_due_that_lie_between_the_versions_lower_ones_first()
    {
        Migration[] all = [Of("2.0.0", "c"), Of("1.0.0", "no"), Of("1.2.0", "a"), Of("2.0.1", "no"), Of("1.10.0", "b"), Of("2.0.0", "d")];

        MigrationRun.Due(all, First, Second).Select(m => m.What.En).ShouldBe(["a", "b", "c", "d"]);
        MigrationRun.Due(all, Second, Second).ShouldBeEmpty();

        static Migration Of(string version, string what) => Migration.Of(version, Label.Of(what, what), Harbour.Boat, _ => { });
    }

    [Fact]
    public async Task Values_of_fields_that_are_no_more_reach_new_ones_and_a_later_migration_sees_what_an_earlier_one_set()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Length, 12));
        await fleet.Commit(Commit.New().And(new Edit.Update("Boat", boat, 1, Values.None) { Move = "lay" }));
        await fleet.Clock.Advance(days: 1);

        await Update(fleet);

        var now = (await fleet.Xrm.Find(Harbour2.Boat, boat))!;
        (now.Get(Harbour2.Metres), now.Get(Harbour2.Status), now.Version).ShouldBe((12.5m, Ashore.Ashore, 3));
        now.Values.TryGet("length", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Things_of_a_type_that_is_no_more_become_others_in_the_same_commit_as_the_model()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette"));
        var berth = await fleet.Create(Harbour.Berth, Values.None.With(Harbour.Label, "A1"));
        var lies = await fleet.Relate(boat, Harbour.LiesAt, berth, new(2025, 3, 1));
        var place = fleet.Now;

        await Update(fleet);

        var moored = (await fleet.Query(Query.For(Harbour2.Boat).With(Harbour2.MooredAt.Source))).Single().Get(Harbour2.MooredAt.Source).Single();
        (moored.Other!.DisplayName, moored.Period.From).ShouldBe(("A1", new DateOnly(2025, 3, 1)));
        (await fleet.Record(berth)).IsDeleted.ShouldBeTrue();
        (await fleet.Record(lies)).Period.ShouldBe(new Period(new(2025, 3, 1), fleet.Engine.Today));
        var log = await fleet.Log(place);
        log.Select(c => c.CommitId).Distinct().Count().ShouldBe(1);
        log.ShouldContain(c => c.Kind == ChangeKind.Model);
        (await fleet.Store.Compare()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Parked_data_of_a_plugin_that_comes_back_in_a_later_version_are_migrated()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Length, 12));
        var berth = await fleet.Create(Harbour.Berth, Values.None.With(Harbour.Label, "A1"));
        var lies = await fleet.Relate(boat, Harbour.LiesAt, berth, new(2027, 1, 1));
        await fleet.Put(People.Model);
        fleet.Engine.Model.Parked.Single().Version.ShouldBe("1.0.0");

        await Update(fleet);

        (await fleet.Xrm.Find(Harbour2.Boat, boat))!.Get(Harbour2.Metres).ShouldBe(12.5m);
        (await fleet.Query(Query.For(Harbour2.Mooring).With(new Include("boats") { During = Period.Always }))).Single().Related["boats"].Single().Other!.Id.ShouldBe(boat);
        (await fleet.Record(berth)).IsDeleted.ShouldBeTrue();
        // It was still to come: it never holds.
        (await fleet.Record(lies)).Period.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_fault_tells_thing_and_migration_and_nothing_is_different()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        for (var i = 0; i < 60; i++)
            await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, $"B{i}").With(Harbour.Length, 400));
        var small = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "small").With(Harbour.Length, 4));
        var (model, head) = (fleet.Engine.Model, fleet.Now);

        var problem = await Should.ThrowAsync<Problem>(Update(fleet));

        problem.Faults.Length.ShouldBe(51);
        problem.Faults[0].Message.En.ShouldContain("Plugin harbour, move to version 2.0.0 (\"ashore\"), Boat ");
        (problem.Faults[0].Field, problem.Faults[0].Rule).ShouldBe(("metres", "max"));
        problem.Faults[^1].Message.En.ShouldBe("10 more faults.");
        fleet.Engine.Model.ShouldBeSameAs(model);
        fleet.Now.ShouldBe(head);
        await fleet.Set("Boat", small, "length", 5);
    }

    [Fact]
    public async Task A_fault_of_a_field_is_told_of_the_migration_that_set_it()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette"));

        var problem = await Should.ThrowAsync<Problem>(Update(fleet, due:
        [
            Migration.Of("1.1.0", Label.Of("un", "one"), Harbour2.Boat, b => b.Put(Harbour2.Metres, -1)),
            Migration.Of("1.2.0", Label.Of("deux", "two"), Harbour2.Boat, b => b.Put(Harbour2.Code, "c")),
        ]));

        problem.Faults.Single().Message.Fr.ShouldContain("« un »");
    }

    [Fact]
    public async Task A_migration_may_refuse_things_and_all_refusals_are_told()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        for (var i = 0; i < 3; i++)
            await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, $"B{i}"));

        var problem = await Should.ThrowAsync<Problem>(Update(fleet, due: [Migration.Of("2.0.0", L, Harbour2.Boat, boat =>
            throw new Problem(ProblemCode.Invalid, Label.Of("sans longueur.", "without length."), "length", "H-1"))]));

        problem.Faults.Length.ShouldBe(3);
        problem.Faults.ShouldAllBe(f => f.Rule == "H-1" && f.Field == "length" && f.Message.En.EndsWith("without length."));
    }

    [Fact]
    public async Task A_migration_that_throws_is_told_with_plugin_version_and_what_and_without_its_message()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette"));

        var problem = await Should.ThrowAsync<Problem>(Update(fleet, due: [Migration.Of("2.0.0", Label.Of("mesurer", "measure"), Harbour2.Boat, _ => throw new InvalidOperationException("secret"))]));

        problem.Code.ShouldBe(ProblemCode.Internal);
        problem.Message.ShouldBe($"Plugin harbour, move to version 2.0.0 (\"measure\"), Boat {boat}: failed (InvalidOperationException).");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_migration_that_hangs_does_not_hang_the_update(bool blocks)
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette"));
        using var free = new ManualResetEventSlim();
        var hangs = new Migration(Second, L, "Boat", async (_, _) =>
        {
            if (blocks)
                free.Wait(TestContext.Current.CancellationToken);
            else
                await new TaskCompletionSource().Task;
        });

        var problem = await Should.ThrowAsync<Problem>(Change(fleet, new MigrationRun(fleet.Engine, "harbour", [hangs]) { Limit = TimeSpan.FromMilliseconds(50) }));

        free.Set();
        problem.Code.ShouldBe(ProblemCode.Limit);
        fleet.Engine.Model.Type("Mooring").ShouldBeNull();
        await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Goéland"));
    }

    [Fact]
    public async Task It_can_be_stopped_between_pages()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var commit = Commit.New();
        for (var i = 0; i < 2500; i++)
            commit = commit.Create(Harbour.Boat, Values.None.With(Harbour.Name, $"B{i}"));
        await fleet.Commit(commit);
        using var stop = new CancellationTokenSource();
        var told = new List<long>();
        var run = new MigrationRun(fleet.Engine, "harbour", MigrationRun.Due(Harbour2.Migrations, First, Second))
        {
            Progress = seen =>
            {
                told.Add(seen);
                if (seen == 2000)
                    stop.Cancel();
            },
        };

        await Should.ThrowAsync<OperationCanceledException>(Change(fleet, run, stop.Token));

        told.ShouldBe([1000, 2000]);
        fleet.Engine.Model.Type("Mooring").ShouldBeNull();
        await Update(fleet);
        (await fleet.Query(Query.For(Harbour2.Boat).Where(Harbour2.Metres.Is(0.5m)))).Length.ShouldBe(2500);
    }

    [Fact]
    public async Task What_others_write_meanwhile_is_migrated_too()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Length, 3));
        var late = 0;
        var run = new MigrationRun(fleet.Engine, "harbour", MigrationRun.Due(Harbour2.Migrations, First, Second))
        {
            Progress = _ =>
            {
                if (late++ == 0)
                    fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "late").With(Harbour.Length, 7)).GetAwaiter().GetResult();
            },
        };

        await Change(fleet, run);

        // Two types, looked at twice: the second time with writers held up.
        late.ShouldBe(4);
        (await fleet.Query(Query.For(Harbour2.Boat).Order(Harbour2.Metres))).Select(b => b.Get(Harbour2.Metres)).ShouldBe([3.5m, 7.5m]);
    }

    [Fact]
    public async Task It_reads_and_writes_what_the_plugin_was_granted_and_its_own_types_of_both_versions()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        await fleet.Create(Harbour.Berth, Values.None.With(Harbour.Label, "A1"));
        var granted = PluginPermissions.For(Harbour2.Model) with { Reads = [], Writes = [] };

        var problem = await Should.ThrowAsync<Problem>(Change(fleet, new MigrationRun(fleet.Engine, "harbour", [Migration.Of("2.0.0", L, Harbour.Berth,
            b => b.And(new Edit.Create("Person", b.IdOf("p"), Values.Of(("name", "P")))))]) { Granted = granted }));
        (problem.Code, problem.Faults.Single().Field).ShouldBe((ProblemCode.Forbidden, "Person"));
        problem = await Should.ThrowAsync<Problem>(Change(fleet, new MigrationRun(fleet.Engine, "harbour", [new(Second, L, "Berth",
            async (b, c) => await b.Xrm.Query(Query.For(People.Person), c))]) { Granted = granted }));
        problem.Code.ShouldBe(ProblemCode.Forbidden);
        await Change(fleet, new MigrationRun(fleet.Engine, "harbour", MigrationRun.Due(Harbour2.Migrations, First, Second)) { Granted = granted });

        (await fleet.Query(Query.For(Harbour2.Mooring))).Single().DisplayName.ShouldBe("A1");
    }

    [Fact]
    public async Task What_an_earlier_run_made_is_not_made_twice()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette"));
        Migration[] makes = [Migration.Of("2.0.0", L, Harbour2.Boat, b => b.And(new Edit.Create("Mooring", b.IdOf("m"), Values.Of(("label", "made")))))];

        await Update(fleet, due: makes);
        await Update(fleet, due: makes);
        await fleet.Delete("Mooring", EntityId.Derived(boat, "m"));
        (await fleet.Query(Query.For(Harbour2.Mooring))).ShouldBeEmpty();
        await Update(fleet, due: makes);

        (await fleet.Query(Query.For(Harbour2.Mooring))).Single().Version.ShouldBe(3);
        (await fleet.Store.Compare()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_write_that_fails_leaves_model_and_data_as_they_were()
    {
        var journal = new MemoryJournal();
        await using (var fleet = await Fleet.Open(journal, People.Model, Harbour.Model))
        {
            var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette").With(Harbour.Length, 3));
            journal.FailNext();
            (await Should.ThrowAsync<Problem>(Update(fleet))).Code.ShouldBe(ProblemCode.Unavailable);
            fleet.Engine.Model.Type("Berth").ShouldNotBeNull();
            (await fleet.Xrm.Find(Harbour.Boat, boat))!.Get(Harbour.Length).ShouldBe(3);
        }
        await using (var fleet = await Fleet.Open(journal))
        {
            fleet.Engine.Model.Type("Mooring").ShouldBeNull();
            await Update(fleet);
        }
        await using var again = await Fleet.Open(journal);
        (await again.Query(Query.For(Harbour2.Boat))).Single().Get(Harbour2.Metres).ShouldBe(3.5m);
    }

    private static Task Update(Fleet fleet, Migration[]? due = null) =>
        Change(fleet, new MigrationRun(fleet.Engine, "harbour", MigrationRun.Due(due ?? Harbour2.Migrations, First, Second)));

    private static async Task Change(Fleet fleet, MigrationRun run, CancellationToken cancellation = default) =>
        await fleet.Engine.ChangeModel(new ModelChange([People.Model, Harbour2.Model]) { Migrate = run.Run, Note = new("update", "harbour", "2.0.0") }, Actor.System, cancellation);
}
