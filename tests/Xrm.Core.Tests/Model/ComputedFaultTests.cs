using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Tests.Model;

public sealed class ComputedFaultTests
{
    private static readonly Label L = Label.Of("fr", "en");

    private enum State { Open, Closed }

    [Fact]
    public void A_computed_field_is_described_like_any_other()
    {
        var model = Compile(type => type.Integer("age", L).Computed().Sensitive(Sensitivity.Personal));
        model.Computes.ShouldBeTrue();
        model.Type("Thing")!.ByName["age"].Description.IsComputed.ShouldBeTrue();
        Compile(type => type.Integer("age", L)).Computes.ShouldBeFalse();
    }

    [Fact]
    public void It_is_not_what_a_thing_is_called_unless_said() =>
        Compile(type =>
        {
            type.Text("shown", L).Computed();
            type.Text("kept", L);
        }).Type("Thing")!.DisplayFields.ShouldHaveSingleItem().Name.ShouldBe("kept");

    public static TheoryData<string, Action<EntityType>> Wrong => new()
    {
        { "Thing.f computed", type => type.Text("f", L).Computed().Required() },
        { "Thing.f computed", type => type.Text("f", L).Computed().Unique() },
        { "Thing.f computed", type => type.Text("f", L).Computed().Searchable() },
        { "Thing.f computed", type => type.Text("f", L).Computed().Hidden() },
        { "Thing.f computed", type => type.Text("f", L).Computed().Default("x") },
        { "Thing.f computed", type => type.States("f", L, (State.Open, L), (State.Closed, L)).Move("close", L, State.Open, State.Closed).Field().Computed() },
        { "Thing.f key", type => type.UniqueBy(type.Text("f", L).Computed()) },
        { "Thing.f display", type => type.DisplayedAs(type.Text("f", L).Computed()) },
        { "Thing.s computed", type => type.States("s", L, (State.Open, L), (State.Closed, L)).Move("close", L, State.Open, State.Closed, type.Text("f", L).Computed()).Field() },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_asks_for_something_kept_is_refused(string expected, Action<EntityType> describe)
    {
        var faults = Should.Throw<Problem>(() => Compile(describe)).Faults;
        faults.Select(f => $"{f.Field!["p/".Length..]} {f.Rule}").ShouldHaveSingleItem().ShouldBe(expected);
    }

    [Fact]
    public void A_relationship_has_none()
    {
        var thing = EntityType.Named("Thing", L);
        var link = RelationshipType.Named("Link", L, L).From(thing, "to", L).To(thing, "from", L);
        link.Integer("age", L).Computed();
        Should.Throw<Problem>(() => ModelCompiler.Compile([new ModelBuilder("p").Add(thing).Add(link).Build()], CompiledModel.Empty))
            .Faults.ShouldHaveSingleItem().Rule.ShouldBe("computed");
    }

    [Fact]
    public void No_right_depends_on_one()
    {
        var thing = EntityType.Named("Thing", L);
        var age = thing.Integer("age", L).Computed();
        var description = new ModelBuilder("p").Add(thing).Role("elder", L, g => g.Add(new Grant("Thing", Rights.Read) { Where = age.AtLeast(18) })).Build();
        Should.Throw<Problem>(() => ModelCompiler.Compile([description], CompiledModel.Empty)).Faults.ShouldHaveSingleItem().Message.En.ShouldContain("The field age is computed");
    }

    private static CompiledModel Compile(Action<EntityType> describe)
    {
        var type = EntityType.Named("Thing", L);
        describe(type);
        return ModelCompiler.Compile([new ModelBuilder("p").Add(type).Build()], CompiledModel.Empty);
    }
}
