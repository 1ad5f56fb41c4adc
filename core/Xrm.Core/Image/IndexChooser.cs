using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>A part of an index that has all for which a predicate may hold.</summary>
/// <param name="Range">The part.</param>
/// <param name="Rest">What is still to be asked of its records; null = nothing.</param>
/// <param name="InOrder">Its records in the order that is wanted; null when the index has another.</param>
internal sealed record IndexChoice(IndexRange Range, Predicate? Rest, Sequence? InOrder);

/// <summary>Finds the index that answers a list by itself: values asked for equality, a range or an order within them.</summary>
/// <param name="want">Told which index would have helped.</param>
internal sealed class IndexChooser(Root root, Action<int, IndexOrder> want)
{
    /// <summary>null when no index is there that fits, or none would.</summary>
    public IndexChoice? Choose(Predicate? where, ImmutableArray<Sort> order, int type)
    {
        var parts = new List<Predicate>();
        Flatten(where, parts);
        var by = Order(order);
        var equal = Equal(parts, by, type);
        // What is asked in this request goes before what is asked in each: that has its answers kept.
        Predicate.Compare? ranged = null;
        foreach (var part in parts)
            if ((ranged is null || part is not Predicate.Standing) && Comparison(part) is { } compare && IsRange(compare, type)
                && (by.IsDefaultOrEmpty || by[0].Column.IndexName == Column.IndexNameOf(compare.Field)) && !Has(equal, compare.Field))
            {
                ranged = compare;
                if (part is not Predicate.Standing)
                    break;
            }
        if (by.IsDefaultOrEmpty && equal.Count == 0)
            return null;
        var isInOrder = !by.IsDefault && (!by.IsEmpty || ranged is null);
        var apart = new Column[equal.Count];
        for (var i = 0; i < apart.Length; i++)
            apart[i] = new(equal[i].Field);
        var wanted = IndexOrder.Of(apart, !by.IsDefaultOrEmpty ? by : ranged is null ? [] : [new(new Column(ranged.Field), false)]);
        if (root.Type(type)?.Index(wanted) is not { } index)
        {
            want(type, wanted);
            return null;
        }
        var values = new byte[equal.Count][];
        foreach (var compare in equal)
            values[index.Order.PlaceApart(Column.IndexNameOf(compare.Field))] = compare.Operands[0].Json;
        var range = IndexRange.Of(index, ImmutableCollectionsMarshal.AsImmutableArray(values), root.Space);
        // Where other values share the hash, those of one value stand together but not alone: no place within them can be told, each record is asked.
        if (!range.IsExact)
            return new(range, where, null);
        parts.RemoveAll(p => Comparison(p) is { } compare && equal.Contains(compare));
        if (ranged is not null && range.Within(ranged, root.Space) is { } within)
        {
            range = within;
            parts.RemoveAll(p => ReferenceEquals(Comparison(p), ranged));
        }
        var rest = parts.Count == 0 ? null : new Predicate.And([.. parts]);
        return new(range, rest, !isInOrder ? null : order is [{ Descending: true }] ? new Sequence.Descending(range, root.Space) : new Sequence.Forward(range, root.Space));
    }

    /// <summary>The index that has the groups of a grouping; null when there is none, or none could have.</summary>
    public IndexTree? Groups(Grouping grouping, int type)
    {
        var by = Order(grouping.By);
        if (!grouping.Sums.IsEmpty || by.IsDefaultOrEmpty)
            return null;
        var apart = new Column[by.Length];
        for (var i = 0; i < apart.Length; i++)
            apart[i] = by[i].Column;
        var wanted = IndexOrder.Of(apart, []);
        for (var i = 1; i < apart.Length; i++)
            if (wanted.Apart[i].IndexName == wanted.Apart[i - 1].IndexName)
                return null;
        if (root.Type(type)?.Index(wanted) is { } index)
            return index.Values is null ? null : index;
        want(type, wanted);
        return null;
    }

    public static void Flatten(Predicate? predicate, List<Predicate> parts)
    {
        if (predicate is Predicate.And and)
            foreach (var part in and.Parts)
                Flatten(part, parts);
        else if (predicate is not null)
            parts.Add(predicate);
    }

    /// <summary>Default when no index can keep the order.</summary>
    private static ImmutableArray<IndexColumn> Order(ImmutableArray<Sort> order)
    {
        if (order.IsEmpty)
            return [];
        var columns = ImmutableArray.CreateBuilder<IndexColumn>(order.Length);
        foreach (var sort in order)
        {
            var column = new Column(sort.Field);
            if (sort.SeenWhen is not null || !column.IsSortable || column.IsOfRelationship)
                return default;
            columns.Add(new(column, sort.Descending));
        }
        return columns.MoveToImmutable();
    }

    /// <summary>One comparison for each field that must have a value, or none.</summary>
    private static List<Predicate.Compare> Equal(List<Predicate> parts, ImmutableArray<IndexColumn> by, int type)
    {
        var equal = new List<Predicate.Compare>();
        foreach (var part in parts)
            if (Comparison(part) is { How: Sdk.Comparison.Equal, Field: { Builtin: Builtin.None, IsMany: false } field } compare && field.Shape != Shape.Json && field.Owner.Ordinal == type
                && !Has(equal, field) && (by.IsDefault || !Has(by, field.Ordinal)))
                equal.Add(compare);
        return equal;
    }

    private static bool Has(List<Predicate.Compare> compared, ModelField field)
    {
        foreach (var compare in compared)
            if (compare.Field == field)
                return true;
        return false;
    }

    private static bool Has(ImmutableArray<IndexColumn> by, int name)
    {
        foreach (var column in by)
            if (column.Column.IndexName == name)
                return true;
        return false;
    }

    private static Predicate.Compare? Comparison(Predicate part) => part as Predicate.Compare ?? (part as Predicate.Standing)?.Part as Predicate.Compare;

    private static bool IsRange(Predicate.Compare compare, int type) =>
        compare.How is Sdk.Comparison.StartsWith or Sdk.Comparison.Greater or Sdk.Comparison.GreaterOrEqual or Sdk.Comparison.Less or Sdk.Comparison.LessOrEqual
        && (compare.Field.Owner.Ordinal == type || compare.Field.Builtin is not (Builtin.None or Builtin.Id)) && new Column(compare.Field).IsSortable;
}
