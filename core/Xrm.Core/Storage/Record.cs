using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Xrm.Sdk;

namespace Xrm.Core.Storage;

/// <summary>One entity or relationship in our compact form, as it stands in memory, in segments and on the wire between store and core. A view; it owns nothing and does not change.</summary>
/// <remarks>
/// Layout, little-endian but for ids (big-endian, so that they sort as bytes):
/// 0 id 16 | 16 type ordinal u16 | 18 flags u8 | 19 format u8 | 20 version i32 | 24 created ms i64 | 32 updated ms i64 |
/// 40 from day i32 (int.MinValue = null) | 44 to day i32 (int.MaxValue = null) | 48 last change u64 (block &lt;&lt; 24 | index) |
/// 56 length of the whole i32 | relationships only: 60 source 16 | 76 target 16 | then the fields (<see cref="FieldSet"/>).
/// </remarks>
internal readonly struct Record(byte[]? bytes, int offset)
{
    public const int EntityHeader = 60;
    public const int RelationshipHeader = 92;
    public const byte Format = 1;

    public byte[] Bytes { get; } = bytes!;
    public int Offset { get; } = offset;

    /// <summary>Whether there is one.</summary>
    public bool Exists => Bytes is not null;
    public Guid Id => new(Bytes.AsSpan(Offset, 16), bigEndian: true);
    public int TypeOrdinal => BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(Offset + 16));
    public RecordFlags Flags => (RecordFlags)Bytes[Offset + 18];
    public bool IsRelationship => (Flags & RecordFlags.Relationship) != 0;
    public bool IsDeleted => (Flags & RecordFlags.Deleted) != 0;
    public int Version => BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(Offset + 20));
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(Offset + 24)));
    public DateTimeOffset UpdatedAt => DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(Offset + 32)));
    /// <summary>Day number of the first day; int.MinValue when open.</summary>
    public int FromDay => BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(Offset + 40));
    /// <summary>Day number after the last day; int.MaxValue when open.</summary>
    public int ToDay => BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(Offset + 44));
    public Period Period => new(
        FromDay == int.MinValue ? null : DateOnly.FromDayNumber(FromDay),
        ToDay == int.MaxValue ? null : DateOnly.FromDayNumber(ToDay));
    /// <summary>Where in the log it was last changed.</summary>
    public Cursor LastChange
    {
        get
        {
            var packed = BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(Offset + 48));
            return new((long)(packed >> 24), (int)(packed & 0xFFFFFF));
        }
    }
    public int Length => BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(Offset + 56));
    public Guid Source => new(Bytes.AsSpan(Offset + 60, 16), bigEndian: true);
    public Guid Target => new(Bytes.AsSpan(Offset + 76, 16), bigEndian: true);
    public ReadOnlySpan<byte> Span => Bytes.AsSpan(Offset, Length);
    /// <summary>Its fields.</summary>
    public ReadOnlySpan<byte> Fields
    {
        get
        {
            var header = IsRelationship ? RelationshipHeader : EntityHeader;
            return Bytes.AsSpan(Offset + header, Length - header);
        }
    }

    /// <summary>The JSON of a field's value; false when it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(int ordinal, out ReadOnlySpan<byte> json) => FieldSet.TryGet(Fields, ordinal, out json);
}

/// <summary>Bits of a record's flags byte.</summary>
[Flags]
internal enum RecordFlags : byte
{
    None = 0,
    Relationship = 1,
    /// <summary>It was deleted or unrelated: only its header is left.</summary>
    Deleted = 2,
}
