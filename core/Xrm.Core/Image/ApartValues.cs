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

    private ApartValues(ImmutableDictionary<uint, ImmutableArray<byte[]>> values) => _values = values;

    /// <summary>The upper half of each hash, with the values; of none of them need there still be a record.</summary>
    public IEnumerable<KeyValuePair<uint, ImmutableArray<byte[]>>> All => _values;

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
}
