using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>The edits that make of records what they were, with what must still be true when they are written.</summary>
/// <param name="model">The model that comes into force, parked parts included.</param>
/// <param name="block">The last block that was looked at.</param>
/// <param name="now">The records as they are.</param>
internal sealed class RewoundEdits(CompiledModel model, long block, IReadOnlyDictionary<Guid, Record> now)
{
    private readonly Dictionary<Guid, RecordEdit> _edits = [];
    private readonly HashSet<Guard> _guards = [];

    /// <summary>Entities that go.</summary>
    public IEnumerable<RecordEdit> Gone => _edits.Values.Where(e => e.Kind == ChangeKind.Deleted);

    /// <summary>What is made or changed of a type.</summary>
    public IEnumerable<RecordEdit> Back(int type) => _edits.Values.Where(e => e.Type.Ordinal == type && e.Kind is ChangeKind.Created or ChangeKind.Updated).ToArray();

    public bool Touches(Guid id) => _edits.ContainsKey(id);

    /// <summary>Nothing of a type may change meanwhile.</summary>
    public void Unchanged(RecordType type) => _guards.Add(new Guard.TypeIsUnchanged(type, block));

    /// <summary>A thing that is relied on may not change meanwhile.</summary>
    public void Unchanged(Guid id, int version) => _guards.Add(new Guard.VersionIs(id, version));

    /// <summary>Whether a record was something else than it is now.</summary>
    public bool IsDifferent(Former former) => Of(former) is not null;

    /// <summary>Makes of a record what it was.</summary>
    public void Whole(Former former)
    {
        if (Of(former) is { } edit)
            Put(edit, now[former.Id].Version);
    }

    /// <summary>Makes of some fields of a record what they were; of one that is gone, nothing.</summary>
    public void Fields(Former former)
    {
        var record = now[former.Id];
        if (!record.IsDeleted && former.Back(record) is { Length: > 0 } set)
            Put(new(ChangeKind.Updated, model.ByOrdinal[former.TypeOrdinal], former.Id, set), record.Version);
    }

    /// <summary>Does something to a record besides, or in place of what was to be done to it.</summary>
    public void Put(RecordEdit edit, int version)
    {
        _edits[edit.Id] = edit;
        _guards.Add(new Guard.VersionIs(edit.Id, version));
    }

    /// <summary>Replaces an edit by one that says less.</summary>
    public void Replace(RecordEdit edit) => _edits[edit.Id] = edit;

    /// <summary>What is made or changed, then what goes.</summary>
    public MigratedData Made() => new(
        [.. _edits.Values.OrderBy(e => e.Kind is ChangeKind.Deleted or ChangeKind.Unrelated)],
        [.. _guards]);

    private RecordEdit? Of(Former former)
    {
        var record = now[former.Id];
        var type = model.ByOrdinal[former.TypeOrdinal];
        var isLink = type is ModelRelationship;
        if (!former.WasThere)
            return record.IsDeleted ? null : new(isLink ? ChangeKind.Unrelated : ChangeKind.Deleted, type, former.Id, default);
        var set = former.Back(record);
        if (record.IsDeleted)
            return new(isLink ? ChangeKind.Related : ChangeKind.Created, type, former.Id, set) { Period = former.Period, Source = former.Source, Target = former.Target };
        return set.Length == 0 && record.Period == former.Period ? null : new(isLink ? ChangeKind.Changed : ChangeKind.Updated, type, former.Id, set) { Period = former.Period };
    }
}
