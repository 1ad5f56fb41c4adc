using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Model;

public sealed class ParkingTests
{
    [Fact]
    public void What_goes_is_parked_by_its_plugin_and_is_not_when_it_comes_back()
    {
        var with = ModelCompiler.Compile([People.Model, Harbour.Model], CompiledModel.Empty);
        with.Parked.ShouldBeEmpty();
        with.Whole.ShouldBeSameAs(with);

        var without = ModelCompiler.Compile([People.Model], with);
        var parked = without.Parked.ShouldHaveSingleItem();
        (parked.Plugin, parked.Version).ShouldBe(("harbour", "1.0.0"));
        parked.EntityTypes.Select(t => t.Name).ShouldBe(["Boat", "Berth"]);
        parked.RelationshipTypes.Select(t => t.Name).ShouldBe(["OwnedBy", "SailedBy", "LiesAt"]);
        parked.Extensions.Single().Fields.Single().Name.ShouldBe("harbour_licence");
        parked.PersonalData.Single().Type.ShouldBe("Boat");
        without.ParkedType("Boat")!.Plugin.ShouldBe("harbour");
        without.ParkedType("Person").ShouldBeNull();
        without.ParkedField(without.Type("Person")!, "harbour_licence")!.Plugin.ShouldBe("harbour");

        var again = ModelCompiler.Compile([People.Model, Harbour.Model], without);
        again.Parked.ShouldBeEmpty();
        again.Fingerprint.ShouldBe(with.Fingerprint);
        without.Fingerprint.ShouldNotBe(ModelCompiler.Compile([People.Model], CompiledModel.Empty).Fingerprint);
    }

    [Fact]
    public void A_whole_model_has_each_end_once_and_knows_what_is_in_force()
    {
        var guests = new ModelBuilder("guests").Add(EntityType.Named("Guest", L)).When("harbour", m => m.Add(
            RelationshipType.Named("Visits", L, L).From(EntityType.Elsewhere("Guest"), "visits", L).To(EntityType.Elsewhere("Boat"), "guests", L))).Build();
        var model = ModelCompiler.Compile([People.Model, Harbour2.Model, guests], ModelCompiler.Compile([People.Model, Harbour.Model], CompiledModel.Empty));

        model.Whole.Type("Boat")!.Ends.Select(e => e.Name).ShouldBe(["owner", "skippers", "mooring", "berth", "guests"], ignoreOrder: true);
        model.Whole.InForce.ShouldBeSameAs(model);
        model.Whole.IsParked(model.Whole.Type("Berth")!).ShouldBeTrue();
        model.Whole.IsParked(model.Whole.Type("Boat")!).ShouldBeFalse();
        model.Whole.Type("Boat")!.ByName.Keys.ShouldContain("length");
        model.Whole.Type("Boat")!.Ordinal.ShouldBe(model.Type("Boat")!.Ordinal);
    }

    [Fact]
    public void A_field_keeps_its_shape_also_while_its_plugin_is_away()
    {
        var away = ModelCompiler.Compile([People.Model], ModelCompiler.Compile([People.Model, Harbour.Model], CompiledModel.Empty));
        var boat = EntityType.Named("Boat", L);
        boat.Decimal("length", L);
        boat.Text("code", L).Many();

        var problem = Should.Throw<Problem>(() => ModelCompiler.Compile([People.Model, new ModelBuilder("harbour").Add(boat).Build()], away));

        problem.Faults.Select(f => (f.Field, f.Rule)).ShouldBe([("harbour/Boat.length", "kept"), ("harbour/Boat.code", "kept")], ignoreOrder: true);
    }

    [Fact]
    public void A_name_with_parked_data_is_its_plugins_alone()
    {
        var away = ModelCompiler.Compile([People.Model], ModelCompiler.Compile([People.Model, Harbour.Model], CompiledModel.Empty));

        foreach (var other in (ModelDescription[])[
            new ModelBuilder("marina").Add(EntityType.Named("Boat", L)).Build(),
            new ModelBuilder("marina").Add(RelationshipType.Named("OwnedBy", L, L).From(People.Person, "a", L).To(People.Person, "b", L)).Build()])
        {
            var fault = Should.Throw<Problem>(() => ModelCompiler.Compile([People.Model, other], away)).Faults.ShouldHaveSingleItem();
            fault.Rule.ShouldBe("parked");
            fault.Message.En.ShouldContain("plugin harbour");
        }
    }

    [Fact]
    public void A_relationship_type_in_force_parks_the_types_that_it_no_longer_reaches()
    {
        var reaching = ModelCompiler.Compile([Leads("Shop", "Park")], CompiledModel.Empty);
        var model = ModelCompiler.Compile([Leads("Shop")], reaching);

        model.Parked.Single().RelationshipTypes.Single().Target.Types.ShouldBe(["Park"]);
        model.ParkedType("Leads").ShouldBeNull();
        model.Relationship("Leads")!.Target.Types.Select(t => t.Name).ShouldBe(["Shop"]);
        model.Whole.Relationship("Leads")!.Target.Types.Select(t => t.Name).ShouldBe(["Shop", "Park"]);
        var gone = ModelCompiler.Compile([], model);
        gone.Whole.Relationship("Leads")!.Target.Types.Select(t => t.Name).ShouldBe(["Shop", "Park"], ignoreOrder: true);
        ModelCompiler.Compile([Leads("Park")], gone).Parked.Single().RelationshipTypes.Single().Target.Types.ShouldBe(["Shop"]);
        ModelCompiler.Compile([Leads("Park", "Shop")], gone).Parked.ShouldBeEmpty();
    }

    [Fact]
    public void Custom_fields_wait_for_their_type_and_are_parked_when_they_are_retired()
    {
        var custom = Custom("Boat", "x_hull");
        var with = ModelCompiler.Compile([People.Model, Harbour.Model, custom], CompiledModel.Empty);
        var away = ModelCompiler.Compile([People.Model, custom], with);

        away.Descriptions.ShouldContain(custom);
        away.Parked.Single(p => p.Plugin == EffectiveModel.Custom).Extensions.Single().Type.ShouldBe("Boat");
        ModelCompiler.Compile([People.Model, Harbour.Model, custom], away).Type("Boat")!.ByName.Keys.ShouldContain("x_hull");
        var retired = ModelCompiler.Compile([People.Model, Harbour.Model], with);
        retired.ParkedField(retired.Type("Boat")!, "x_hull")!.Plugin.ShouldBe(EffectiveModel.Custom);
    }

    private static ModelDescription Custom(string type, string field) => new(EffectiveModel.Custom)
    {
        Extensions = [new(type, [new(field, new TextType(20), L)])],
    };

    private static ModelDescription Leads(params string[] targets)
    {
        var types = ((string[])["Visit", "Shop", "Park"]).ToImmutableDictionary(n => n, n => EntityType.Named(n, L));
        var leads = RelationshipType.Named("Leads", L, L).From(types["Visit"], "places", L).To(types[targets[0]], "visits", L);
        foreach (var target in targets[1..])
            leads = leads.OrTo(types[target]);
        return new ModelBuilder("visits").Add([.. types.Values]).Add(leads).Build();
    }
}
