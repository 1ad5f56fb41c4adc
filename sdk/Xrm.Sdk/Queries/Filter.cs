using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>How a field is compared.</summary>
public enum Comparison
{
    /// <summary>Exactly this value; with null: has no value.</summary>
    Equal,
    /// <summary>Not this value; true for a field without value unless compared with null.</summary>
    NotEqual,
    /// <summary>One of these values.</summary>
    In,
    /// <summary>None of these values; true for a field without value unless null is among them.</summary>
    NotIn,
    /// <summary>Greater.</summary>
    Greater,
    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,
    /// <summary>Less.</summary>
    Less,
    /// <summary>Less or equal.</summary>
    LessOrEqual,
    /// <summary>The folded text has the folded value somewhere in it.</summary>
    Contains,
    /// <summary>The folded text begins with the folded value.</summary>
    StartsWith,
    /// <summary>The folded text ends with the folded value.</summary>
    EndsWith,
}

/// <summary>For how many of the related things a filter holds.</summary>
public enum Quantifier
{
    /// <summary>For one at least.</summary>
    Some,
    /// <summary>For none.</summary>
    None,
    /// <summary>For all, also when there are none.</summary>
    All,
}

/// <summary>A question to one entity or relationship, answered yes or no. The cases below are all there are.</summary>
/// <remarks>Names are checked against the model when the query runs, not here. A comparison with a field without value is false,
/// but for <see cref="Comparison.NotEqual"/> and <see cref="Comparison.NotIn"/>.</remarks>
public abstract record Filter
{
    private Filter() { }

    /// <summary>Both hold.</summary>
    public static Filter operator &(Filter left, Filter right) => new And([left, right]);

    /// <summary>One holds, or both.</summary>
    public static Filter operator |(Filter left, Filter right) => new Or([left, right]);

    /// <summary>It does not hold.</summary>
    public static Filter operator !(Filter filter) => new Not(filter);

    /// <summary>Both hold.</summary>
    public static Filter BitwiseAnd(Filter left, Filter right) => left & right;

    /// <summary>One holds, or both.</summary>
    public static Filter BitwiseOr(Filter left, Filter right) => left | right;

    /// <summary>It does not hold.</summary>
    public static Filter LogicalNot(Filter filter) => !filter;

    /// <summary>Compares a field with a value.</summary>
    /// <param name="Field">The field's name; also <c>id</c>, <c>version</c>, <c>createdAt</c>, <c>updatedAt</c>, <c>validFrom</c>, <c>validTo</c>.</param>
    /// <param name="How">How.</param>
    /// <param name="Value">The value in the CLR form of its shape, an <see cref="EntityId"/> for <c>id</c>, or null; an <see cref="ImmutableArray{T}"/> of object for <see cref="Comparison.In"/> and <see cref="Comparison.NotIn"/>.</param>
    public sealed record Compare(string Field, Comparison How, object? Value) : Filter;

    /// <summary>All hold; with none, yes.</summary>
    public sealed record And(ImmutableArray<Filter> Filters) : Filter;

    /// <summary>One holds at least; with none, no.</summary>
    public sealed record Or(ImmutableArray<Filter> Filters) : Filter;

    /// <summary>It does not hold.</summary>
    public sealed record Not(Filter Filter) : Filter;

    /// <summary>Asks the things at the other end of the relationships at one end.</summary>
    /// <param name="End">The end's name on the type that is asked (<c>mandates</c>, <c>holder</c>).</param>
    /// <param name="How">For how many it must hold.</param>
    /// <param name="Node">Asked of each thing at the other end; null = nothing is asked of it.</param>
    public sealed record Through(string End, Quantifier How, Filter? Node) : Filter
    {
        /// <summary>Asked of each relationship; null = nothing is asked of it.</summary>
        public Filter? Link { get; init; }

        /// <summary>Which relationships and dated things count: those true on some day of this; null = the day of the question around it, else today.</summary>
        public Period? During { get; init; }
    }

    /// <summary>Whether the thing is of one of these types; of use where an end has several.</summary>
    public sealed record OfType(ImmutableArray<string> Types) : Filter;
}
