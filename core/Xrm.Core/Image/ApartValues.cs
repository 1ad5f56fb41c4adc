using System.Collections.Immutable;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>The different values of some columns, found by the upper half of their hash. Immutable.</summary>
internal sealed class ApartValues
{
    /// <summary>Where there are more, few records share a value, and looking at them is quick.</summary>
    private const int Most = 4096;

    public static readonly ApartValues None = new(ImmutableDictionary<uint, ImmutableArray<byte[]>>.Empty);

    private readonly ImmutableDictionary<uint, ImmutableArray<byte[]>> _values;
    private SortedValues? _sorted;

    private ApartValues(ImmutableDictionary<uint, ImmutableArray<byte[]>> values) => _values = values;

    /// <summary>The upper half of each hash, with the values of some columns, in the order of these; of none of them need there still be a record.</summary>
    /// <param name="places">Which of the columns asked for equality, the weightiest first.</param>
    /// <param name="order">Of the index.</param>
    public ImmutableArray<(uint Half, ImmutableArray<byte[]> Keys)> Sorted(ReadOnlySpan<int> places, IndexOrder order)
    {
        if (Volatile.Read(ref _sorted) is { } known && known.Places.AsSpan().SequenceEqual(places))
            return known.Values;
        ImmutableArray<int> which = [.. places];
        var values = _values.Select(v => (v.Key, Keys: which.Select(p => v.Value[p]).ToImmutableArray())).ToArray();
        Array.Sort(values, (a, b) =>
        {
            for (var i = 0; i < which.Length; i++)
                if (IndexOrder.Compare(new(order.Apart[which[i]], false), a.Keys[i].Length > 0, a.Keys[i], b.Keys[i].Length > 0, b.Keys[i]) is not 0 and var first)
                    return first;
            return 0;
        });
        var sorted = new SortedValues(which, [.. values]);
        Volatile.Write(ref _sorted, sorted);
        return sorted.Values;
    }

    /// <summary>Whether some record has or had these very values.</summary>
    public bool IsOf(ulong hash, ImmutableArray<byte[]> values)
    {
        if (!_values.TryGetValue((uint)(hash >> 32), out var there))
            return false;
        for (var i = 0; i < values.Length; i++)
            if (!values[i].AsSpan().SequenceEqual(there[i]))
                return false;
        return true;
    }

    /// <summary>With a record's values; null when they cannot be told from others by their hash, or are too many.</summary>
    public ApartValues? With(ImmutableArray<Column> columns, in Record record, ulong prefix)
    {
        var half = (uint)(prefix >> 32);
        Span<byte> scratch = stackalloc byte[Column.Scratch];
        if (_values.TryGetValue(half, out var there))
        {
            for (var i = 0; i < columns.Length; i++)
                if (!IndexOrder.Bytes(columns[i], record, scratch).SequenceEqual(there[i]))
                    return null;
            return this;
        }
        if (_values.Count == Most)
            return null;
        var values = ImmutableArray.CreateBuilder<byte[]>(columns.Length);
        foreach (var column in columns)
            values.Add(IndexOrder.Bytes(column, record, scratch).ToArray());
        return new(_values.Add(half, values.MoveToImmutable()));
    }

    private sealed record SortedValues(ImmutableArray<int> Places, ImmutableArray<(uint Half, ImmutableArray<byte[]> Keys)> Values);
}
