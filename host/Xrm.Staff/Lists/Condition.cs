using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Lists;

/// <summary>What is asked of each thing of a list. The cases below are all there are.</summary>
public abstract record Condition
{
    private Condition() { }

    /// <summary>Asked of a field.</summary>
    /// <param name="Values">In the CLR form of the shape: several of <see cref="Asked.OneOf"/>, none where <see cref="Asking.HasValue"/> says so, else one.</param>
    internal sealed record OfField(string Field, Asked How, ImmutableArray<object> Values) : Condition;

    /// <summary>Asked of what is related.</summary>
    /// <param name="IsNone">Whether there must be none; otherwise one at least.</param>
    /// <param name="Beyond">All must hold for the thing beyond.</param>
    public sealed record OfEnd(string End, bool IsNone, ImmutableArray<Condition> Beyond) : Condition
    {
        /// <summary>Which relationships count; null = those of the list's day.</summary>
        public Period? During { get; init; }
    }

    /// <summary>The filter that a door asks with.</summary>
    public Filter ToFilter(StaffModel model, ModelType type) => this switch
    {
        OfField field => Asking.Filter(field),
        OfEnd end => new Filter.Through(end.End, end.IsNone ? Quantifier.None : Quantifier.Some, OfBeyond(model, type, end)) { During = end.During },
        _ => throw new InvalidOperationException("No such condition."),
    };

    /// <summary>All of them, or any; null when there are none.</summary>
    public static Filter? ToFilter(StaffModel model, ModelType type, ImmutableArray<Condition> conditions, bool isAny)
    {
        var filters = conditions.Select(c => c.ToFilter(model, type)).ToImmutableArray();
        return filters switch
        {
            [] => null,
            [var one] => one,
            _ => isAny ? new Filter.Or(filters) : new Filter.And(filters),
        };
    }

    private static Filter? OfBeyond(StaffModel model, ModelType type, OfEnd end) =>
        type.End(end.End) is { Far: [var name] } && model.ByName.TryGetValue(name, out var far) ? ToFilter(model, far, end.Beyond, isAny: false) : null;
}
