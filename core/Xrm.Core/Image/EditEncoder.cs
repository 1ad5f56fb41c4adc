using System.Buffers;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Makes of an edit the change that goes into the log: only what is different, with what it was before.</summary>
internal sealed class EditEncoder
{
    private readonly ArrayBufferWriter<byte> _before = new();
    private readonly ArrayBufferWriter<byte> _after = new(1024);

    /// <summary>Whether an edit makes a record.</summary>
    public static bool IsFresh(RecordEdit edit) => edit.Kind is ChangeKind.Created or ChangeKind.Related;

    /// <summary>Whether an edit can be made of a record as it is: something new must not be there, anything else must.</summary>
    public static bool Fits(RecordEdit edit, Record old)
    {
        var isThere = old.Exists && !old.IsDeleted;
        return edit.Kind switch
        {
            ChangeKind.Created or ChangeKind.Related => !isThere && (!old.Exists || old.TypeOrdinal == edit.Type.Ordinal),
            _ => isThere && old.TypeOrdinal == edit.Type.Ordinal,
        };
    }

    /// <summary>Writes the change; false when nothing would be different.</summary>
    public bool TryEncode(RecordEdit edit, Record old, IBufferWriter<byte> writer)
    {
        var isRelationship = edit.Type is ModelRelationship;
        var isFresh = IsFresh(edit);
        var isDeletion = edit.Kind is ChangeKind.Deleted or ChangeKind.Unrelated;
        var fromBefore = isFresh ? int.MinValue : old.FromDay;
        var toBefore = isFresh ? int.MaxValue : old.ToDay;
        var fromAfter = isDeletion ? int.MinValue : edit.Period is { } from ? Days.From(from) : fromBefore;
        var toAfter = isDeletion ? int.MaxValue : edit.Period is { } to ? Days.To(to) : toBefore;
        _before.ResetWrittenCount();
        _after.ResetWrittenCount();
        if (isDeletion)
            _before.Write(old.Fields);
        else
            Compare(isFresh ? default : old.Fields, edit.Set.Span);
        if (!isFresh && !isDeletion && _after.WrittenCount == 0 && fromBefore == fromAfter && toBefore == toAfter)
            return false;
        var header = new ChangeHeader(
            edit.Kind,
            isRelationship,
            edit.Type.Ordinal,
            edit.Id,
            old.Exists ? old.Version + 1 : 1,
            old.Exists ? Batch.Pack(old.LastChange) : 0,
            isRelationship ? isFresh ? edit.Source : old.Source : default,
            isRelationship ? isFresh ? edit.Target : old.Target : default,
            fromBefore,
            toBefore,
            fromAfter,
            toAfter);
        ChangeView.Write(writer, header, _before.WrittenSpan, _after.WrittenSpan, default);
        return true;
    }

    public static void EncodeModel(ReadOnlySpan<byte> model, Cursor previous, IBufferWriter<byte> writer)
    {
        var header = new ChangeHeader(ChangeKind.Model, false, 0, default, 0, Batch.Pack(previous), default, default, int.MinValue, int.MaxValue, int.MinValue, int.MaxValue);
        ChangeView.Write(writer, header, default, default, model);
    }

    private void Compare(ReadOnlySpan<byte> old, ReadOnlySpan<byte> set)
    {
        var each = FieldSet.Each(set);
        while (each.MoveNext())
        {
            FieldSet.TryGet(old, each.Ordinal, out var value);
            if (value.SequenceEqual(each.Json))
                continue;
            FieldSet.Append(_before, each.Ordinal, value);
            FieldSet.Append(_after, each.Ordinal, each.Json);
        }
    }
}
