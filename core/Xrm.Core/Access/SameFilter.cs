using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Access;

/// <summary>Filters are the same when they ask the same, part by part; two lists of parts need not be one object.</summary>
internal sealed class SameFilter : IEqualityComparer<Filter>
{
    public static readonly SameFilter Comparer = new();

    private SameFilter() { }

    public bool Equals(Filter? x, Filter? y) => (x, y) switch
    {
        (null, null) => true,
        (Filter.And a, Filter.And b) => a.Filters.SequenceEqual(b.Filters, this),
        (Filter.Or a, Filter.Or b) => a.Filters.SequenceEqual(b.Filters, this),
        (Filter.Not a, Filter.Not b) => Equals(a.Filter, b.Filter),
        (Filter.OfType a, Filter.OfType b) => a.Types.SequenceEqual(b.Types),
        (Filter.Through a, Filter.Through b) => a.End == b.End && a.How == b.How && a.During == b.During && Equals(a.Node, b.Node) && Equals(a.Link, b.Link),
        (Filter.Compare { Value: ImmutableArray<object> v } a, Filter.Compare { Value: ImmutableArray<object> w } b) => a.Field == b.Field && a.How == b.How && v.SequenceEqual(w),
        _ => x is not null && x.Equals(y),
    };

    public int GetHashCode(Filter obj) => obj switch
    {
        Filter.And and => Of(1, and.Filters),
        Filter.Or or => Of(2, or.Filters),
        Filter.Not not => HashCode.Combine(3, GetHashCode(not.Filter)),
        Filter.OfType ofType => HashCode.Combine(4, ofType.Types.Length),
        Filter.Through through => HashCode.Combine(through.End, through.How),
        Filter.Compare compare => HashCode.Combine(compare.Field, compare.How),
        _ => 0,
    };

    private int Of(int kind, ImmutableArray<Filter> parts) => parts.Aggregate(kind, (hash, part) => HashCode.Combine(hash, GetHashCode(part)));
}
