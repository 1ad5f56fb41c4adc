using Xrm.Core.Administration;
using Xrm.Sdk;
using static Xrm.Core.Tests.Administration.Harbour;

namespace Xrm.Core.Tests.Administration;

/// <summary>What a plan says of the data there are.</summary>
public sealed class DataEffectsTests
{
    private static readonly Label L = Label.Of("libellé", "label");

    [Fact]
    public async Task What_is_parked_tells_how_many_things_it_touches()
    {
        await using var harbour = await With(Boats(Text("name"), Text("colour"), Text("home")), Berths(LiesAt(), "Buoy"));
        var (a, b) = (await harbour.Make("Boat", ("name", "A"), ("colour", "red")), await harbour.Make("Boat", ("name", "B")));
        var berth = await harbour.Make("Berth", ("name", "1"));
        await harbour.Moor(a, berth);
        await harbour.Moor(b, berth);

        var plan = await harbour.Plan(Boats(Text("name")));

        plan.Lines.Select(l => ($"{l.Kind} {l.Name}", l.Count, l.IsDestructive)).ShouldBe(
        [
            ("Parked Boat.colour", 1, true), ("Parked Boat.home", 0, false), ("Parked Berth", 1, true), ("Parked Berth.name", 1, true),
            ("Parked Buoy", 0, false), ("Parked Buoy.name", 0, false), ("Parked LiesAt", 2, true),
        ]);
        plan.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_comes_back_tells_how_many_things_come_back()
    {
        await using var harbour = await With(Boats(Text("name"), Text("colour")), Berths(LiesAt()));
        var boat = await harbour.Make("Boat", ("name", "A"), ("colour", "red"));
        await harbour.Moor(boat, await harbour.Make("Berth", ("name", "1")));
        await harbour.Put(Boats(Text("name")));
        await harbour.Make("Boat", ("name", "B"));

        var plan = await harbour.Plan(Boats(Text("name"), Text("colour", 40), Text("new")), Berths(LiesAt()));

        plan.Lines.Select(l => ($"{l.Kind} {l.Name}", l.Count)).ShouldBe(
            [("Restored Boat.colour", 1), ("Added Boat.new", null), ("Restored Berth", 1), ("Restored Berth.name", 1), ("Restored LiesAt", 1)]);
        plan.Line("Boat.colour").Remark!.Fr.ShouldBe("longueur maximale : 200 devient 40");
        plan.Lines.ShouldAllBe(l => !l.IsDestructive);
    }

    [Fact]
    public async Task Values_that_would_be_refused_are_counted_by_reason_and_never_shown()
    {
        await using var harbour = await With(Boats(Text("name"), Number("length"), Choice("rig", "SLOOP", "KETCH"), Text("sail")));
        await harbour.Make("Boat", ("name", "Albatros"), ("length", 3), ("rig", "KETCH"), ("sail", "F 12"));
        await harbour.Make("Boat", ("name", "Gull"), ("length", 30), ("rig", "SLOOP"), ("sail", "none"));
        await harbour.Make("Boat", ("name", "Tern"), ("length", 12));

        var plan = await harbour.Plan(Boats(Text("name", 4), Number("length") with { Min = 5, Max = 20 }, Choice("rig", "SLOOP"), Text("sail") with { Pattern = "F .*" }));

        plan.Refusals.ShouldBeEmpty();
        plan.Lines.Select(l => (l.Name, l.Count, l.IsDestructive)).ShouldBe([("Boat.name", 1, true), ("Boat.length", 2, true), ("Boat.rig", 1, true), ("Boat.sail", 1, true)]);
        plan.Line("Boat.name").Remark!.Fr.ShouldEndWith("valeurs refusées désormais : 1 (trop longue : 1)");
        plan.Line("Boat.length").Remark!.En.ShouldEndWith("values refused from now on: 2 (too great: 1, too small: 1)");
        plan.Line("Boat.rig").Remark!.En.ShouldEndWith("values refused from now on: 1 (not among the choices: 1)");
        plan.Line("Boat.sail").Remark!.En.ShouldEndWith("values refused from now on: 1 (not like the pattern: 1)");
        plan.Lines.ShouldAllBe(l => !l.Remark!.Fr.Contains("Albatros"));
    }

    [Fact]
    public async Task Limits_that_become_wider_look_at_no_value()
    {
        await using var harbour = await With(Boats(Text("name", 10), Choice("rig", "SLOOP")));
        await harbour.Make("Boat", ("name", "A"), ("rig", "SLOOP"));

        var plan = await harbour.Plan(Boats(Text("name", 20), Choice("rig", "SLOOP", "KETCH")));

        plan.Lines.ShouldAllBe(l => l.Count == null && !l.IsDestructive);
    }

    [Fact]
    public async Task A_field_that_becomes_required_tells_how_many_things_have_no_value_and_is_not_refused()
    {
        await using var harbour = await With(Boats(Text("name"), Text("home")));
        await harbour.Make("Boat", ("name", "A"), ("home", "X"));
        await harbour.Make("Boat", ("name", "B"));

        var plan = await harbour.Plan(Boats(Text("name"), Text("home") with { IsRequired = true }, Text("flag") with { IsRequired = true }));

        plan.Refusals.ShouldBeEmpty();
        var home = plan.Line("Boat.home");
        (home.Count, home.IsDestructive, home.Remark!.Fr).ShouldBe((1, false, "obligatoire désormais ; sans valeur : 1 fiche, seules les nouvelles doivent en avoir une"));
        (plan.Line("Boat.flag").Count, plan.Line("Boat.flag").Remark!.En).ShouldBe((2, "without a value: 2 things, only new ones need one"));
    }

    [Fact]
    public async Task Codes_that_go_tell_which_fields_still_have_them()
    {
        static ModelDescription Flags(params string[] codes) => new ModelBuilder("flags").Add(CodeList.Named("Flags", L, [.. codes.Select(c => (c, L))])).Build();
        await using var harbour = await With(Flags("FR", "BE"), Boats(Code("flag", "Flags"), Code("second", "Flags")));
        await harbour.Make("Boat", ("flag", "BE"));
        await harbour.Make("Boat", ("flag", "FR"), ("second", "BE"));

        var line = (await harbour.Plan(Flags("FR"), Boats(Code("flag", "Flags"), Code("second", "Flags")))).Lines.Single();

        (line.Name, line.Count, line.IsDestructive).ShouldBe(("Flags", 2, true));
        line.Remark!.En.ShouldBe("codes taken away: BE; codes that things still have, in Boat.flag: 1; codes that things still have, in Boat.second: 1");
    }

    [Fact]
    public async Task Relationships_to_a_type_that_is_no_longer_reached_are_counted()
    {
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt(targets: ["Berth", "Buoy"]), "Buoy"));
        var boat = await harbour.Make("Boat", ("name", "A"));
        await harbour.Moor(boat, await harbour.Make("Berth", ("name", "1")));
        await harbour.Moor(boat, await harbour.Make("Buoy", ("name", "2")));
        await harbour.Moor(boat, await harbour.Make("Buoy", ("name", "3")));

        var line = (await harbour.Plan(Boats(Text("name")), Berths(LiesAt(), "Buoy"))).Lines.Single();

        (line.Name, line.Count, line.IsDestructive).ShouldBe(("LiesAt", 2, true));
        line.Remark!.En.ShouldBe("target, types taken away: Buoy; no longer seen, kept apart: 2 relationships");
    }

    [Fact]
    public async Task Periods_and_values_that_nobody_would_read_any_more_are_destructive()
    {
        static ModelDescription Dated(bool isDated, bool isHidden) => Boats(Text("name") with { IsHidden = isHidden }) is var boats
            ? boats with { EntityTypes = [boats.EntityTypes[0] with { IsDated = isDated }] }
            : null!;
        await using var harbour = await With(Dated(true, false), Berths(LiesAt(dated: true)));
        var boat = await harbour.Make("Boat", ("name", "A"), ("validFrom", new DateOnly(2020, 1, 1)));
        await harbour.Make("Boat");
        await harbour.Moor(boat, await harbour.Make("Berth", ("name", "1")), new Period(null, new DateOnly(2021, 1, 1)));

        var plan = await harbour.Plan(Dated(false, true), Berths(LiesAt()));

        plan.Lines.Select(l => (l.Name, l.Count, l.IsDestructive)).ShouldBe([("Boat", 1, true), ("Boat.name", 1, true), ("LiesAt", 1, true)]);
        plan.Line("LiesAt").Remark!.Fr.ShouldBe("n'est plus daté ; périodes qui ne seraient plus lues : 1 relation");
        plan.Line("Boat.name").Remark!.En.ShouldBe("hidden from now on; values no longer read: 1 thing");
    }

    [Fact]
    public async Task More_things_than_a_page_holds_are_all_counted()
    {
        await using var harbour = await With(Boats(Text("name"), Text("colour")), Berths(LiesAt()));
        var berth = await harbour.Make("Berth", ("name", "1"));
        var commit = Commit.New();
        for (var i = 0; i < 2_600; i++)
        {
            var id = EntityId.New();
            commit = commit.And(new Edit.Create("Boat", id, Values.Of(("name", $"B{i}"), ("colour", i % 2 == 0 ? "red" : null))));
            commit = commit.And(new Edit.Relate("LiesAt", EntityId.New(), id, berth, default, Values.None));
        }
        await harbour.Engine.Commit(commit, Admin, default);

        var plan = await harbour.Plan(Boats(Text("name", 4)));

        (plan.Line("Boat.name").Count, plan.Line("Boat.colour").Count, plan.Line("LiesAt").Count).ShouldBe((1_600, 1_300, 2_600));
        // At a berth lie more boats than one read of its relationships takes.
        (await harbour.Plan(Boats(Text("name"), Text("colour")), Berths(ToOneTarget()))).Line("LiesAt").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_symmetric_relationship_counts_once_from_whichever_end_it_is_seen()
    {
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt(symmetric: true)));
        var (a, b) = (await harbour.Make("Boat", ("name", "A")), await harbour.Make("Boat", ("name", "B")));
        await harbour.Moor(a, b);
        await harbour.Moor(b, await harbour.Make("Boat", ("name", "C")));

        (await harbour.Plan(Boats(Text("name")))).Line("LiesAt").Count.ShouldBe(2);
        (await harbour.Plan(Boats(Text("name")), Berths(LiesAt(toOne: true, symmetric: true)))).Refusals.Single().Message.En.ShouldEndWith("there are several: 1 thing.");
    }

    [Fact]
    public async Task Counting_can_be_stopped()
    {
        await using var harbour = await With(Boats(Text("name")));
        await harbour.Make("Boat", ("name", "A"));
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await ModelPlanner.Plan(harbour.Engine, [], stop.Token));
    }

    private static RelationshipTypeDescription ToOneTarget()
    {
        var lies = LiesAt();
        return lies with { Target = lies.Target with { IsToOne = true } };
    }
}
