using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>The next root while it is made: changes are applied to it one by one; it comes into force whole or is dropped.</summary>
internal sealed class Batch
{
    /// <summary>For so many records in advance it is brought near where the map has them.</summary>
    private const int RecordsAhead = 16;

    private static long _owners;

    private readonly Root _root;
    private readonly IdMap _map;
    private readonly Dictionary<int, TypeWork> _works = [];
    private readonly Dictionary<Guid, int> _awaited = [];
    private readonly Linking _linking;
    private readonly Growing _growing;
    private readonly ArrayBufferWriter<byte> _fields = new(1024);
    private readonly long _owner = NewOwner();
    private readonly bool _keepsTrees;

    /// <param name="keepsTrees">Whether trees follow each change; otherwise they are built by <see cref="BuildTrees"/> at the end.</param>
    public Batch(Root root, IdMap map, bool keepsTrees = true)
    {
        _root = root;
        _map = map;
        _keepsTrees = keepsTrees;
        Space = root.Space.For(_owner);
        _linking = new(Space, map, EndOf);
        _growing = new(Space, _linking);
        Head = root.Head;
        ModelChange = root.ModelChange;
        ModelVersion = root.ModelVersion;
        PreparedVersion = root.PreparedVersion;
    }

    /// <summary>What marks the pages and nodes that one batch made, and may change.</summary>
    public static long NewOwner() => Interlocked.Increment(ref _owners);

    public RecordSpace Space { get; }
    public Cursor Head { get; private set; }
    public Cursor ModelChange { get; private set; }
    public long ModelVersion { get; set; }
    public long? PreparedVersion { get; set; }

    public Root Freeze(long block, byte[] hash, DateTimeOffset at)
    {
        var types = _root.Types;
        var builder = types.ToBuilder();
        foreach (var (ordinal, work) in _works)
        {
            while (builder.Count <= ordinal)
                builder.Add(null);
            builder[ordinal] = work.Freeze();
        }
        return new(Space, builder.ToImmutable()) { Block = block, Hash = hash, At = at, Head = Head, ModelChange = ModelChange, ModelVersion = ModelVersion, PreparedVersion = PreparedVersion };
    }

    /// <summary>The record of an id, deleted ones included.</summary>
    public Record Find(Guid id) => _map.Find(id, Space) is var slot and >= 0 ? Space[slot] : default;

    public int Slot(Guid id) => _map.Find(id, Space);

    public TypeWork Type(int ordinal)
    {
        if (_works.TryGetValue(ordinal, out var work))
            return work;
        return _works[ordinal] = new(_root.Type(ordinal) ?? new(ordinal), _owner, Space);
    }

    /// <summary>The last block that wrote a record of the type.</summary>
    public long LastBlock(int ordinal) => _works.TryGetValue(ordinal, out var work) ? work.LastBlock : _root.Type(ordinal)?.LastBlock ?? 0;

    /// <summary>Applies a change; writing and replay do the same.</summary>
    /// <param name="at">The block's time in milliseconds.</param>
    public void Apply(in ChangeView change, Cursor place, long at)
    {
        Head = place;
        if (change.Kind == ChangeKind.Model)
        {
            ModelChange = place;
            return;
        }
        var id = change.Id;
        var slot = _map.Find(id, Space);
        var old = slot < 0 ? default : Space[slot];
        if (slot < 0)
            slot = Allocate(id);
        var isDeletion = change.Kind is ChangeKind.Deleted or ChangeKind.Unrelated;
        var isFresh = change.Kind is ChangeKind.Created or ChangeKind.Related;
        var wasThere = old.Exists && !old.IsDeleted;
        var type = Type(change.TypeOrdinal);
        type.Touch(place.Block);

        UpdatedTrees updated = default;
        var isUpdate = _keepsTrees && wasThere && !isDeletion && !isFresh;
        if (isUpdate)
            updated = type.Before(old, slot, Ordinals(change.After), change.FromBefore != change.FromAfter || change.ToBefore != change.ToAfter);
        else if (_keepsTrees && wasThere)
        {
            type.Remove(old, slot);
            if (old.IsRelationship)
                type.Unlink(SlotOf(old.Source), SlotOf(old.Target), slot);
        }

        _fields.ResetWrittenCount();
        if (!isDeletion)
            FieldSet.Merge(old.Exists && !isFresh ? old.Fields : default, change.After, _fields);
        Write(change, slot, old, place, at, isDeletion);
        if (isDeletion || !_keepsTrees)
            return;
        var now = Space[slot];
        if (isUpdate)
        {
            type.After(now, slot, updated);
            return;
        }
        type.Add(now, slot);
        if (now.IsRelationship)
            type.Link(SlotOf(now.Source), SlotOf(now.Target), slot);
    }

    /// <summary>Makes a record of an id that was never used: the same as applying the change that its edit comes to, which need not be written down once more for it. It stands in no tree before <see cref="Settle"/>.</summary>
    /// <param name="edit">Without nulls.</param>
    /// <param name="at">The block's time in milliseconds.</param>
    public void Make(RecordEdit edit, Cursor place, long at)
    {
        Head = place;
        var slot = Allocate(edit.Id);
        var type = Type(edit.Type.Ordinal);
        type.Touch(place.Block);
        var isRelationship = edit.Type is ModelRelationship;
        var header = isRelationship ? Record.RelationshipHeader : Record.EntityHeader;
        var period = edit.Period ?? Period.Always;
        var bytes = Space.Put(slot, header + edit.Set.Length);
        edit.Id.TryWriteBytes(bytes, bigEndian: true, out _);
        RecordHeader.Write(bytes, edit.Type.Ordinal, isRelationship ? RecordFlags.Relationship : 0, 1, at, at, Days.From(period), Days.To(period), place);
        edit.Set.Span.CopyTo(bytes[header..]);
        if (isRelationship)
        {
            edit.Source.TryWriteBytes(bytes[60..], bigEndian: true, out _);
            edit.Target.TryWriteBytes(bytes[76..], bigEndian: true, out _);
        }
        _growing.Add(type, slot);
    }

    /// <summary>Puts what was made into its trees.</summary>
    public void Settle() => _growing.Settle();

    /// <summary>Takes records as they are, from a checkpoint; the bytes are the image's from then on.</summary>
    /// <param name="first">Where the first of them lies; the others one behind the other, up to the end.</param>
    /// <returns>How many they are.</returns>
    /// <exception cref="FormatException">They are of another format, or cut short.</exception>
    public int Load(byte[] bytes, int first)
    {
        var count = 0;
        var slab = Space.Adopt(bytes, first);
        var ahead = first;
        for (var i = 0; i < RecordsAhead; i++)
            ahead = LookAhead(bytes, ahead);
        for (var at = first; at < bytes.Length;)
        {
            ahead = LookAhead(bytes, ahead);
            var record = new Record(bytes, at);
            if (bytes.Length - at < Record.EntityHeader || record.Length < Record.EntityHeader || record.Length > bytes.Length - at)
                throw new FormatException("It is cut short.");
            if (bytes[at + 19] != Record.Format)
                throw new FormatException("It holds records of another format.");
            var id = record.Id;
            var slot = _map.Find(id, Space);
            Space.Take(slot < 0 ? Allocate(id) : slot, slab, at);
            Type(record.TypeOrdinal).Touch(record.LastChange.Block);
            at += record.Length;
            count++;
        }
        return count;
    }

    /// <summary>Has brought near where the map has a record, whole or not.</summary>
    /// <returns>Where the next one lies.</returns>
    private int LookAhead(byte[] bytes, int at)
    {
        if (bytes.Length - at < Record.EntityHeader)
            return bytes.Length;
        var record = new Record(bytes, at);
        _map.Prefetch(record.Id);
        return at + Math.Clamp(record.Length, Record.EntityHeader, bytes.Length - at);
    }

    /// <summary>Facts of a checkpoint that are not in records.</summary>
    public void Load(Cursor head, Cursor modelChange)
    {
        Head = head;
        ModelChange = modelChange;
    }

    /// <summary>Builds all trees from the records.</summary>
    public void BuildTrees() => new Planting(Space, _linking, Type).Run();

    /// <summary>The slot of a relationship's end, whichever thread asks.</summary>
    private int EndOf(Guid id, int likely)
    {
        if (_map.Find(id, Space, likely) is var slot and >= 0)
            return slot;
        lock (_awaited)
            return SlotOf(id);
    }

    /// <summary>Moves what still counts in a slab elsewhere.</summary>
    public void Compact(int slab)
    {
        var bytes = _root.Space.Slab(slab);
        for (var at = _root.Space.FirstIn(slab); at + Record.EntityHeader <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 56)..]);
            if (length <= 0)
                break;
            var slot = _map.Find(new Guid(bytes.Slice(at, 16), bigEndian: true), Space);
            if (slot >= 0 && Space.IsAt(slot, slab, at))
                bytes.Slice(at, length).CopyTo(Space.Put(slot, length));
            at += length;
        }
        Space.Release(slab);
    }

    private void Write(in ChangeView change, int slot, Record old, Cursor place, long at, bool isDeletion)
    {
        var header = change.IsRelationship ? Record.RelationshipHeader : Record.EntityHeader;
        var length = header + _fields.WrittenCount;
        // One that comes back was made when it was made.
        var created = old.Exists ? old.CreatedAt.ToUnixTimeMilliseconds() : at;
        var bytes = Space.Put(slot, length);
        change.IdBytes.CopyTo(bytes);
        RecordHeader.Write(bytes, change.TypeOrdinal, (change.IsRelationship ? RecordFlags.Relationship : 0) | (isDeletion ? RecordFlags.Deleted : 0), change.Version, created, at,
            isDeletion ? change.FromBefore : change.FromAfter, isDeletion ? change.ToBefore : change.ToAfter, place);
        if (change.IsRelationship)
        {
            change.SourceBytes.CopyTo(bytes[60..]);
            change.TargetBytes.CopyTo(bytes[76..]);
        }
        _fields.WrittenSpan.CopyTo(bytes[header..]);
    }

    public static ulong Pack(Cursor place) => (ulong)place.Block << 24 | (uint)place.Index;

    private int Allocate(Guid id)
    {
        if (_awaited.Remove(id, out var awaited))
            return awaited;
        var slot = Space.Allocate();
        _map.Add(id, slot);
        return slot;
    }

    // A relationship may come before a thing that the same commit makes: the thing's slot is kept for it.
    private int SlotOf(Guid id)
    {
        var slot = _map.Find(id, Space);
        if (slot >= 0 || _awaited.TryGetValue(id, out slot))
            return slot;
        slot = Space.Allocate();
        _map.Add(id, slot);
        _awaited[id] = slot;
        return slot;
    }

    private static int[] Ordinals(ReadOnlySpan<byte> fields)
    {
        var ordinals = new List<int>(8);
        var each = FieldSet.Each(fields);
        while (each.MoveNext())
            ordinals.Add(each.Ordinal);
        return [.. ordinals];
    }
}
