using System.Buffers;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>What a record was at a place in the log, learnt from its changes behind that place, oldest first.</summary>
/// <param name="place">The place.</param>
/// <param name="only">The fields asked for, by ordinal; null = all of it.</param>
internal sealed class Former(Cursor place, IReadOnlySet<int>? only)
{
    private readonly SortedDictionary<int, byte[]> _fields = [];
    private bool _isWhole;
    private bool _isBroken;

    public Guid Id { get; private set; }
    public int TypeOrdinal { get; private set; }
    /// <summary>Whether it was there at the place.</summary>
    public bool WasThere { get; private set; }
    /// <summary>Its period at the place.</summary>
    public Period Period { get; private set; }
    /// <summary>Of a relationship; otherwise empty.</summary>
    public Guid Source { get; private set; }
    /// <summary>Of a relationship; otherwise empty.</summary>
    public Guid Target { get; private set; }
    /// <summary>Whether only some fields are asked for, and nothing else of it.</summary>
    public bool IsPartial => only is not null;
    /// <summary>The last change that was noted.</summary>
    public Cursor Last { get; private set; }

    /// <summary>Takes the next change.</summary>
    public void Note(RecordChange change)
    {
        if (Last == Cursor.Start)
        {
            (Id, TypeOrdinal, Source, Target) = (change.Id, change.TypeOrdinal, change.Source, change.Target);
            WasThere = change.Kind is not (ChangeKind.Created or ChangeKind.Related);
            Period = change.PeriodBefore;
            _isBroken = change.Previous > place;
        }
        else
            _isBroken |= change.Previous != Last;
        Last = change.Place;
        if (!WasThere || _isWhole)
            return;
        var each = FieldSet.Each(change.Before);
        while (each.MoveNext())
            if (only?.Contains(each.Ordinal) is not false)
                _fields.TryAdd(each.Ordinal, each.Json.ToArray());
        // With a deletion all fields are told, so that nothing behind it is of use.
        _isWhole = change.Kind is ChangeKind.Deleted or ChangeKind.Unrelated;
    }

    /// <summary>Whether each of its changes is known; where values were erased since, what it was is not.</summary>
    /// <param name="now">The record as it is now, deleted or not.</param>
    public bool IsKnown(Record now) => !_isBroken && now.Exists && now.LastChange == Last;

    /// <summary>A <see cref="FieldSet"/> that makes of the record as it is now what it was; of one that is gone, all that it was.</summary>
    public byte[] Back(Record now)
    {
        var set = new SortedDictionary<int, byte[]>();
        if (WasThere)
            foreach (var (ordinal, json) in _fields)
                if (!Now(now, ordinal).SequenceEqual(json))
                    set[ordinal] = json;
        if (!WasThere || _isWhole)
        {
            var each = FieldSet.Each(now.IsDeleted ? default : now.Fields);
            while (each.MoveNext())
                if (only?.Contains(each.Ordinal) is not false && !_fields.ContainsKey(each.Ordinal))
                    set[each.Ordinal] = [];
        }
        var writer = new ArrayBufferWriter<byte>();
        foreach (var (ordinal, json) in set)
            FieldSet.Append(writer, ordinal, json);
        return writer.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> Now(Record now, int ordinal) => !now.IsDeleted && now.TryGet(ordinal, out var json) ? json : default;
}
