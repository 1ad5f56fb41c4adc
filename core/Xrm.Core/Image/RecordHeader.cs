using System.Buffers.Binary;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>What stands before the fields of a <see cref="Record"/>.</summary>
internal static class RecordHeader
{
    /// <summary>All of a record's header behind its id and before the ends of a relationship.</summary>
    public static void Write(Span<byte> bytes, int type, RecordFlags flags, int version, long created, long updated, int from, int to, Cursor place)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[16..], (ushort)type);
        bytes[18] = (byte)flags;
        bytes[19] = Record.Format;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], created);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], updated);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[40..], from);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[44..], to);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], Batch.Pack(place));
        BinaryPrimitives.WriteInt32LittleEndian(bytes[56..], bytes.Length);
    }
}
