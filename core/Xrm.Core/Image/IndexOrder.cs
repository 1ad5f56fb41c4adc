using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Xrm.Core.Plans;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>A column by which an index sorts.</summary>
/// <param name="Descending">Whether greater values come first; what has no value comes last either way.</param>
internal readonly record struct IndexColumn(Column Column, bool Descending);

/// <summary>How an index sorts the records of a type: those with the same values of some columns stand together, within them by other columns, no value last, then by id.</summary>
/// <remarks>
/// Columns that are only ever asked for equality need no order among their values: half of a key's prefix is a hash of them all, the other
/// half begins the first column to sort by. So a place is found with few records looked at, however often a value occurs.
/// </remarks>
internal sealed class IndexOrder : KeyOrder
{
    private IndexOrder(ImmutableArray<Column> apart, ImmutableArray<IndexColumn> by)
    {
        Apart = apart;
        By = by;
    }

    /// <summary>What is asked for equality.</summary>
    public ImmutableArray<Column> Apart { get; }

    /// <summary>A single one ascends: it is walked in both directions.</summary>
    public ImmutableArray<IndexColumn> By { get; }

    /// <summary>The same for those that are alike.</summary>
    public string Name => string.Join(',', Apart.Select(c => c.IndexName)) + "|" + string.Join(',', By.Select(c => (c.Descending ? "-" : "") + c.Column.IndexName));

    /// <summary>As people read it.</summary>
    public override string ToString() => string.Join('+', Apart.Select(c => c.Name).Concat(By.Select(c => c.Column.Name + (c.Descending ? " desc" : ""))));

    public static IndexOrder Of(Column column) => new([], [new(column, false)]);

    /// <param name="apart">Given away.</param>
    public static IndexOrder Of(Column[] apart, ImmutableArray<IndexColumn> by)
    {
        if (apart.Length > 1)
            Array.Sort(apart, (a, b) => a.IndexName.CompareTo(b.IndexName));
        return new(ImmutableCollectionsMarshal.AsImmutableArray(apart), by is [{ Descending: true } one] ? [one with { Descending = false }] : by);
    }

    public bool Is(IndexOrder other)
    {
        if (Apart.Length != other.Apart.Length || By.Length != other.By.Length)
            return false;
        for (var i = 0; i < Apart.Length; i++)
            if (Apart[i].IndexName != other.Apart[i].IndexName)
                return false;
        for (var i = 0; i < By.Length; i++)
            if (By[i].Column.IndexName != other.By[i].Column.IndexName || By[i].Descending != other.By[i].Descending)
                return false;
        return true;
    }

    /// <summary>Whether a change of some fields, or of the period, moves a record in it.</summary>
    public bool Feels(int[] changed, bool periodChanged)
    {
        foreach (var column in Apart)
            if (column.Feels(changed, periodChanged))
                return true;
        foreach (var by in By)
            if (by.Column.Feels(changed, periodChanged))
                return true;
        return false;
    }

    /// <summary>Which of the columns asked for equality one is, by its name in an index; -1 = none.</summary>
    public int PlaceApart(int name)
    {
        for (var i = 0; i < Apart.Length; i++)
            if (Apart[i].IndexName == name)
                return i;
        return -1;
    }

    public TreeKey Key(in Record record, int slot)
    {
        if (Apart.IsEmpty)
            return new(Turned(By[0].Column.Prefix(record), By[0].Descending), slot);
        var hash = 0UL;
        Span<byte> scratch = stackalloc byte[Column.Scratch];
        foreach (var column in Apart)
            hash = KeyHash.Add(hash, column.TryGet(record, scratch, out var json) ? json : default);
        return new(By.IsEmpty ? hash : Halves(hash, By[0].Column.Prefix(record)), slot);
    }

    /// <summary>How many bytes of a text a prefix holds.</summary>
    public int PrefixLength => Apart.IsEmpty ? 8 : 4;

    /// <summary>The hash of values that are asked for equality.</summary>
    public static ulong Hash(ImmutableArray<byte[]> values)
    {
        var hash = 0UL;
        foreach (var value in values)
            hash = KeyHash.Add(hash, value);
        return hash;
    }

    /// <summary>The prefix of a place: of a hash and of a value to sort by, empty for no value; null for any.</summary>
    public ulong PrefixOf(ulong hash, byte[]? json)
    {
        if (By.IsEmpty)
            return hash;
        var prefix = json is null ? 0 : json.Length == 0 ? ValueOrder.Null : By[0].Column.Prefix(json);
        return Apart.IsEmpty ? Turned(prefix, By[0].Descending) : Halves(hash, prefix);
    }

    /// <summary>The prefix of a hash and of the least or greatest text that begins with a fold.</summary>
    /// <param name="rest">What stands behind the fold.</param>
    public ulong PrefixOfFold(ulong hash, byte[] fold, byte rest)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Fill(rest);
        fold.AsSpan(0, Math.Min(fold.Length, 8)).CopyTo(bytes);
        var prefix = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
        // No text begins with 0xFF, which UTF-8 does not have: no value stays behind them all.
        prefix = Math.Min(prefix, 0xFEFFFFFF_FFFFFFFF);
        return Apart.IsEmpty ? prefix : Halves(hash, prefix);
    }

    public override int Ties(in TreeKey a, in TreeKey b, RecordSpace space)
    {
        var left = space[a.Slot];
        var right = space[b.Slot];
        Span<byte> scratchLeft = stackalloc byte[Column.Scratch];
        Span<byte> scratchRight = stackalloc byte[Column.Scratch];
        foreach (var column in Apart)
        {
            var order = Bytes(column, left, scratchLeft).SequenceCompareTo(Bytes(column, right, scratchRight));
            if (order != 0)
                return order;
        }
        foreach (var by in By)
        {
            var hasLeft = by.Column.TryGet(left, scratchLeft, out var valueLeft);
            var hasRight = by.Column.TryGet(right, scratchRight, out var valueRight);
            var order = Compare(by, hasLeft, valueLeft, hasRight, valueRight);
            if (order != 0)
                return order;
        }
        return IdOrder.Compare(left, right);
    }

    public static int Compare(IndexColumn by, bool hasLeft, ReadOnlySpan<byte> left, bool hasRight, ReadOnlySpan<byte> right)
    {
        if (hasLeft && hasRight)
            return by.Descending ? by.Column.Compare(right, left) : by.Column.Compare(left, right);
        return hasLeft == hasRight ? 0 : hasLeft ? -1 : 1;
    }

    /// <summary>A value's canonical JSON; empty for none.</summary>
    public static ReadOnlySpan<byte> Bytes(Column column, in Record record, Span<byte> scratch) => column.TryGet(record, scratch, out var json) ? json : default;

    private ulong Halves(ulong hash, ulong prefix)
    {
        var half = prefix == ValueOrder.Null ? uint.MaxValue : ValueOrder.Half(By[0].Column.Shape, prefix);
        if (By[0].Descending && prefix != ValueOrder.Null)
            half = Math.Min(~half, uint.MaxValue - 1);
        return hash & 0xFFFFFFFF_00000000 | half;
    }

    private static ulong Turned(ulong prefix, bool descending) => descending && prefix != ValueOrder.Null ? Math.Min(~prefix, ValueOrder.Null - 1) : prefix;
}

/// <summary>A sorted index: how it sorts, and its keys.</summary>
internal sealed record IndexTree(IndexOrder Order, Tree? Tree)
{
    private readonly long[] _lastUse = new long[1];
    private GroupCounts? _counts;

    private IndexTree(IndexTree other) => (Order, Tree, Values, _lastUse) = (other.Order, other.Tree, other.Values, other._lastUse);

    /// <summary>The values asked for equality that there are or were; null when there are none such, or too many, or when two have the same half of a hash: then a record's own values must be looked at.</summary>
    public ApartValues? Values { get; init; }

    /// <summary>When it was used last, in milliseconds of the machine: what is used least makes room.</summary>
    public long LastUse
    {
        get => Volatile.Read(ref _lastUse[0]);
        set => Volatile.Write(ref _lastUse[0], value);
    }

    /// <summary>The groups that were last asked of these keys; null = none were. What changes the index makes another, which has none.</summary>
    public GroupCounts? Counts
    {
        get => Volatile.Read(ref _counts);
        set => Volatile.Write(ref _counts, value);
    }
}

/// <summary>Groups counted once for a state of an index.</summary>
/// <param name="Places">By which of the columns asked for equality, in this order.</param>
internal sealed record GroupCounts(ImmutableArray<int> Places, ImmutableArray<Group> Groups);
