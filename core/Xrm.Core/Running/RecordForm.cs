using System.Buffers.Binary;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Makes the packed form of an entity that is not in the store: one as it was.</summary>
internal static class RecordForm
{
    public static Record Of(State state, Cursor place)
    {
        var bytes = new byte[Record.EntityHeader + state.Fields.Length];
        state.Id.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), (ushort)state.Type.Ordinal);
        bytes[19] = Record.Format;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), state.Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), state.CreatedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), state.UpdatedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), state.Period.From?.DayNumber ?? int.MinValue);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(44), state.Period.To?.DayNumber ?? int.MaxValue);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(48), (ulong)place.Block << 24 | (uint)place.Index);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(56), bytes.Length);
        state.Fields.CopyTo(bytes.AsSpan(Record.EntityHeader));
        return new Record(bytes, 0);
    }
}
