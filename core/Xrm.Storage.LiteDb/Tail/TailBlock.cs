using System.Buffers.Binary;
using Xrm.Core.Log;

namespace Xrm.Storage.LiteDb.Tail;

/// <summary>A block as it stands in a tail file.</summary>
/// <remarks>
/// A mark, the block's number, the length of what follows, a checksum over number and all that follows; then head and parts, each behind its length.
/// A record begins at a multiple of <see cref="Alignment"/> and is filled with zeros up to one, so that records can be looked for.
/// </remarks>
internal sealed class TailBlock(long number, ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts)
{
    public const int Alignment = 512;

    private const int Header = 20;
    // No text has these bytes; the last one is the format.
    private const uint Mark = 0x01_58_FE_FFu;

    public long Number => number;

    public ReadOnlyMemory<byte> Head => head;

    public IReadOnlyList<JournalPart> Parts => parts;

    /// <summary>Bytes of its record.</summary>
    public int Length { get; } = (int)(Header + LengthOf(head, parts) + Alignment - 1) / Alignment * Alignment;

    /// <summary>Bytes that head and parts take, without what is around them.</summary>
    public static long LengthOf(ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts)
    {
        var length = 4L + head.Length;
        foreach (var part in parts)
            length += 4L + part.Bytes.Length;
        return length;
    }

    /// <summary>Writes its record.</summary>
    /// <param name="record">Of its length.</param>
    public void Write(Span<byte> record)
    {
        var end = Put(record, Header, head.Span);
        foreach (var part in parts)
            end = Put(record, end, part.Bytes.Span);
        record[end..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record, Mark);
        BinaryPrimitives.WriteInt64LittleEndian(record[4..], number);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], end - Header);
        BinaryPrimitives.WriteUInt32LittleEndian(record[16..], Checksum.Of(number, record[Header..end]));
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
        var pieces = new List<JournalPart>();
        for (var rest = bytes.Slice(Header, length); rest.Length > 0;)
        {
            var piece = rest.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (piece < 0 || piece > rest.Length - 4)
                return null;
            pieces.Add(new(rest.Slice(4, piece).ToArray()));
            rest = rest[(4 + piece)..];
        }
        return new(number, pieces[0].Bytes, pieces[1..]);
    }

    private static int Put(Span<byte> record, int at, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[at..], bytes.Length);
        bytes.CopyTo(record[(at + 4)..]);
        return at + 4 + bytes.Length;
    }
}
