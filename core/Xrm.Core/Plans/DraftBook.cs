using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>The records that a commit touches or names: read in a few batches, then held as drafts.</summary>
internal sealed class DraftBook(PlanContext context)
{
    /// <summary>Things that are read in one go; of more, several goes at a time.</summary>
    private const int Batch = 2000;

    /// <summary>Of each thing that edits name and do not make; one that is not there does not exist.</summary>
    private readonly Dictionary<Guid, Thing> _entities = [];
    private Dictionary<Guid, Row>? _links;
    private readonly Dictionary<Guid, Draft> _drafts = [];
    private readonly Dictionary<Guid, string> _made = [];
    private readonly List<Draft> _order = [];
    /// <summary>Whether there is a draft of a thing: where relationships alone are touched, a hundred thousand ends need no looking up among them.</summary>
    private bool _hasThings;

    /// <summary>In the order in which they were first touched.</summary>
    public List<Draft> Drafts => _order;

    /// <summary>That every record is as it was read, also the things at which something ends that the commit makes. That what is made is of new ids the plan says of all of it.</summary>
    public List<Guard> Versions()
    {
        var guards = new List<Guard>();
        foreach (var draft in _order)
            if (!draft.IsNew || draft.IsGone)
                guards.Add(new Guard.VersionIs(draft.Id, draft.IsNew ? 0 : draft.Before.Version));
        foreach (var thing in _entities.Values)
            if (thing.IsEnd && TouchedThing(thing.Record.Id) is null)
                guards.Add(new Guard.VersionIs(thing.Record.Id, thing.Record.Version));
        return guards;
    }

    /// <summary>Reads what the edits name: one step for all things, one for each relationship type.</summary>
    public async ValueTask Load(CancellationToken cancellation)
    {
        var ends = 0;
        Dictionary<ModelRelationship, HashSet<Guid>>? links = null;
        _made.EnsureCapacity(context.Edits.Count(e => e is Edit.Create));
        foreach (var edit in context.Edits)
            if (edit is Edit.Create create)
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
                                Name(id);
                        }
                    break;
                case Edit.Update update:
                    Name(update.Id);
                    break;
                case Edit.Delete delete:
                    Name(delete.Id);
                    break;
                case Edit.Relate relate:
                    if (!_made.ContainsKey(relate.Source.Value))
                        Name(relate.Source);
                    if (!_made.ContainsKey(relate.Target.Value))
                        Name(relate.Target);
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
        if (links is not null)
            await ReadLinks(links, cancellation);
        if (_entities.Count == 0)
            return;
        var views = context.Migrates ? context.View.Things(context.Reached) : context.View.AllThings;
        if (_entities.Count <= Batch)
            await Read([.. _entities.Keys], cancellation);
        else
            await Parallel.ForEachAsync(_entities.Keys.Chunk(Batch), cancellation, (ids, token) => Read([.. ids], token));

        // Each go fills in entries of its own.
        async ValueTask Read(ImmutableArray<Guid> ids, CancellationToken token)
        {
            foreach (var row in (await context.Snapshot.Read(new ReadStep.ById(ids) { Views = views }, token)).Items)
                CollectionsMarshal.GetValueRefOrNullRef(_entities, row.Entity.Id) = new() { Record = row.Entity, Masks = row.Masks };
        }

        void Link(string type, EntityId id)
        {
            if (context.Reached.Relationship(type) is not { } relationship)
                return;
            if (!(links ??= []).TryGetValue(relationship, out var ids))
                links.Add(relationship, ids = []);
            ids.Add(id.Value);
        }
    }

    private async ValueTask ReadLinks(Dictionary<ModelRelationship, HashSet<Guid>> links, CancellationToken cancellation)
    {
        foreach (var (relationship, ids) in links)
            foreach (var row in (await context.Snapshot.Read(new ReadStep.Links(relationship, [.. ids])
            {
                Views = [.. relationship.Target.Types.Select(TypeView.Of)],
                LinkMasks = context.View.Of(relationship).Questions,
            }, cancellation)).Items)
            {
                (_links ??= [])[row.Link.Id] = row;
                // Whoever may not see an end does not see the relationship.
                if (!context.MayAll)
                {
                    Name(new(row.Link.Source));
                    Name(new(row.Link.Target));
                }
            }
    }

    private void Name(EntityId id) => _entities.TryAdd(id.Value, default);

    /// <summary>The draft of a record that the commit touched before; null when it did not.</summary>
    public Draft? Touched(Guid id) => _drafts.GetValueOrDefault(id);

    /// <summary>The same of a thing.</summary>
    public Draft? TouchedThing(Guid id) => _hasThings ? _drafts.GetValueOrDefault(id) : null;

    /// <summary>Begins a record; false when the commit already makes one of this id.</summary>
    public bool Begin(Draft draft)
    {
        if (!_drafts.TryAdd(draft.Id, draft))
            return false;
        _order.Add(draft);
        _hasThings |= draft.Type is ModelType;
        return true;
    }

    /// <summary>The draft of a record to change; null when it is not there, gone, of another type or not seen.</summary>
    public Draft? Change(RecordType type, Guid id, int edit)
    {
        if (_drafts.TryGetValue(id, out var draft))
            return draft.Type == type && !draft.IsGone ? draft : null;
        if (type is ModelRelationship)
        {
            if (_links is null || !_links.TryGetValue(id, out var found) || found.Link.TypeOrdinal != type.Ordinal || !SeesLink(type, found))
                return null;
            draft = new(type, id, found.Link, edit) { Held = found.LinkMasks, Source = found.Link.Source, Target = found.Link.Target, IsParked = IsParked(type) };
        }
        else
        {
            if (!_entities.TryGetValue(id, out var found) || !found.Record.Exists || found.Record.TypeOrdinal != type.Ordinal || !context.MayAll && !context.View.Of(type).Sees(found.Masks))
                return null;
            draft = new(type, id, found.Record, edit) { Held = found.Masks, IsParked = IsParked(type) };
        }
        Begin(draft);
        return draft;
    }

    /// <summary>The type of a thing that a relationship may end in: one made here, by a later edit too, or one that is there and seen; null otherwise.</summary>
    public ModelType? TypeOf(Guid id)
    {
        if (TouchedThing(id) is { } draft)
            return draft.IsGone ? null : draft.Type as ModelType;
        if (_made.TryGetValue(id, out var made))
            return context.Model.Type(made);
        ref var thing = ref CollectionsMarshal.GetValueRefOrNullRef(_entities, id);
        if (Unsafe.IsNullRef(ref thing) || TypeOf(thing) is not { } type)
            return null;
        thing.IsEnd = true;
        return type;
    }

    /// <summary>Whether a thing was there before this commit: it is not made by it.</summary>
    public bool WasThere(Guid id) => TouchedThing(id) is { } draft ? !draft.IsNew : !_made.ContainsKey(id);

    /// <summary>The type of a thing that is there and seen.</summary>
    private ModelType? TypeOf(in Thing thing) =>
        thing.Record.Exists && context.Model.ByOrdinal.GetValueOrDefault(thing.Record.TypeOrdinal) is ModelType type && (context.MayAll || context.View.Of(type).Sees(thing.Masks)) ? type : null;

    private bool Sees(Guid id) => _entities.TryGetValue(id, out var thing) && TypeOf(thing) is not null;

    private bool IsParked(RecordType type) => context.Migrates && context.Model.ByOrdinal.GetValueOrDefault(type.Ordinal) != type;

    private bool SeesLink(RecordType type, in Row row) =>
        context.MayAll || context.View.Of(type).Sees(row.LinkMasks) && Sees(row.Link.Source) && Sees(row.Link.Target);

    /// <summary>A thing that edits name and do not make.</summary>
    private struct Thing
    {
        /// <summary>Does not exist when it is not there.</summary>
        public Record Record;
        public uint Masks;
        /// <summary>Whether something that the commit makes ends there.</summary>
        public bool IsEnd;
    }
}
