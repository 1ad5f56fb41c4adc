using System.Collections.Immutable;
using Xrm.Core.Plans;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Something found: a thing and, where it was found through one, the relationship.</summary>
/// <param name="Link">The relationship's slot; -1 = none.</param>
/// <param name="Prefix">Of the first key of the order.</param>
internal readonly record struct Found(int Slot, int Link, ulong Prefix);

/// <summary>The order of what a step finds: its keys, no value last whichever the direction, then the thing's id, then the relationship's.</summary>
internal sealed class Ordering(ImmutableArray<Sort> sorts, RecordSpace space, ConditionCompiler compiler) : IComparer<Found>
{
    private readonly Column[] _columns = sorts.IsEmpty ? [] : [.. sorts.Select(s => new Column(s.Field))];
    private readonly bool[] _descending = sorts.IsEmpty ? [] : [.. sorts.Select(s => s.Descending)];
    private readonly Condition?[] _seen = sorts.IsEmpty ? [] : [.. sorts.Select(s => compiler.Compile(s.SeenWhen))];

    /// <summary>The order as a delegate, the same one for all that are sorted by it.</summary>
    public Comparison<Found> Comparison => field ??= Compare;

    public int Count => _columns.Length;

    public Column Column(int key) => _columns[key];

    public Found Make(int slot, int link)
    {
        var found = new Found(slot, link, 0);
        if (_columns.Length == 0)
            return found;
        Span<byte> scratch = stackalloc byte[Image.Column.Scratch];
        return found with { Prefix = TryKey(found, 0, scratch, out var json) ? _columns[0].Prefix(json) : ValueOrder.Null };
    }

    /// <summary>The JSON of a key as the actor sees it; false for no value.</summary>
    public bool TryKey(scoped in Found found, int key, Span<byte> scratch, out ReadOnlySpan<byte> json)
    {
        var column = _columns[key];
        var slot = column.IsOfRelationship && found.Link >= 0 ? found.Link : found.Slot;
        var record = space[slot];
        if (_seen[key]?.Holds(record, slot) != false)
            return column.TryGet(record, scratch, out json);
        json = default;
        return false;
    }

    public int Compare(Found x, Found y)
    {
        if (_columns.Length > 0 && x.Prefix != y.Prefix)
            return x.Prefix == ValueOrder.Null ? 1 : y.Prefix == ValueOrder.Null ? -1 : _descending[0] ? y.Prefix.CompareTo(x.Prefix) : x.Prefix.CompareTo(y.Prefix);
        Span<byte> scratchX = stackalloc byte[Image.Column.Scratch];
        Span<byte> scratchY = stackalloc byte[Image.Column.Scratch];
        for (var i = 0; i < _columns.Length; i++)
        {
            var hasX = TryKey(x, i, scratchX, out var left);
            var hasY = TryKey(y, i, scratchY, out var right);
            var order = hasX && hasY ? _columns[i].Compare(left, right) : 0;
            if (_descending[i])
                order = -order;
            if (hasX != hasY)
                order = hasX ? -1 : 1;
            if (order != 0)
                return order;
        }
        var byId = IdOrder.Compare(space[x.Slot], space[y.Slot]);
        return byId != 0 || x.Link < 0 ? byId : IdOrder.Compare(space[x.Link], space[y.Link]);
    }

    /// <summary>Where something stands against a place: less, the same, or more.</summary>
    /// <param name="isAfter">Whether the place is one to begin behind; tells on which side of it a thing's relationships are when it names none.</param>
    public int Compare(in Found found, SortPosition place, bool isAfter)
    {
        Span<byte> scratch = stackalloc byte[Image.Column.Scratch];
        for (var i = 0; i < _columns.Length; i++)
        {
            var has = TryKey(found, i, scratch, out var json);
            var other = place.Keys[i];
            var order = has && other.Length > 0 ? _columns[i].Compare(json, other) : 0;
            if (_descending[i])
                order = -order;
            if (has != other.Length > 0)
                order = has ? -1 : 1;
            if (order != 0)
                return order;
        }
        var byId = IdProbe.Compare(space[found.Slot], place.Id);
        if (byId != 0 || found.Link < 0)
            return byId;
        return place.Link == Guid.Empty ? isAfter ? -1 : 1 : IdProbe.Compare(space[found.Link], place.Link);
    }
}

/// <summary>A place in the order of ids.</summary>
/// <param name="after">Whether it is behind the id itself.</param>
internal readonly struct IdProbe(Guid id, bool after, RecordSpace space) : IProbe
{
    public bool IsBefore(in TreeKey key)
    {
        var order = Compare(space[key.Slot], id);
        return order < 0 || order == 0 && after;
    }

    public static int Compare(in Record record, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return record.Bytes.AsSpan(record.Offset, 16).SequenceCompareTo(bytes);
    }
}
