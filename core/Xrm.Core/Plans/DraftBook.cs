using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>The records that a commit touches or names: read in a few batches, then held as drafts.</summary>
internal sealed class DraftBook(PlanContext context)
{
    private readonly Dictionary<Guid, (Record Record, uint Masks)> _entities = [];
    private readonly Dictionary<Guid, Row> _links = [];
    private readonly Dictionary<Guid, Draft> _drafts = [];
    private readonly Dictionary<Guid, string> _made = [];
    private readonly List<Draft> _order = [];

    /// <summary>In the order in which they were first touched.</summary>
    public IReadOnlyList<Draft> Drafts => _order;

    /// <summary>Reads what the edits name: one step for all things, one for each relationship type.</summary>
    public async ValueTask Load(CancellationToken cancellation)
    {
        var things = new HashSet<Guid>();
        var ends = 0;
        var links = new Dictionary<ModelRelationship, HashSet<Guid>>();
        _made.EnsureCapacity(context.Edits.Count(e => e is Edit.Create));
        foreach (var create in context.Edits.OfType<Edit.Create>())
            _made[create.Id.Value] = create.Type;
        foreach (var edit in context.Edits)
            switch (edit)
            {
                case Edit.Create create:
                    foreach (var (_, value) in create.Values)
                        if (value is EntityId id)
                        {
                            ends++;
                            if (!_made.ContainsKey(id.Value))
                                things.Add(id.Value);
                        }
                    break;
                case Edit.Update update:
                    things.Add(update.Id.Value);
                    break;
                case Edit.Delete delete:
                    things.Add(delete.Id.Value);
                    break;
                case Edit.Relate relate:
                    if (!_made.ContainsKey(relate.Source.Value))
                        things.Add(relate.Source.Value);
                    if (!_made.ContainsKey(relate.Target.Value))
                        things.Add(relate.Target.Value);
                    break;
                case Edit.Change change:
                    Link(change.Type, change.Id);
                    break;
                case Edit.End end:
                    Link(end.Type, end.Id);
                    break;
                case Edit.Unrelate unrelate:
                    Link(unrelate.Type, unrelate.Id);
                    break;
            }
        _drafts.EnsureCapacity(context.Edits.Length + ends);
        _order.EnsureCapacity(context.Edits.Length + ends);
        foreach (var (relationship, ids) in links)
            foreach (var row in (await context.Snapshot.Read(new ReadStep.Links(relationship, [.. ids])
            {
                Views = [.. relationship.Target.Types.Select(TypeView.Of)],
                LinkMasks = context.View.Of(relationship).Questions,
            }, cancellation)).Items)
            {
                _links[row.Link.Id] = row;
                // Whoever may not see an end does not see the relationship.
                if (!context.MayAll)
                {
                    things.Add(row.Link.Source);
                    things.Add(row.Link.Target);
                }
            }
        // Grown by doubling, they would each be copied and thrown away several times as large objects.
        _entities.EnsureCapacity(things.Count);
        if (things.Count > 0)
            foreach (var row in (await context.Snapshot.Read(new ReadStep.ById([.. things])
            {
                Views = [.. context.Reached.Types.Select(t => new TypeView(t, null, context.MayAll ? [] : context.View.Of(t).Questions))],
            }, cancellation)).Items)
                _entities[row.Entity.Id] = (row.Entity, row.Masks);

        void Link(string type, EntityId id)
        {
            if (context.Reached.Relationship(type) is not { } relationship)
                return;
            if (!links.TryGetValue(relationship, out var ids))
                links.Add(relationship, ids = []);
            ids.Add(id.Value);
        }
    }

    /// <summary>The draft of a record that the commit touched before; null when it did not.</summary>
    public Draft? Touched(Guid id) => _drafts.GetValueOrDefault(id);

    /// <summary>Begins a record; false when the commit already makes one of this id.</summary>
    public bool Begin(Draft draft)
    {
        if (!_drafts.TryAdd(draft.Id, draft))
            return false;
        _order.Add(draft);
        return true;
    }

    /// <summary>The draft of a record to change; null when it is not there, gone, of another type or not seen.</summary>
    public Draft? Change(RecordType type, Guid id, int edit)
    {
        if (_drafts.TryGetValue(id, out var draft))
            return draft.Type == type && !draft.IsGone ? draft : null;
        if (type is ModelRelationship)
        {
            if (!_links.TryGetValue(id, out var found) || found.Link.TypeOrdinal != type.Ordinal || !SeesLink(type, found))
                return null;
            draft = new(type, id, found.Link, edit) { Held = found.LinkMasks, Source = found.Link.Source, Target = found.Link.Target, IsParked = IsParked(type) };
        }
        else
        {
            if (!_entities.TryGetValue(id, out var found) || found.Record.TypeOrdinal != type.Ordinal || !context.MayAll && !context.View.Of(type).Sees(found.Masks))
                return null;
            draft = new(type, id, found.Record, edit) { Held = found.Masks, IsParked = IsParked(type) };
        }
        Begin(draft);
        return draft;
    }

    /// <summary>The type of a thing that a relationship may end in: one made here, by a later edit too, or one that is there and seen; null otherwise.</summary>
    public ModelType? TypeOf(Guid id)
    {
        if (_drafts.TryGetValue(id, out var draft))
            return draft.IsGone ? null : draft.Type as ModelType;
        if (_made.TryGetValue(id, out var made))
            return context.Model.Type(made);
        return Seen(id, out var type) ? type : null;
    }

    /// <summary>The version of a thing that was read; 0 when it was not there.</summary>
    public int VersionOf(Guid id) => _entities.TryGetValue(id, out var thing) ? thing.Record.Version : 0;

    /// <summary>Whether a thing was there before this commit: it is not made by it.</summary>
    public bool WasThere(Guid id) => _drafts.TryGetValue(id, out var draft) ? !draft.IsNew : !_made.ContainsKey(id);

    private bool Seen(Guid id, out ModelType? type)
    {
        type = _entities.TryGetValue(id, out var thing) ? context.Model.ByOrdinal.GetValueOrDefault(thing.Record.TypeOrdinal) as ModelType : null;
        return type is not null && (context.MayAll || context.View.Of(type).Sees(thing.Masks));
    }

    private bool IsParked(RecordType type) => context.Migrates && context.Model.ByOrdinal.GetValueOrDefault(type.Ordinal) != type;

    private bool SeesLink(RecordType type, in Row row) =>
        context.MayAll || context.View.Of(type).Sees(row.LinkMasks) && Seen(row.Link.Source, out _) && Seen(row.Link.Target, out _);
}
