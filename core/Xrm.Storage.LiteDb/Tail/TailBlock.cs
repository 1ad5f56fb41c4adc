using System.Buffers.Binary;
using Xrm.Core.Log;

namespace Xrm.Storage.LiteDb.Tail;

/// <summary>A block as it stands in a tail file.</summary>
/// <remarks>
/// A mark, the block's number, the length of what follows, a checksum over number and all that follows; then head and parts, each behind its length.
/// A record begins at a multiple of <see cref="Alignment"/> and is filled with zeros up to one, so that records can be looked for.
/// </remarks>
internal sealed class TailBlock
{
    public const int Alignment = 512;

    private const int Header = 20;
    // No text has these bytes; the last one is the format.
    private const uint Mark = 0x01_58_FE_FFu;

    private readonly byte[] _record;
    private readonly (int At, int Length)[] _pieces;

    private TailBlock(long number, byte[] record, (int At, int Length)[] pieces)
    {
        Number = number;
        _record = record;
        _pieces = pieces;
    }

    public TailBlock(long number, ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts)
    {
        Number = number;
        _pieces = new (int, int)[1 + parts.Count];
        _record = new byte[Aligned(Header + LengthOf(head, parts))];
        var at = Put(0, Header, head.Span);
        for (var i = 0; i < parts.Count; i++)
            at = Put(i + 1, at, parts[i].Bytes.Span);
        BinaryPrimitives.WriteUInt32LittleEndian(_record, Mark);
        BinaryPrimitives.WriteInt64LittleEndian(_record.AsSpan(4), number);
        BinaryPrimitives.WriteInt32LittleEndian(_record.AsSpan(12), at - Header);
        BinaryPrimitives.WriteUInt32LittleEndian(_record.AsSpan(16), Checksum.Of(number, _record.AsSpan(Header, at - Header)));
    }

    public long Number { get; }

    public ReadOnlySpan<byte> Record => _record;

    public ReadOnlySpan<byte> Head => Piece(0);

    public int Parts => _pieces.Length - 1;

    /// <summary>A part, from 0.</summary>
    public ReadOnlySpan<byte> Part(int part) => Piece(part + 1);

    /// <summary>Bytes that head and parts take, without what is around them.</summary>
    public static long LengthOf(ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts)
    {
        var length = 4L + head.Length;
        foreach (var part in parts)
            length += 4L + part.Bytes.Length;
        return length;
    }

    /// <summary>Reads the record at the beginning of some bytes; null when there is none, or not whole.</summary>
    public static TailBlock? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark)
            return null;
        var number = BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (length < 4 || length > bytes.Length - Header || Checksum.Of(number, bytes.Slice(Header, length)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]))
            return null;
        var end = Header + length;
        var pieces = new List<(int, int)>();
        for (var at = Header; at < end;)
        {
            var piece = end - at < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            if (piece < 0 || piece > end - at - 4)
                return null;
            pieces.Add((at + 4, piece));
            at += 4 + piece;
        }
        return new(number, bytes[..(int)Math.Min(Aligned(end), bytes.Length)].ToArray(), [.. pieces]);
    }

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private ReadOnlySpan<byte> Piece(int index) => _record.AsSpan(_pieces[index].At, _pieces[index].Length);

    private int Put(int index, int at, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_record.AsSpan(at), bytes.Length);
        bytes.CopyTo(_record.AsSpan(at + 4));
        _pieces[index] = (at + 4, bytes.Length);
        return at + 4 + bytes.Length;
    }
}
