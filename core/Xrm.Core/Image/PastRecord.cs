using System.Buffers;
using System.Buffers.Binary;
using Xrm.Core.Log;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>One record while it is walked back, change by change; used again for the next.</summary>
internal sealed class PastRecord
{
    private readonly List<int> _ordinals = [];
    private ArrayBufferWriter<byte> _fields = new();
    private ArrayBufferWriter<byte> _merged = new();
    private Record _now;
    private Guid _source;
    private Guid _target;

    /// <summary>Whether it was there.</summary>
    public bool WasThere { get; private set; }
    /// <summary>Whether it was made or deleted since: then it is not an update of the other that stands between now and then.</summary>
    public bool IsOther { get; private set; }
    /// <summary>The fields that changed since, some perhaps twice.</summary>
    public int[] Ordinals => [.. _ordinals];
    public int Version { get; private set; }
    public int FromDay { get; private set; }
    public int ToDay { get; private set; }
    /// <summary>Its last change then, packed.</summary>
    public ulong LastChange { get; private set; }
    /// <summary>The last block that had changed it then.</summary>
    public long LastBlock => (long)(LastChange >> 24);
    public Guid Source => _source;
    public Guid Target => _target;
    public int Length => (_now.IsRelationship ? Record.RelationshipHeader : Record.EntityHeader) + _fields.WrittenCount;

    /// <summary>Begins with a record as it is now.</summary>
    public void Begin(Record now)
    {
        _now = now;
        _ordinals.Clear();
        _fields.ResetWrittenCount();
        WasThere = !now.IsDeleted;
        IsOther = false;
        Version = now.Version;
        (FromDay, ToDay) = (now.FromDay, now.ToDay);
        LastChange = Batch.Pack(now.LastChange);
        if (now.IsRelationship)
            (_source, _target) = (now.Source, now.Target);
        if (WasThere)
            _fields.Write(now.Fields);
    }

    /// <summary>Takes a change away; false when it is not the record's last one as it stands: one between them was erased, and what it was before is known no more.</summary>
    public bool TryUndo(in ChangeView change, ulong place)
    {
        if (place != LastChange)
            return false;
        switch (change.Kind)
        {
            case ChangeKind.Created or ChangeKind.Related:
                WasThere = false;
                IsOther = true;
                _fields.ResetWrittenCount();
                break;
            case ChangeKind.Deleted or ChangeKind.Unrelated:
                WasThere = true;
                IsOther = true;
                _fields.ResetWrittenCount();
                _fields.Write(change.Before);
                break;
            default:
                _merged.ResetWrittenCount();
                FieldSet.Merge(_fields.WrittenSpan, change.Before, _merged);
                (_fields, _merged) = (_merged, _fields);
                var each = FieldSet.Each(change.Before);
                while (each.MoveNext())
                    _ordinals.Add(each.Ordinal);
                break;
        }
        if (change.IsRelationship)
            (_source, _target) = (new(change.SourceBytes, bigEndian: true), new(change.TargetBytes, bigEndian: true));
        (FromDay, ToDay) = (change.FromBefore, change.ToBefore);
        Version = change.Version - 1;
        LastChange = change.Previous;
        return true;
    }

    /// <summary>Writes it in its packed form, <see cref="Length"/> bytes.</summary>
    /// <param name="updated">When its last change then was recorded, in milliseconds.</param>
    public void Write(Span<byte> bytes, long updated)
    {
        // Id, type, flags, format, and when it was made stay what they are, whatever becomes of a record.
        var header = _now.IsRelationship ? Record.RelationshipHeader : Record.EntityHeader;
        _now.Span[..header].CopyTo(bytes);
        bytes[18] = (byte)(_now.IsRelationship ? RecordFlags.Relationship : RecordFlags.None);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], updated);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[40..], FromDay);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[44..], ToDay);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], LastChange);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[56..], Length);
        if (_now.IsRelationship)
        {
            _source.TryWriteBytes(bytes[60..], bigEndian: true, out _);
            _target.TryWriteBytes(bytes[76..], bigEndian: true, out _);
        }
        _fields.WrittenSpan.CopyTo(bytes[header..]);
    }
}
