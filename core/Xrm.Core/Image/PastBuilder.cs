using System.Collections.Frozen;
using Xrm.Core.Log;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Makes a past state of a present one: what changed since is put back, records and trees, beside all that did not change. The present state is left as it is.</summary>
/// <remarks>A record whose changes since are not all known, because one was erased, is not there: nothing that was erased comes back, and nothing that came later stands for it.</remarks>
/// <param name="now">The present.</param>
/// <param name="block">The last block that is to be in it, from 1.</param>
internal sealed class PastBuilder(Root now, long block, BlockLog log, IdMap map)
{
    private readonly long _owner = Batch.NewOwner();
    private readonly Dictionary<int, TypeWork> _works = [];
    private readonly Dictionary<int, Record> _gone = [];
    private readonly PastRecord _record = new();
    private RecordSpace _space = RecordSpace.Empty;
    private PastSlab _slab = null!;

    /// <exception cref="Problem">Unavailable: the log cannot be read.</exception>
    public Past Make(CancellationToken cancellation)
    {
        var changes = new PastChanges(log, map, now.Space, block, now.Block, cancellation);
        _space = now.Space.Apart(_owner);
        _slab = new(_space);
        var looked = 0;
        foreach (var slot in changes.Slots)
        {
            if ((++looked & 0x3FF) == 0)
                cancellation.ThrowIfCancellationRequested();
            PutBack(slot, changes.Of(slot));
        }
        if (changes.HasErased)
            for (var slot = 0; slot < now.Space.Slots; slot++)
                if (now.Space[slot] is { Exists: true } record && record.LastChange.Block > block && !changes.Has(slot))
                    Forget(record, slot);
        return new(Freeze(), now.Block, _gone.ToFrozenDictionary());
    }

    /// <summary>The same past with what went up to a later present.</summary>
    /// <exception cref="Problem">Unavailable: the log cannot be read.</exception>
    public static Past Extend(Past past, Root now, BlockLog log, IdMap map, CancellationToken cancellation)
    {
        var changes = new PastChanges(log, map, now.Space, past.Seen, now.Block, cancellation);
        var gone = past.Gone.ToDictionary();
        var record = new PastRecord();
        var slab = new PastSlab(null);
        foreach (var slot in changes.Slots)
            if (past.Root.Space.TryGet(slot, out _))
            {
                var chain = changes.Of(slot);
                record.Begin(now.Space[slot]);
                if (chain.MoveNext() && chain.Current.Kind is ChangeKind.Deleted or ChangeKind.Unrelated && record.TryUndo(chain.Current, chain.Place))
                    gone[slot] = slab.Put(record, 0);
            }
        return past with { Seen = now.Block, Gone = gone.ToFrozenDictionary() };
    }

    private void PutBack(int slot, PastChanges.Chain chain)
    {
        var current = now.Space[slot];
        _record.Begin(current);
        var isKnown = true;
        var last = default(Record);
        while (isKnown && chain.MoveNext())
        {
            isKnown = _record.TryUndo(chain.Current, chain.Place);
            if (isKnown && current.IsDeleted && !last.Exists)
                last = _slab.Put(_record, 0);
        }
        // Its last change then must be one of then; otherwise an erased one lies between.
        isKnown &= _record.LastBlock <= block;
        if (!isKnown || !_record.WasThere)
        {
            Forget(current, slot);
            return;
        }
        if (last.Exists)
            _gone[slot] = last;
        var type = Type(current.TypeOrdinal);
        if (!current.IsDeleted && !_record.IsOther)
        {
            var updated = type.Before(current, slot, _record.Ordinals, current.FromDay != _record.FromDay || current.ToDay != _record.ToDay);
            type.After(Put(slot), slot, updated);
            return;
        }
        Forget(current, slot);
        var then = Put(slot);
        type.Add(then, slot);
        if (then.IsRelationship)
            type.Link(SlotOf(then.Source), SlotOf(then.Target), slot);
    }

    private Record Put(int slot) => _slab.Put(_record, log.Times.Of(_record.LastBlock).At, slot);

    private void Forget(Record current, int slot)
    {
        if (!current.IsDeleted)
        {
            var type = Type(current.TypeOrdinal);
            type.Remove(current, slot);
            if (current.IsRelationship)
                type.Unlink(SlotOf(current.Source), SlotOf(current.Target), slot);
        }
        _space.Clear(slot);
    }

    private TypeWork Type(int ordinal)
    {
        if (_works.TryGetValue(ordinal, out var work))
            return work;
        return _works[ordinal] = new(now.Type(ordinal) ?? new(ordinal), _owner, _space);
    }

    // Whatever was ever related is or was a record, and keeps its slot.
    private int SlotOf(Guid id) => map.Find(id, now.Space);

    private Root Freeze()
    {
        var types = now.Types.ToBuilder();
        foreach (var (ordinal, work) in _works)
        {
            while (types.Count <= ordinal)
                types.Add(null);
            types[ordinal] = work.Freeze();
        }
        return now with { Space = _space, Types = types.ToImmutable(), Block = block, At = DateTimeOffset.FromUnixTimeMilliseconds(log.Times.Of(block).At) };
    }
}
