using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Plans;

/// <summary>Filters as people read them, those among them that only access puts in.</summary>
public sealed class StepTextTests
{
    private static readonly CompiledModel Model = Describe();
    private static readonly Predicate Open = Compare("name"), Near = Compare("place");

    [Fact]
    public void What_is_asked_of_a_record_as_it_is_now_is_told_so() =>
        StepText.Of(new Predicate.And([Open, new Predicate.Now(Open), new Predicate.Now(new Predicate.Or([Open, Near]))]))
            .ShouldBe("name = ? and now name = ? and now (name = ? or place = ?)");

    [Fact]
    public void A_question_whose_answers_may_be_kept_reads_as_the_question() =>
        StepText.Of(new Predicate.Not(new Predicate.Standing(1, "q", Near))).ShouldBe("not place = ?");

    [Fact]
    public void Every_kind_of_filter_has_a_text()
    {
        Predicate[] all =
        [
            Open, new Predicate.And([Open, Near]), new Predicate.Or([]), new Predicate.Not(Open), new Predicate.OfType([1]), new Predicate.Standing(1, "q", Open), new Predicate.Now(Open),
            new Predicate.Through(Model.Type("Thing")!.EndsByName["to"], Quantifier.Some, null, Near, Period.Always),
        ];
        all.Select(p => p.GetType()).Distinct().ShouldBe(typeof(Predicate).GetNestedTypes().Where(typeof(Predicate).IsAssignableFrom), ignoreOrder: true);
        foreach (var predicate in all)
            StepText.Of(predicate).ShouldNotBeEmpty();
    }

    private static Predicate.Compare Compare(string field) =>
        new(Model.Type("Thing")!.ByName[field], Comparison.Equal, [new Operand("x", "\"x\""u8.ToArray())]);

    private static CompiledModel Describe()
    {
        var thing = EntityType.Named("Thing", L);
        thing.Text("name", L);
        thing.Text("place", L);
        var link = RelationshipType.Named("Goes", L, L).From(thing, "to", L).To(thing, "from", L);
        return ModelCompiler.Compile([new ModelBuilder("p").Add(thing).Add(link).Build()], CompiledModel.Empty);
    }
}
