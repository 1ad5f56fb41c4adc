using System.Buffers.Binary;
using System.Security.Cryptography;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>What a segment holds.</summary>
internal enum SegmentKind : byte
{
    /// <summary>Records, one behind the other; a later segment's hold over an earlier one's.</summary>
    Records = 1,
    /// <summary>Entries of the <see cref="CommitIndex"/>.</summary>
    Commits = 2,
}

/// <summary>A segment of a checkpoint: format 1, kind, two bytes of zero, SHA-256 over the payload, the payload.</summary>
internal static class Segment
{
    public const byte Format = 1;
    public const int Header = 4 + BlockHead.HashLength;
    /// <summary>Of its payload at most, but for a record that is longer alone. With its header it is a round number, as stores like it.</summary>
    public const int Size = (1 << 20) - Header;

    /// <summary>Writes the header before a payload that lies behind the room for it.</summary>
    public static void Close(SegmentKind kind, Span<byte> segment)
    {
        segment[0] = Format;
        segment[1] = (byte)kind;
        segment[2] = segment[3] = 0;
        SHA256.HashData(segment[Header..], segment[4..]);
    }

    /// <exception cref="FormatException">It is damaged or of a newer format.</exception>
    public static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> bytes, out SegmentKind kind)
    {
        if (bytes.Length < Header)
            throw new FormatException("It is cut short.");
        if (bytes[0] != Format)
            throw new FormatException($"It is of format {bytes[0]}; this program reads format {Format}.");
        kind = (SegmentKind)bytes[1];
        if (kind is not (SegmentKind.Records or SegmentKind.Commits))
            throw new FormatException("It is of a kind that this program does not know.");
        var payload = bytes[Header..];
        Span<byte> hash = stackalloc byte[BlockHead.HashLength];
        SHA256.HashData(payload, hash);
        if (!hash.SequenceEqual(bytes.Slice(4, BlockHead.HashLength)))
            throw new FormatException("Its bytes are not the ones that were written.");
        return payload;
    }
}

/// <summary>What goes with a checkpoint: format 1, block, its hash, its time, the places of the last change and of the last change of the model.</summary>
internal sealed record CheckpointMeta(long Block, byte[] Hash, DateTimeOffset At, Cursor Head, Cursor ModelChange)
{
    private const int Length = 1 + 8 + BlockHead.HashLength + 8 + 8 + 8;

    public static CheckpointMeta Of(Root root) => new(root.Block, root.Hash, root.At, root.Head, root.ModelChange);

    public byte[] Write()
    {
        var bytes = new byte[Length];
        bytes[0] = Segment.Format;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Block);
        Hash.CopyTo(bytes, 9);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(41), At.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(49), Batch.Pack(Head));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(57), Batch.Pack(ModelChange));
        return bytes;
    }

    /// <exception cref="Problem">Unavailable: it is damaged or of a newer format.</exception>
    public static CheckpointMeta Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length || bytes[0] != Segment.Format)
            throw StoreFaults.DamagedSegment(0, "The checkpoint's own facts are not readable.");
        return new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]),
            bytes.Slice(9, BlockHead.HashLength).ToArray(),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(bytes[41..])),
            Place(BinaryPrimitives.ReadUInt64LittleEndian(bytes[49..])),
            Place(BinaryPrimitives.ReadUInt64LittleEndian(bytes[57..])));
    }

    private static Cursor Place(ulong packed) => new((long)(packed >> 24), (int)(packed & 0xFFFFFF));
}
