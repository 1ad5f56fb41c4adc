using System.Collections.Immutable;
using Xrm.Core.Plans;

namespace Xrm.Core.Image;

/// <summary>The keys of an index whose records have some values, by rank: from one up to, not including, another.</summary>
/// <param name="Hash">Of the values asked for equality; 0 where the index has none.</param>
/// <param name="IsExact">Whether all of them have these values: otherwise a record's own must be looked at.</param>
internal readonly record struct IndexRange(IndexTree Index, ulong Hash, int From, int To, bool IsExact)
{
    public int Count => Math.Max(0, To - From);

    /// <summary>All of an index, or what has some values of the columns asked for equality.</summary>
    public static IndexRange Of(IndexTree index, ImmutableArray<byte[]> apart, RecordSpace space)
    {
        if (index.Order.Apart.IsEmpty)
            return new(index, 0, 0, Tree.CountOf(index.Tree), true);
        var hash = IndexOrder.Hash(apart);
        if (index.Values is { } values && !values.IsOf(hash, apart))
            return new(index, hash, 0, 0, true);
        return new(index, hash, Rank(after: false), Rank(after: true), index.Values is not null);

        int Rank(bool after) => Tree.Rank(index.Tree, new PlaceProbe(index.Order, hash, [], after, space));
    }

    /// <summary>What of it has a value that a comparison asks for, of the first column to sort by; null when that column descends in the index, or the comparison has no range.</summary>
    public IndexRange? Within(Predicate.Compare compare, RecordSpace space)
    {
        var (index, hash) = (Index, Hash);
        if (index.Order.By[0].Descending || compare.How is not (Sdk.Comparison.StartsWith or Sdk.Comparison.Greater or Sdk.Comparison.GreaterOrEqual or Sdk.Comparison.Less or Sdk.Comparison.LessOrEqual))
            return null;
        var operand = compare.Operands[0].Json;
        if (operand.Length == 0 || Count == 0)
            return this with { To = From };
        var values = Place([], after: false);
        if (compare.How == Sdk.Comparison.StartsWith)
        {
            if (index.Order.By[0].Column.Shape != Sdk.Shape.Text)
                return null;
            var fold = FoldedText.Of(operand);
            return fold.Length == 0 ? this with { To = values }
                : this with { From = Tree.Rank(index.Tree, new FoldProbe(index.Order, hash, fold, after: false, space)), To = Tree.Rank(index.Tree, new FoldProbe(index.Order, hash, fold, after: true, space)) };
        }
        return compare.How switch
        {
            Sdk.Comparison.Greater => this with { From = Place(operand, after: true), To = values },
            Sdk.Comparison.GreaterOrEqual => this with { From = Place(operand, after: false), To = values },
            Sdk.Comparison.Less => this with { To = Place(operand, after: false) },
            _ => this with { To = Place(operand, after: true) },
        };

        int Place(byte[] json, bool after) => Tree.Rank(index.Tree, new PlaceProbe(index.Order, hash, [json], after, space));
    }
}
