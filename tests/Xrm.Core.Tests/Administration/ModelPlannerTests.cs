using Xrm.Core.Administration;
using Xrm.Sdk;
using static Xrm.Core.Tests.Administration.Harbour;

namespace Xrm.Core.Tests.Administration;

/// <summary>What a plan says of the model itself.</summary>
public sealed class ModelPlannerTests
{
    private static readonly Label L = Label.Of("libellé", "label");

    [Fact]
    public async Task What_says_the_same_has_no_lines()
    {
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt()));

        var plan = await harbour.Plan(Boats(Text("name")), Berths(LiesAt()));

        plan.Lines.ShouldBeEmpty();
        plan.Refusals.ShouldBeEmpty();
        plan.On.ShouldBe(harbour.Engine.Model.Fingerprint);
    }

    [Fact]
    public async Task Planning_changes_nothing()
    {
        await using var harbour = await With(Boats(Text("name")));
        var (model, head) = (harbour.Engine.Model, harbour.Engine.Log.Head);

        (await harbour.Plan(Boats(Text("name") with { IsUnique = true }), Berths(LiesAt()))).Model.ShouldNotBeNull();

        harbour.Engine.Model.ShouldBeSameAs(model);
        harbour.Engine.Log.Head.ShouldBe(head);
        await harbour.Make("Boat", ("name", "A"));
        await harbour.Make("Boat", ("name", "A"));
    }

    [Fact]
    public async Task All_that_comes_is_added_each_type_with_its_fields_behind_it()
    {
        await using var harbour = await With();
        var roles = new ModelBuilder("harbour").Role("harbourMaster", Label.Of("Capitainerie", "Harbour master"), grant => grant.Add(new Grant("Boat", Rights.Read)))
            .Add(CodeList.Named("Flags", Label.Of("Pavillons", "Flags"), ("FR", L))).Build();

        var plan = await harbour.Plan(Boats(Text("name"), Number("length")), Berths(LiesAt()), roles);

        plan.Names().ShouldBe(["Added Boat", "Added Boat.name", "Added Boat.length", "Added Berth", "Added Berth.name", "Added LiesAt", "Added Flags", "Added harbourMaster"]);
        plan.Lines.Select(l => l.Part).Distinct().ShouldBe([PlanPart.EntityType, PlanPart.Field, PlanPart.RelationshipType, PlanPart.CodeList, PlanPart.Role]);
        plan.Lines.ShouldAllBe(l => !l.IsDestructive && l.Count == null && l.Remark == null);
        (plan.Line("Boat").Plugin, plan.Line("Boat").Label, plan.Line("Flags").Plugin).ShouldBe(("boats", BoatLabel, "harbour"));
    }

    [Fact]
    public async Task What_changed_about_a_field_is_said_in_both_languages()
    {
        await using var harbour = await With(Boats(Text("name", 40), Choice("rig", "SLOOP", "KETCH")));

        var plan = await harbour.Plan(Boats(
            Text("name", 20) with { Label = Label.Of("Nom", "Name"), IsRequired = true, Sensitivity = Sensitivity.Personal },
            Choice("rig", "SLOOP", "YAWL")));

        plan.Names().ShouldBe(["Changed Boat.name", "Changed Boat.rig"]);
        plan.Line("Boat.name").Remark.ShouldBe(Label.Of(
            "libellé : « name fr » devient « Nom » ; longueur maximale : 40 devient 20 ; obligatoire désormais ; sensibilité : P1 devient P2",
            "label: \"name en\" becomes \"Name\"; maximum length: 40 becomes 20; required from now on; sensitivity: P1 becomes P2"));
        plan.Line("Boat.rig").Remark.ShouldBe(Label.Of("choix ajoutés : YAWL ; choix retirés : KETCH", "choices added: YAWL; choices taken away: KETCH"));
        plan.Lines.ShouldAllBe(l => !l.IsDestructive);
    }

    [Fact]
    public async Task Every_facet_of_a_field_that_changes_is_told()
    {
        await using var harbour = await With(Boats(Text("a"), Number("b"), Text("c"), Text("d")));

        var plan = await harbour.Plan(Boats(
            Text("a") with { Type = new LongTextType(200), IsSearchable = true, Pattern = "x*", Help = L },
            Number("b") with { Min = 1, Max = 9, Default = 3 },
            Text("c") with { IsUnique = true, PatternMessage = L },
            Text("d") with { IsHidden = true }));

        plan.Line("Boat.a").Remark!.En.ShouldBe("help changed; type: text becomes longText; searched from now on; pattern: none becomes x*");
        plan.Line("Boat.b").Remark!.Fr.ShouldBe("valeur par défaut : aucune devient 3 ; minimum : aucun devient 1 ; maximum : aucun devient 9");
        plan.Line("Boat.c").Remark!.En.ShouldBe("unique from now on; message of the pattern changed");
        plan.Line("Boat.d").Remark!.Fr.ShouldBe("caché désormais");
    }

    [Fact]
    public async Task What_changed_about_types_lists_and_roles_is_said()
    {
        static ModelDescription Rights(Rights rights, params (string, Label)[] codes) => new ModelBuilder("harbour")
            .Role("master", L, grant => grant.Add(new Grant("Boat", rights))).Add(CodeList.Named("Flags", L, codes)).Build();
        await using var harbour = await With(Boats(Text("name")), Berths(LiesAt(dated: true)), Rights(Sdk.Rights.Read, ("FR", L), ("BE", L)));
        var boats = Boats(Text("name"));
        boats = boats with { EntityTypes = [boats.EntityTypes[0] with { Label = Label.Of("Navire", "Ship"), IsDated = true, Keys = [["name"]], DisplayFields = ["name"], ListFields = ["name"] }] };

        var plan = await harbour.Plan(boats, Berths(LiesAt(toOne: true)), Rights(Sdk.Rights.All, ("FR", Label.Of("France", "France")), ("IT", L)));

        plan.Names().ShouldBe(["Changed Boat", "Changed LiesAt", "Changed Flags", "Changed master"]);
        plan.Line("Boat").Remark!.Fr.ShouldBe("libellé : « Bateau » devient « Navire » ; daté désormais ; nom affiché : premier texte devient name ; ordre des listes : nom affiché devient name ; clés uniques ajoutées : name");
        plan.Line("LiesAt").Remark!.En.ShouldBe("no longer dated; source, one relationship at a time from now on");
        plan.Line("Flags").Remark!.En.ShouldBe("codes added: IT; codes taken away: BE; labels of codes changed: FR");
        plan.Line("master").Remark!.Fr.ShouldBe("droits modifiés sur Boat");
    }

    [Fact]
    public async Task Other_words_and_parts_for_another_plugin_show_where_they_take_effect()
    {
        await using var harbour = await With(Boats(Text("name")));
        var words = new ModelDescription("words")
        {
            Labels = [new("Boat.name", Label.Of("Nom du bateau", "Boat's name"))],
            Optional = [new("berths", new("words") { Extensions = [new("Boat", [Text("words_quay")])] })],
        };

        (await harbour.Plan(Boats(Text("name")), words)).Lines.Single().ShouldBe(
            new PlanLine(PlanKind.Changed, PlanPart.Field, "Boat.name", "boats", Label.Of("Nom du bateau", "Boat's name"))
            {
                Remark = Label.Of("libellé : « name fr » devient « Nom du bateau »", "label: \"name en\" becomes \"Boat's name\""),
            });
        await harbour.Put(Boats(Text("name")), words);
        var plan = await harbour.Plan(Boats(Text("name")), words, Berths(LiesAt()));
        plan.Names().ShouldBe(["Added Boat.words_quay", "Added Berth", "Added Berth.name", "Added LiesAt"]);
        plan.Line("Boat.words_quay").Plugin.ShouldBe("words");
    }

    [Fact]
    public async Task Of_a_list_and_a_role_that_several_plugins_fill_the_one_that_says_something_else_is_named()
    {
        static ModelDescription Flags(string plugin, params string[] codes) => new ModelBuilder(plugin).Add(CodeList.Named("Flags", L, [.. codes.Select(c => (c, L))])).Build();
        await using var harbour = await With(Flags("one", "FR"));

        var plan = await harbour.Plan(Flags("one", "FR"), Flags("two", "IT"));

        plan.Lines.Single().ShouldBe(new PlanLine(PlanKind.Changed, PlanPart.CodeList, "Flags", "two", L) { Remark = Label.Of("codes ajoutés : IT", "codes added: IT") });
    }

    [Fact]
    public async Task All_faults_of_the_model_are_refusals_and_the_lines_are_there_all_the_same()
    {
        await using var harbour = await With(Boats(Text("name")));

        var plan = await harbour.Plan(Boats(Number("name"), Text("Bad"), Choice("rig")));

        plan.Refusals.Select(r => (r.Field, r.Rule)).ShouldBe([("boats/Boat.Bad", "name"), ("boats/Boat.rig", "options"), ("boats/Boat.name", "kept")], ignoreOrder: true);
        plan.Model.ShouldBeNull();
        plan.Names().ShouldBe(["Changed Boat.name", "Added Boat.Bad", "Added Boat.rig"]);
    }
}
