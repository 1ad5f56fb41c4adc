using System.Collections.Immutable;
using Xrm.Core.Model;

namespace Xrm.Core.Plans;

/// <summary>Tells before a step is run how many records it could touch, from numbers of records alone. What rights add of their own is not counted.</summary>
/// <param name="count">How many records of a type there are.</param>
internal sealed class StepCost(Func<RecordType, long> count)
{
    /// <summary>Greater than any limit, and may be added to.</summary>
    public const long TooMuch = long.MaxValue / 4;

    /// <summary>A list of which so many records are looked at.</summary>
    public long Of(ReadStep.List step, long looked) => Whole(looked * (1 + Weight(step.Views[0].Where)));

    /// <summary>A list at its worst: all records of the type.</summary>
    public long AtWorst(ReadStep.List step) => Of(step, count(step.Views[0].Type));

    /// <summary>The relationships at an end, on the average.</summary>
    /// <param name="things">From how many things it starts at most; each is asked once, however often it was found.</param>
    public long Of(ReadStep.Related step, long things)
    {
        var weight = 0.0;
        foreach (var view in step.Views)
            weight = Math.Max(weight, Weight(view.Where));
        return Whole(Math.Min(things, Count(step.End.Types)) * PerThing(step.End) * (1 + Weight(step.Link) + weight));
    }

    /// <summary>How many records a question touches behind relationships, for each record that it is asked of.</summary>
    private double Weight(Predicate? predicate) => predicate switch
    {
        Predicate.And and => Sum(and.Parts),
        Predicate.Or or => Sum(or.Parts),
        Predicate.Not not => Weight(not.Part),
        Predicate.Through through => PerThing(through.End) * (1 + Weight(through.Link) + Weight(through.Node)),
        _ => 0,
    };

    private double Sum(ImmutableArray<Predicate> parts)
    {
        var sum = 0.0;
        foreach (var part in parts)
            sum += Weight(part);
        return sum;
    }

    private double PerThing(ModelEnd end)
    {
        var links = count(end.Relationship) * (end.Relationship.IsSymmetric ? 2.0 : 1.0);
        return links / Math.Max(1, Count(end.Types));
    }

    private double Count(ImmutableArray<ModelType> types)
    {
        var sum = 0.0;
        foreach (var type in types)
            sum += count(type);
        return sum;
    }

    private static long Whole(double touched) => touched >= TooMuch ? TooMuch : (long)Math.Ceiling(touched);
}
