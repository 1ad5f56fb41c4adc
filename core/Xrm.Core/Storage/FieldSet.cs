using System.Buffers;
using System.Numerics;

namespace Xrm.Core.Storage;

/// <summary>Values of some fields as bytes: for each, ascending by ordinal, the ordinal (varint), the length (varint) and the value's canonical JSON in UTF-8.</summary>
/// <remarks>Length 0 stands for null: of use in changes (the field is emptied); a record holds no nulls. Equal values have equal bytes (<see cref="JsonValue"/>).</remarks>
internal static class FieldSet
{
    public static bool TryGet(ReadOnlySpan<byte> set, int ordinal, out ReadOnlySpan<byte> json)
    {
        var at = 0;
        while (at < set.Length)
        {
            int field = set[at];
            int length;
            // Most fields have small ordinals and short values.
            if (field < 0x80 && at + 1 < set.Length && set[at + 1] < 0x80)
            {
                length = set[at + 1];
                at += 2;
            }
            else
            {
                field = ReadVarint(set, ref at);
                length = ReadVarint(set, ref at);
            }
            if (field == ordinal)
            {
                json = set.Slice(at, length);
                return true;
            }
            if (field > ordinal)
                break;
            at += length;
        }
        json = default;
        return false;
    }

    public static Enumerator Each(ReadOnlySpan<byte> set) => new(set);

    /// <summary>Appends one value; the caller keeps the order of ordinals.</summary>
    public static void Append(IBufferWriter<byte> writer, int ordinal, ReadOnlySpan<byte> json)
    {
        writer.Advance(Write(writer.GetSpan(10 + json.Length), 0, ordinal, json));
    }

    /// <summary>How long one value is in a set.</summary>
    public static int LengthOf(int ordinal, ReadOnlySpan<byte> json) => LengthOf(ordinal) + LengthOf(json.Length) + json.Length;

    /// <summary>Writes one value at a place; the caller keeps the order of ordinals.</summary>
    /// <returns>The place behind it.</returns>
    public static int Write(Span<byte> set, int at, int ordinal, ReadOnlySpan<byte> json)
    {
        at = WriteVarint(set, at, ordinal);
        at = WriteVarint(set, at, json.Length);
        json.CopyTo(set[at..]);
        return at + json.Length;
    }

    /// <summary>Writes the second over the first: its values replace, its nulls take away.</summary>
    public static void Merge(ReadOnlySpan<byte> old, ReadOnlySpan<byte> set, IBufferWriter<byte> writer)
    {
        var a = new Enumerator(old);
        var b = new Enumerator(set);
        var hasA = a.MoveNext();
        var hasB = b.MoveNext();
        while (hasA || hasB)
        {
            if (hasA && (!hasB || a.Ordinal < b.Ordinal))
            {
                Append(writer, a.Ordinal, a.Json);
                hasA = a.MoveNext();
                continue;
            }
            if (hasA && a.Ordinal == b.Ordinal)
                hasA = a.MoveNext();
            if (b.Json.Length > 0)
                Append(writer, b.Ordinal, b.Json);
            hasB = b.MoveNext();
        }
    }

    public static int ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint value = bytes[at++];
        if (value < 0x80)
            return (int)value;
        value &= 0x7F;
        for (var shift = 7; ; shift += 7)
        {
            uint next = bytes[at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return (int)value;
        }
    }

    public static int WriteVarint(Span<byte> bytes, int at, int value)
    {
        var rest = (uint)value;
        while (rest >= 0x80)
        {
            bytes[at++] = (byte)(rest | 0x80);
            rest >>= 7;
        }
        bytes[at++] = (byte)rest;
        return at;
    }

    private static int LengthOf(int varint) => (BitOperations.Log2((uint)varint | 1) + 7) / 7;

    internal ref struct Enumerator(ReadOnlySpan<byte> set)
    {
        private readonly ReadOnlySpan<byte> _set = set;
        private int _at;

        public int Ordinal { get; private set; }

        /// <summary>Empty for null.</summary>
        public ReadOnlySpan<byte> Json { get; private set; }

        public bool MoveNext()
        {
            if (_at >= _set.Length)
                return false;
            Ordinal = ReadVarint(_set, ref _at);
            var length = ReadVarint(_set, ref _at);
            Json = _set.Slice(_at, length);
            _at += length;
            return true;
        }

        public readonly Enumerator GetEnumerator() => this;
    }
}
