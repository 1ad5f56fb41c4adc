using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Plans;

/// <summary>What steps could touch: there are 1,000 persons, 10 clubs, 3,000 memberships and 500 friendships.</summary>
public sealed class StepCostTests
{
    private static readonly CompiledModel Model = Describe();
    private static readonly ModelType Person = Model.Type("Person")!, Club = Model.Type("Club")!;
    private readonly StepCost _cost = new(type => type.Name switch { "Person" => 1_000, "Club" => 10, "Member" => 3_000, _ => 500 });

    [Fact]
    public void A_list_at_its_worst_is_all_of_its_type() => _cost.AtWorst(List(Person, null)).ShouldBe(1_000);

    [Fact]
    public void What_a_filter_compares_costs_nothing_more() => _cost.AtWorst(List(Person, Filter.BitwiseAnd(Name, !Name))).ShouldBe(1_000);

    [Fact]
    public void Each_relationship_that_a_filter_goes_through_counts_with_the_thing_beyond_whatever_stands_around() =>
        // 3 memberships a person, 300 a club.
        _cost.AtWorst(List(Person, !(Name | new Filter.Through("clubs", Quantifier.None, new Filter.Through("members", Quantifier.All, null))))).ShouldBe(1_000 * (1 + 3 * (1 + 300)));

    [Fact]
    public void A_symmetric_relationship_stands_at_both_of_its_ends() =>
        _cost.Of(List(Person, new Filter.Through("friends", Quantifier.Some, null)), 10).ShouldBe(20);

    [Fact]
    public void Links_count_by_the_average_and_things_only_as_often_as_they_are_there()
    {
        _cost.Of(Related(Club, "members"), 1).ShouldBe(300);
        _cost.Of(Related(Club, "members"), 1_000_000).ShouldBe(3_000);
        _cost.Of(Related(Person, "clubs"), 7).ShouldBe(21);
    }

    [Fact]
    public void However_deep_a_filter_goes_the_figure_stays_one()
    {
        Filter filter = Name;
        for (var i = 0; i < 40; i++)
            filter = new Filter.Through("clubs", Quantifier.None, new Filter.Through("members", Quantifier.None, filter));
        _cost.AtWorst(List(Person, filter)).ShouldBe(StepCost.TooMuch);
    }

    private static Filter Name => new Filter.Compare("name", Comparison.Contains, "x");

    private static ReadStep.List List(ModelType type, Filter? filter) =>
        new() { Views = [new(type, filter is null ? null : new Binder(Model, new DateOnly(2026, 1, 1)).Bind(filter, type, null), [])] };

    private static ReadStep.Related Related(ModelType type, string end) => new(type.EndsByName[end], []) { Views = [.. type.EndsByName[end].Far.Select(TypeView.Of)] };

    private static CompiledModel Describe()
    {
        var person = EntityType.Named("Person", L);
        person.Text("name", L);
        var club = EntityType.Named("Club", L);
        club.Text("name", L);
        return ModelCompiler.Compile([new ModelBuilder("p").Add(person, club)
            .Add(RelationshipType.Named("Member", L, L).From(person, "clubs", L).To(club, "members", L))
            .Add(RelationshipType.Named("Friend", L, L).From(person, "friends", L).To(person, "friends", L).Symmetric())
            .Build()], CompiledModel.Empty);
    }
}
