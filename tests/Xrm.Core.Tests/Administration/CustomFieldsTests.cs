using System.Collections.Immutable;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Sdk;
using static Xrm.Core.Tests.Administration.Harbour;

namespace Xrm.Core.Tests.Administration;

/// <summary>An authority's own fields while they come, change and go.</summary>
public sealed class CustomFieldsTests
{
    private static readonly Label L = Label.Of("libellé", "label");
    private static readonly FieldDescription Badge = Text("badge", 20) with { Label = Label.Of("Badge", "Badge"), IsUnique = true };

    [Fact]
    public async Task A_field_is_planned_added_and_used_at_once()
    {
        await using var harbour = await With(Boats(Text("name")));
        var fields = new CustomFields(harbour.Engine);

        var plan = await fields.Plan(Add(Badge), Admin, default);
        harbour.Engine.Model.Type("Boat")!.ByName.ShouldNotContainKey("x_badge");
        var done = await fields.Apply(Add(Badge) with { Plan = plan.Hash }, Admin, default);

        plan.Lines.Single().ShouldBe(new PlanLine(PlanKind.Added, PlanPart.Field, "Boat.x_badge", "x", Label.Of("Badge", "Badge")));
        plan.Refusals.ShouldBeEmpty();
        plan.Hash.Length.ShouldBe(64);
        (done.Hash, done.Lines).ShouldBe((plan.Hash, done.Lines));
        await harbour.Make("Boat", ("name", "A"), ("x_badge", "17"));
        (await Should.ThrowAsync<Problem>(() => harbour.Make("Boat", ("x_badge", "17")))).Faults.Single().Rule.ShouldBe("unique");
        (await Should.ThrowAsync<Problem>(() => harbour.Make("Boat", ("x_badge", new string('9', 21))))).Faults.Single().Field.ShouldBe("x_badge");
    }

    [Fact]
    public async Task Every_field_type_of_the_sdk_can_be_a_custom_field()
    {
        await using var harbour = await With(Boats(Text("name")), new ModelBuilder("flags").Add(CodeList.Named("Flags", L, ("FR", L))).Build());
        var fields = new CustomFields(harbour.Engine);
        foreach (var name in FieldTypes.Names)
            await fields.Apply(Add(new("the" + name[..1].ToUpperInvariant() + name[1..], CustomFields.TypeNamed(harbour.Engine.Model, name, null, [new("ONE", L)], "Flags")!, L)), Admin, default);

        var types = harbour.Engine.Model.Type("Boat")!.Fields.Where(f => f.Plugin == "x").Select(f => f.Description.Type.Name);
        types.ShouldBe(FieldTypes.Names);
        await harbour.Make("Boat", ("x_theChoice", "ONE"), ("x_theCode", "FR"), ("x_theInteger", 3), ("x_theDate", new DateOnly(2026, 1, 1)), ("x_theMoney", 1.5m));
        var wrong = await Should.ThrowAsync<Problem>(() => harbour.Make("Boat", ("x_theChoice", "TWO"), ("x_theCode", "IT"), ("x_theEmail", "nobody")));
        wrong.Faults.Select(f => f.Field).ShouldBe(["x_theChoice", "x_theCode", "x_theEmail"]);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_field_is_told_at_once()
    {
        await using var harbour = await With(Boats(Text("name")));
        var fields = new CustomFields(harbour.Engine);
        var wrong = new FieldDescription("Bad name", new OptionsType([new("one", L)]), Label.Of("", "x")) { IsSearchable = true, Default = "two", IsHidden = true };

        var plan = await fields.Plan(new(CustomFieldAction.Add, "Boat", "Bad name") { Field = wrong }, Admin, default);
        var thrown = await Should.ThrowAsync<Problem>(async () => await fields.Apply(new(CustomFieldAction.Add, "Boat", "Bad name") { Field = wrong }, Admin, default));

        plan.Refusals.Select(r => r.Rule).ShouldBe(["custom", "name", "label", "name", "default"], ignoreOrder: true);
        plan.Refusals.ShouldContain(r => r.Message.Fr.StartsWith("Champs personnalisés, Boat.x_Bad name : ", StringComparison.Ordinal) && r.Message.En.StartsWith("Custom fields, Boat.x_Bad name: ", StringComparison.Ordinal));
        thrown.Faults.ShouldBe(plan.Refusals);
        harbour.Engine.Model.Descriptions.ShouldNotContain(d => d.Plugin == "x");
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_with_a_reason()
    {
        await using var harbour = await With(Boats(Text("name")));
        var fields = new CustomFields(harbour.Engine);
        await fields.Apply(Add(Badge), Admin, default);
        var state = new ModelBuilder("town");
        new TownPlugin().Describe(state);
        var status = state.Build().EntityTypes.Single(t => t.Name == "Matter").Fields.Single(f => f.Name == "status");

        (await Refusals(Add(Badge))).ShouldBe([(ProblemCode.Invalid, "name", "clash")]);
        (await Refusals(new(CustomFieldAction.Add, "Ship", "badge") { Field = Badge })).ShouldBe([(ProblemCode.Invalid, "type", "unknown")]);
        (await Refusals(Add(status with { Name = "phase" }))).ShouldBe([(ProblemCode.Invalid, "fieldType", "state")]);
        (await Refusals(Add(new("iban", new Iban(), L)))).ShouldBe([(ProblemCode.Invalid, "fieldType", "fieldType")]);
        (await Refusals(new(CustomFieldAction.Add, "Boat", "other"))).ShouldBe([(ProblemCode.Invalid, null, "required")]);
        (await Refusals(new(CustomFieldAction.Retire, "Boat", "other"))).ShouldBe([(ProblemCode.NotFound, "name", "unknown")]);
        (await Refusals(new(CustomFieldAction.Relabel, "Boat", "other") { Field = Badge })).ShouldBe([(ProblemCode.NotFound, "name", "unknown")]);

        async Task<IEnumerable<(ProblemCode, string?, string?)>> Refusals(CustomFieldRequest request) =>
            (await fields.Plan(request, Admin, default)).Refusals.Select(r => (r.Code, r.Field, r.Rule));
    }

    [Fact]
    public async Task Only_administrators_plan_and_change_custom_fields()
    {
        await using var harbour = await With(Boats(Text("name")));
        var fields = new CustomFields(harbour.Engine);
        var clerk = Actor.Of("user:clerk", "clerk");

        (await Should.ThrowAsync<Problem>(async () => await fields.Plan(Add(Badge), clerk, default))).Code.ShouldBe(ProblemCode.Forbidden);
        (await Should.ThrowAsync<Problem>(async () => await fields.Apply(Add(Badge), clerk, default))).Code.ShouldBe(ProblemCode.Forbidden);
    }

    [Fact]
    public async Task A_relabelled_field_keeps_all_but_label_help_and_sensitivity()
    {
        await using var harbour = await With(Boats(Text("name")));
        var fields = new CustomFields(harbour.Engine);
        await fields.Apply(Add(Badge), Admin, default);
        var said = new FieldDescription("", new IntegerType(), Label.Of("Macaron", "Sticker")) { Help = L, Sensitivity = Sensitivity.Personal, IsRequired = true };

        var done = await fields.Apply(new(CustomFieldAction.Relabel, "Boat", "badge") { Field = said }, Admin, default);

        done.Lines.Single().Remark.ShouldBe(Label.Of("libellé : « Badge » devient « Macaron » ; aide modifiée ; sensibilité : P1 devient P2", "label: \"Badge\" becomes \"Sticker\"; help changed; sensitivity: P1 becomes P2"));
        var field = harbour.Engine.Model.Type("Boat")!.ByName["x_badge"].Description;
        (field.Label, field.Help, field.Sensitivity, field.Type.Name, field.IsUnique, field.IsRequired).ShouldBe((said.Label, L, Sensitivity.Personal, "text", true, false));
    }

    [Fact]
    public async Task A_retired_field_parks_its_data_and_adding_it_again_brings_them_back()
    {
        await using var harbour = await With(Boats(Text("name")));
        var fields = new CustomFields(harbour.Engine);
        await fields.Apply(Add(Badge), Admin, default);
        var boat = await harbour.Make("Boat", ("name", "A"), ("x_badge", "17"));

        var retired = await fields.Apply(new(CustomFieldAction.Retire, "Boat", "badge"), Admin, default);
        (retired.Lines.Single().Kind, retired.Lines.Single().Count, retired.Lines.Single().IsDestructive).ShouldBe((PlanKind.Parked, 1, true));
        harbour.Engine.Model.Type("Boat")!.ByName.ShouldNotContainKey("x_badge");
        (await fields.Plan(Add(Number("badge")), Admin, default)).Refusals.Single().Rule.ShouldBe("kept");

        var again = await fields.Apply(Add(Badge with { Label = L }), Admin, default);
        (again.Lines.Single().Kind, again.Lines.Single().Count).ShouldBe((PlanKind.Restored, 1));
        (await harbour.Engine.As(Admin).Find(EntityType.Elsewhere("Boat"), boat))!.Values.TryGet("x_badge", out var badge).ShouldBeTrue();
        badge.ShouldBe("17");
    }

    [Fact]
    public async Task A_plan_is_no_longer_good_when_the_model_moved_or_another_thing_is_asked()
    {
        await using var harbour = await With(Boats(Text("name")));
        var fields = new CustomFields(harbour.Engine);
        var plan = await fields.Plan(Add(Badge), Admin, default);

        (await Should.ThrowAsync<Problem>(async () => await fields.Apply(Add(Badge with { IsRequired = true }) with { Plan = plan.Hash }, Admin, default))).Code.ShouldBe(ProblemCode.Conflict);
        await harbour.Put(Boats(Text("name")), Berths(LiesAt()));
        (await Should.ThrowAsync<Problem>(async () => await fields.Apply(Add(Badge) with { Plan = plan.Hash }, Admin, default))).Code.ShouldBe(ProblemCode.Conflict);
        await fields.Apply(Add(Badge) with { Plan = (await fields.Plan(Add(Badge), Admin, default)).Hash }, Admin, default);

        harbour.Engine.Model.Type("Berth").ShouldNotBeNull();
        harbour.Engine.Model.Type("Boat")!.ByName.ShouldContainKey("x_badge");
    }

    [Fact]
    public async Task Fields_added_at_once_all_come_in()
    {
        await using var harbour = await With(Boats(Text("name")));
        var fields = new CustomFields(harbour.Engine);

        var tries = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(async () => await fields.Apply(Add(Text($"field{i}")), Admin, default))));

        tries.Length.ShouldBe(3);
        harbour.Engine.Model.Type("Boat")!.Fields.Select(f => f.Name).ShouldBe(["name", "x_field0", "x_field1", "x_field2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Where_the_plugin_of_its_type_goes_a_field_waits_and_comes_back_with_it()
    {
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt()));
        var fields = new CustomFields(harbour.Engine);
        await fields.Apply(new(CustomFieldAction.Add, "Berth", "depth") { Field = Number("depth") }, Admin, default);
        await fields.Apply(new(CustomFieldAction.Add, "LiesAt", "rope") { Field = Text("rope") }, Admin, default);
        var berth = await harbour.Make("Berth", ("name", "1"), ("x_depth", 7));

        (await harbour.Plan(Boats(Text("name")))).Names().ShouldContain("Parked Berth.x_depth");
        await harbour.Put(Boats(Text("name")));
        (await fields.Plan(new(CustomFieldAction.Add, "Berth", "width") { Field = Number("width") }, Admin, default)).Refusals.Select(r => r.Rule).ShouldBe(["unknown"]);
        await fields.Apply(new(CustomFieldAction.Retire, "LiesAt", "rope"), Admin, default);
        (await harbour.Plan(Boats(Text("name")), Berths(LiesAt()))).Line("Berth.x_depth").ShouldBe(
            new PlanLine(PlanKind.Restored, PlanPart.Field, "Berth.x_depth", "x", Label.Of("depth fr", "depth en")) { Count = 1 });
        await harbour.Put(Boats(Text("name")), Berths(LiesAt()));

        (await harbour.Engine.As(Admin).Find(EntityType.Elsewhere("Berth"), berth))!.Values.TryGet("x_depth", out var depth).ShouldBeTrue();
        depth.ShouldBe(7);
        harbour.Engine.Model.Relationship("LiesAt")!.ByName.ShouldNotContainKey("x_rope");
    }

    [Fact]
    public async Task A_field_of_a_plugins_own_type_is_checked_by_it_and_waits_while_the_plugin_is_away()
    {
        var bank = new ModelDescription("bank") { EntityTypes = [new("Account", L) { Fields = [new("iban", new Iban(), L)] }] };
        await using var harbour = await With(Boats(Text("name")), bank);
        var fields = new CustomFields(harbour.Engine);
        await fields.Apply(Add(new("account", CustomFields.TypeNamed(harbour.Engine.Model, "iban", null, [], null)!, L)), Admin, default);
        await harbour.Make("Boat", ("x_account", "FR76"));
        (await Should.ThrowAsync<Problem>(() => harbour.Make("Boat", ("x_account", "wrong")))).Faults.Single().Rule.ShouldBe("iban");

        await harbour.Put(Boats(Text("name")));
        harbour.Engine.Model.Type("Boat")!.ByName.ShouldNotContainKey("x_account");
        CustomFields.TypeNamed(harbour.Engine.Model, "iban", null, [], null).ShouldBeNull();

        (await harbour.Plan(Boats(Text("name")), bank)).Line("Boat.x_account").Count.ShouldBe(1);
        await harbour.Put(Boats(Text("name")), bank);
        (await Should.ThrowAsync<Problem>(() => harbour.Make("Boat", ("x_account", "wrong")))).Faults.Single().Rule.ShouldBe("iban");
    }

    [Fact]
    public async Task Custom_fields_are_there_again_after_a_restart_and_nothing_is_written_for_it()
    {
        ModelDescription[] said = [new ModelBuilder("flags").Add(CodeList.Named("Flags", L, ("FR", L))).Build(), Boats(Text("name"))];
        await using var first = await With(said);
        var fields = new CustomFields(first.Engine);
        await fields.Apply(Add(Choice("rig", "SLOOP") with { IsRequired = true, Default = "SLOOP" }), Admin, default);
        await fields.Apply(Add(Code("flag", "Flags")), Admin, default);
        await fields.Apply(Add(Badge), Admin, default);
        await first.Make("Boat", ("x_badge", "17"), ("x_flag", "FR"));
        await fields.Apply(new(CustomFieldAction.Retire, "Boat", "badge"), Admin, default);
        var (fingerprint, head) = (first.Engine.Model.Fingerprint, first.Engine.Log.Head);

        await using var second = await Open(first.Journal);
        second.Engine.Model.Fingerprint.ShouldBe(fingerprint);
        await second.Put(said);
        second.Engine.Log.Head.ShouldBe(head);

        (await Should.ThrowAsync<Problem>(() => second.Make("Boat", ("x_rig", "YAWL"), ("x_flag", "IT")))).Faults.Select(f => f.Field).ShouldBe(["x_rig", "x_flag"]);
        var again = await new CustomFields(second.Engine).Apply(Add(Badge), Admin, default);
        (again.Lines.Single().Kind, again.Lines.Single().Count).ShouldBe((PlanKind.Restored, 1));
    }

    [Fact]
    public async Task A_required_field_tells_how_many_things_have_no_value_and_is_asked_of_new_ones()
    {
        await using var harbour = await With(Boats(Text("name")));
        var boat = await harbour.Make("Boat", ("name", "A"));
        var fields = new CustomFields(harbour.Engine);

        var done = await fields.Apply(Add(Badge with { IsRequired = true }), Admin, default);

        (done.Lines.Single().Count, done.Lines.Single().Remark!.Fr).ShouldBe((1, "sans valeur : 1 fiche, seules les nouvelles doivent en avoir une"));
        (await Should.ThrowAsync<Problem>(() => harbour.Make("Boat", ("name", "B")))).Faults.Single().Rule.ShouldBe("required");
        await harbour.Engine.Commit(Commit.New().And(new Edit.Update("Boat", boat, 1, Values.Of(("name", "C")))), Admin, default);
    }

    private static CustomFieldRequest Add(FieldDescription field) => new(CustomFieldAction.Add, "Boat", field.Name) { Field = field };

    private sealed class Iban : PlainFieldType<string>
    {
        public override string Name => "iban";
        public override Shape Shape => Shape.Text;

        public override object Check(object value, out Label? fault)
        {
            fault = ((string)value).StartsWith("FR", StringComparison.Ordinal) ? null : Label.Of("Un IBAN français.", "A French IBAN.");
            return value;
        }
    }
}
