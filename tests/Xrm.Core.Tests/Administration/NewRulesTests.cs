using Xrm.Core.Administration;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;
using static Xrm.Core.Tests.Administration.Harbour;

namespace Xrm.Core.Tests.Administration;

/// <summary>What a model cannot forbid while data break it.</summary>
public sealed class NewRulesTests
{
    private static readonly FieldDescription UniqueName = Text("name") with { IsUnique = true };

    [Fact]
    public async Task A_key_whose_values_are_there_twice_is_refused_by_the_plan_and_by_the_swap()
    {
        await using var harbour = await With(Boats(Text("name")));
        foreach (var name in (string?[])["A", "A", "A", "B", "B", "C", null, null])
            await harbour.Make("Boat", ("name", name));
        var model = harbour.Engine.Model;

        var plan = await harbour.Plan(Boats(UniqueName));
        var refused = await Should.ThrowAsync<Problem>(() => harbour.Put(Boats(UniqueName)));

        var refusal = plan.Refusals.Single();
        (refusal.Code, refusal.Field, refusal.Rule).ShouldBe((ProblemCode.Invalid, "Boat.name", "unique"));
        refusal.Message.ShouldBe(Label.Of(
            "Boat.name : valeurs en double, name ne peut pas être unique : 5 fiches, 2 valeurs (A, B).",
            "Boat.name: values are there twice, name cannot be unique: 5 things, 2 values (A, B)."));
        (plan.Model, plan.Line("Boat.name").Count, plan.Line("Boat.name").IsDestructive).ShouldBe((null, 5, true));
        refused.Faults.ShouldBe([refusal]);
        harbour.Engine.Model.ShouldBeSameAs(model);
        await harbour.Make("Boat", ("name", "A"));
    }

    [Fact]
    public async Task Values_of_personal_fields_are_counted_and_not_shown()
    {
        await using var harbour = await With(Boats(Text("name") with { Sensitivity = Sensitivity.Personal }));
        await harbour.Make("Boat", ("name", "Secret"));
        await harbour.Make("Boat", ("name", "Secret"));

        var plan = await harbour.Plan(Boats(UniqueName with { Sensitivity = Sensitivity.Personal }));

        plan.Refusals.Single().Message.En.ShouldBe("Boat.name: values are there twice, name cannot be unique: 2 things, 1 value.");
        plan.Lines.ShouldAllBe(l => !l.Remark!.Fr.Contains("Secret"));
    }

    [Fact]
    public async Task A_key_over_several_fields_counts_what_agrees_in_all_of_them()
    {
        static ModelDescription Keyed(params string[] key) => Boats(Text("name"), Number("year")) is var boats
            ? boats with { EntityTypes = [boats.EntityTypes[0] with { Keys = key.Length == 0 ? [] : [[.. key]] }] }
            : null!;
        await using var harbour = await With(Keyed());
        foreach (var (name, year) in ((string, int?)[])[("A", 1), ("A", 2), ("B", 1), ("A", null), ("A", null)])
            await harbour.Make("Boat", ("name", name), ("year", year));
        (await harbour.Plan(Keyed("name", "year"))).Refusals.ShouldBeEmpty();

        await harbour.Make("Boat", ("name", "A"), ("year", 2));

        var plan = await harbour.Plan(Keyed("name", "year"));
        plan.Refusals.Single().Message.Fr.ShouldBe("Boat : valeurs en double, name+year ne peut pas être unique : 2 fiches, 1 valeur (A + 2).");
        plan.Line("Boat").Count.ShouldBe(2);
        var one = await harbour.Plan(Keyed("name"));
        (one.Refusals.Single().Field, one.Line("Boat.name").Count, one.Line("Boat.name").Plugin).ShouldBe(("Boat.name", 5, "boats"));
    }

    [Fact]
    public async Task Values_that_each_stand_once_are_a_key_from_then_on()
    {
        await using var harbour = await With(Boats(Text("name")));
        await harbour.Make("Boat", ("name", "A"));

        (await harbour.Plan(Boats(UniqueName))).Refusals.ShouldBeEmpty();
        await harbour.Put(Boats(UniqueName));

        (await Should.ThrowAsync<Problem>(() => harbour.Make("Boat", ("name", "A")))).Faults.Single().Rule.ShouldBe("unique");
    }

    [Fact]
    public async Task What_is_written_while_a_key_comes_into_force_is_kept_to_it()
    {
        await using var harbour = await With(Boats(Text("name")));
        var writing = Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            try
            {
                await harbour.Make("Boat", ("name", $"N{i / 2}"));
                return 1;
            }
            catch (Problem problem) when (problem.Faults.All(f => f.Rule == "unique"))
            {
                return 0;
            }
        })).ToArray();
        Problem? refused = null;
        try
        {
            await harbour.Put(Boats(UniqueName));
        }
        catch (Problem problem)
        {
            refused = problem;
        }
        var written = (await Task.WhenAll(writing)).Sum();

        var names = (await harbour.Engine.As(Admin).Query(new Query("Boat").First(100))).Entities.Select(e => e.DisplayName).ToArray();
        names.Length.ShouldBe(written);
        if (refused is null)
            names.ShouldBeUnique();
        else
            refused.Faults.ShouldAllBe(f => f.Rule == "unique");
    }

    [Fact]
    public async Task An_end_that_becomes_to_one_is_refused_while_a_thing_has_several_at_once()
    {
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt()));
        var (a, b) = (await harbour.Make("Boat", ("name", "A")), await harbour.Make("Boat", ("name", "B")));
        var berths = (await harbour.Make("Berth", ("name", "1")), await harbour.Make("Berth", ("name", "2")));
        await harbour.Moor(a, berths.Item1);
        await harbour.Moor(b, berths.Item1);
        (await harbour.Plan(Boats(Text("name")), Berths(LiesAt(toOne: true)))).Refusals.ShouldBeEmpty();
        await harbour.Moor(a, berths.Item2);

        var plan = await harbour.Plan(Boats(Text("name")), Berths(LiesAt(toOne: true)));

        (plan.Refusals.Single().Field, plan.Refusals.Single().Rule).ShouldBe(("LiesAt", "toOne"));
        plan.Line("LiesAt").Remark!.En.ShouldBe("source, one relationship at a time from now on; \"Berths\" has room for one relationship at a time, and there are several: 1 thing.");
        (await Should.ThrowAsync<Problem>(() => harbour.Put(Boats(Text("name")), Berths(LiesAt(toOne: true))))).Faults.ShouldBe(plan.Refusals);
    }

    [Fact]
    public async Task Periods_that_do_not_meet_are_one_at_a_time_and_those_that_do_are_not()
    {
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt(dated: true)));
        var (a, one, two) = (await harbour.Make("Boat", ("name", "A")), await harbour.Make("Berth", ("name", "1")), await harbour.Make("Berth", ("name", "2")));
        await harbour.Moor(a, one, new(null, Day(5)));
        await harbour.Moor(a, two, new(Day(5), Day(9)));
        await harbour.Moor(a, one, new(Day(7), Day(7)));
        (await harbour.Plan(Boats(Text("name")), Berths(LiesAt(toOne: true, dated: true)))).Refusals.ShouldBeEmpty();
        // Without days, what was one after the other is there at once.
        (await harbour.Plan(Boats(Text("name")), Berths(LiesAt(toOne: true)))).Refusals.Single().Rule.ShouldBe("toOne");

        await harbour.Moor(a, one, new(Day(8), null));

        (await harbour.Plan(Boats(Text("name")), Berths(LiesAt(toOne: true, dated: true)))).Refusals.Single().Rule.ShouldBe("toOne");
    }

    [Fact]
    public async Task A_relationship_cannot_become_symmetric_while_there_are_some()
    {
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt(targets: ["Boat"])));
        var symmetric = Berths(LiesAt(symmetric: true));
        (await harbour.Plan(Boats(Text("name")), symmetric)).Refusals.ShouldBeEmpty();
        await harbour.Moor(await harbour.Make("Boat", ("name", "A")), await harbour.Make("Boat", ("name", "B")));

        var plan = await harbour.Plan(Boats(Text("name")), symmetric);

        (plan.Refusals.Single().Rule, plan.Line("LiesAt").Count).ShouldBe(("symmetric", 1));
    }

    [Fact]
    public async Task What_a_migration_puts_right_in_the_same_commit_is_not_in_the_way()
    {
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt()));
        var (a, b) = (await harbour.Make("Boat", ("name", "A")), await harbour.Make("Boat", ("name", "A")));
        var links = (await harbour.Moor(a, await harbour.Make("Berth", ("name", "1"))), await harbour.Moor(a, await harbour.Make("Berth", ("name", "2"))));
        ModelDescription[] then = [Boats(UniqueName), Berths(LiesAt(toOne: true))];
        var plan = await ModelPlanner.Plan(harbour.Engine, [.. then], migrates: true, TestContext.Current.CancellationToken);
        plan.Refusals.ShouldBeEmpty();
        (plan.Line("Boat.name").IsDestructive, plan.Line("LiesAt").IsDestructive).ShouldBe((true, true));

        (await Should.ThrowAsync<Problem>(() => Change(renames: true, unrelates: false))).Faults.Single().Rule.ShouldBe("toOne");
        (await Should.ThrowAsync<Problem>(() => Change(renames: false, unrelates: true))).Faults.Single().Rule.ShouldBe("unique");
        await Change(renames: true, unrelates: true);

        (await harbour.Engine.As(Admin).Query(new Query("Boat"))).Entities.Select(e => e.DisplayName).ShouldBe(["A", "B"], ignoreOrder: true);

        async Task Change(bool renames, bool unrelates) => await harbour.Engine.ChangeModel(new ModelChange([.. then])
        {
            Migrate = (_, after, _, _) =>
            {
                var edits = new List<RecordEdit>();
                var (boat, lies) = (after.Model.Type("Boat")!, after.Model.Relationship("LiesAt")!);
                if (renames)
                    edits.Add(new(ChangeKind.Updated, boat, b.Value, Set(boat.ByName["name"].Ordinal, "B")));
                if (unrelates)
                    edits.Add(new(ChangeKind.Unrelated, lies, links.Item2.Value, default));
                return new(new MigratedData(edits, []));
            },
        }, Admin, default);
    }

    [Fact]
    public async Task What_a_migration_makes_counts_too()
    {
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt()));
        var (a, berth, other) = (await harbour.Make("Boat", ("name", "A")), await harbour.Make("Berth", ("name", "1")), await harbour.Make("Berth", ("name", "2")));
        await harbour.Moor(a, berth);

        (await Should.ThrowAsync<Problem>(() => Change((boat, _) => new(ChangeKind.Created, boat, EntityId.New().Value, Set(boat.Fields[0].Ordinal, "A"))))).Faults.Single().Rule.ShouldBe("unique");
        (await Should.ThrowAsync<Problem>(() => Change((_, lies) => new(ChangeKind.Related, lies, EntityId.New().Value, default) { Source = a.Value, Target = other.Value }))).Faults.Single().Rule.ShouldBe("toOne");

        async Task Change(Func<Xrm.Core.Model.ModelType, Xrm.Core.Model.ModelRelationship, RecordEdit> edit) =>
            await harbour.Engine.ChangeModel(new ModelChange([Boats(UniqueName), Berths(LiesAt(toOne: true))])
            {
                Migrate = (_, after, _, _) => new(new MigratedData([edit(after.Model.Type("Boat")!, after.Model.Relationship("LiesAt")!)], [])),
            }, Admin, default);
    }

    [Fact]
    public async Task A_type_that_comes_back_does_not_bring_a_second_relationship_where_there_is_room_for_one()
    {
        ModelDescription[] both = [Boats(Text("name")), Berths(LiesAt(toOne: true, targets: ["Berth", "Buoy"]), "Buoy")];
        await using var harbour = await With(both);
        var boat = await harbour.Make("Boat", ("name", "A"));
        var berth = await harbour.Make("Berth", ("name", "2"));
        await harbour.Moor(boat, await harbour.Make("Buoy", ("name", "1")));
        await harbour.Engine.ChangeModel(new ModelChange([Boats(Text("name")), Berths(LiesAt(toOne: true))])
        {
            Migrate = (_, after, _, _) => new(new MigratedData([new(ChangeKind.Related, after.Model.Relationship("LiesAt")!, EntityId.New().Value, default) { Source = boat.Value, Target = berth.Value }], [])),
        }, Admin, default);

        var plan = await harbour.Plan(both);

        plan.Refusals.Select(r => r.Rule).ShouldBe(["toOne"]);
    }

    private static DateOnly Day(int day) => new(2026, 1, day);

    private static byte[] Set(int ordinal, string text)
    {
        var set = new System.Buffers.ArrayBufferWriter<byte>();
        FieldSet.Append(set, ordinal, JsonValue.Quote(text));
        return set.WrittenSpan.ToArray();
    }
}
