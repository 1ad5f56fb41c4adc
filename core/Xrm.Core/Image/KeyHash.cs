using System.Collections.Immutable;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>The values of a unique key as one number; equal values have equal numbers, not the other way round.</summary>
internal static class KeyHash
{
    /// <summary>False when a value is missing: then nothing is unique.</summary>
    public static bool TryOf(ImmutableArray<Column> columns, in Record record, out ulong hash)
    {
        Span<byte> scratch = stackalloc byte[Column.Scratch];
        hash = 0;
        foreach (var column in columns)
        {
            if (!column.TryGet(record, scratch, out var json))
                return false;
            hash = Add(hash, json);
        }
        return true;
    }

    public static ulong Add(ulong hash, ReadOnlySpan<byte> json)
    {
        hash ^= 14695981039346656037;
        foreach (var b in json)
            hash = (hash ^ b) * 1099511628211;
        return (hash ^ hash >> 31) * 0x9E3779B97F4A7C15;
    }
}
