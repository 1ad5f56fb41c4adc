using System.Collections.Immutable;

namespace Xrm.Sdk.Tests;

public class TokenTests
{
    private static readonly Label Any = Label.Of("fr", "en");

    private enum Status { New, Open, Closed }

    [Fact]
    public void A_facet_replaces_the_field_it_was_put_on()
    {
        var type = EntityType.Named("Thing", Any);
        type.Text("name", Any).Required().Searchable();
        var field = new ModelBuilder("test").Add(type).Build().EntityTypes.Single().Fields.ShouldHaveSingleItem();
        field.IsRequired.ShouldBeTrue();
        field.IsSearchable.ShouldBeTrue();
    }

    [Fact]
    public void Two_fields_of_one_name_both_reach_the_compiler()
    {
        var type = EntityType.Named("Thing", Any);
        type.Text("name", Any);
        type.Integer("name", Any);
        new ModelBuilder("test").Add(type).Build().EntityTypes.Single().Fields.Length.ShouldBe(2);
    }

    [Fact]
    public void An_extension_leaves_the_type_it_extends_as_it_was()
    {
        var type = EntityType.Named("Thing", Any);
        var extension = type.ExtendedBy("telework");
        var days = extension.Integer("remoteDays", Any);
        var description = new ModelBuilder("telework").Extend(extension).Build();
        days.Name.ShouldBe("telework_remoteDays");
        description.Extensions.Single().Type.ShouldBe("Thing");
        new ModelBuilder("test").Add(type).Build().EntityTypes.Single().Fields.ShouldBeEmpty();
    }

    [Fact]
    public void A_state_starts_in_its_first_and_knows_its_moves()
    {
        var type = EntityType.Named("Thing", Any);
        var outcome = type.Text("outcome", Any);
        var status = type.States("status", Any, (Status.New, Any), (Status.Open, Any), (Status.Closed, Any))
            .Move("open", Any, Status.New, Status.Open)
            .Move("close", Any, [Status.New, Status.Open], Status.Closed, outcome)
            .Field();
        var field = new ModelBuilder("test").Add(type).Build().EntityTypes.Single().Fields.Single(f => f.Name == status.Name);
        field.Default.ShouldBe("NEW");
        field.Type.Moves.Select(m => m.Name).ShouldBe(["open", "close"]);
        field.Type.Moves[1].From.ShouldBe(["NEW", "OPEN"]);
        field.Type.Moves[1].Needs.ShouldBe(["outcome"]);
    }

    [Fact]
    public void A_field_of_many_values_reads_and_writes_arrays()
    {
        var names = EntityType.Named("Thing", Any).Text("names", Any).Many();
        names.FromValue(names.ToValue(["a", "b"])).ShouldBe(ImmutableArray.Create("a", "b"));
    }

    [Fact]
    public void Ends_of_a_relationship_are_named_from_both_sides()
    {
        var person = EntityType.Named("Person", Any);
        var mandate = EntityType.Named("Mandate", Any);
        var holds = RelationshipType.Named("HoldsMandate", Any, Any).From(person, "mandates", Any).To(mandate, "holder", Any).OneSource().NeedsSource();
        holds.Source.Name.ShouldBe("mandates");
        holds.Target.Name.ShouldBe("holder");
        var description = new ModelBuilder("test").Add(holds).Build().RelationshipTypes.Single();
        description.Source.IsToOne.ShouldBeFalse();
        description.Target.IsToOne.ShouldBeTrue();
        description.Target.IsRequired.ShouldBeTrue();
    }
}
