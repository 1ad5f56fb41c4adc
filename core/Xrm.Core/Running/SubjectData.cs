using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>What is kept about a person, parked and deleted things included: by the personal-data map, from the person along the ends that lead from a thing to whom it is about, as far as they lead.</summary>
/// <param name="Things">The ids of the person and of the things about it. Another person is never among them.</param>
internal sealed record SubjectData(ImmutableHashSet<Guid> Things)
{
    /// <summary>Finds it; reads the whole log once.</summary>
    public static async ValueTask<SubjectData> Find(Engine engine, Guid person, CancellationToken cancellation)
    {
        using var reader = engine.ReadWhole(Actor.System);
        var walk = new SubjectWalk(reader);
        await foreach (var change in engine.Log.Read(Cursor.Start, cancellation))
            walk.Note(change);
        return new([.. await walk.From(person, cancellation)]);
    }

    /// <summary>The places in the log of all that was ever recorded of these things and of their relationships: what <see cref="Image.ImageStore.Erase"/> takes. Reads the whole log once.</summary>
    /// <remarks>Of a thing that is still there the present state stays: delete first, then ask.</remarks>
    public async ValueTask<IReadOnlyList<Cursor>> Places(ILog log, CancellationToken cancellation)
    {
        var places = new List<Cursor>();
        await foreach (var change in log.Read(Cursor.Start, cancellation))
            if (Things.Contains(change.Id) || Things.Contains(change.Source) || Things.Contains(change.Target))
                places.Add(change.Place);
        return places;
    }
}

/// <summary>Walks from a person to the things that are about it: through the relationships that there are, and through those that went together with a thing.</summary>
internal sealed class SubjectWalk
{
    private const int Batch = 1000;
    private readonly Reader _reader;
    /// <summary>What may be about somebody, with the end that leads there.</summary>
    private readonly (ModelType Type, ModelEnd End)[] _map;
    private readonly HashSet<int> _persons;
    private readonly HashSet<int> _relationships;
    private readonly Dictionary<Guid, Edge> _edges = [];
    private readonly Dictionary<Guid, Guid> _deletedIn = [];

    public SubjectWalk(Reader reader)
    {
        _reader = reader;
        var data = reader.Model.Effective.SelectMany(d => d.PersonalData).Select(p => (p.Subject, Type: reader.Model.Type(p.Type))).Where(p => p.Type is not null).ToArray();
        _persons = [.. data.Where(p => p.Subject is null).Select(p => p.Type!.Ordinal)];
        _map = [.. data.Where(p => p.Subject is not null && !_persons.Contains(p.Type!.Ordinal))
            .SelectMany(p => p.Type!.Ends.Where(e => e.Name == p.Subject).Select(e => (p.Type, e))).Distinct()];
        _relationships = [.. _map.Select(m => m.End.Relationship.Ordinal)];
    }

    /// <summary>Takes a change of the log, oldest first.</summary>
    public void Note(RecordChange change)
    {
        if (change.Kind == ChangeKind.Deleted)
            _deletedIn[change.Id] = change.CommitId;
        else if (_relationships.Contains(change.TypeOrdinal) && change.Kind is ChangeKind.Related or ChangeKind.Unrelated)
            _edges[change.Id] = new(change.TypeOrdinal, change.Source, change.Target, change.Kind == ChangeKind.Unrelated ? change.CommitId : null);
    }

    /// <summary>The person and all that is about it.</summary>
    public async ValueTask<HashSet<Guid>> From(Guid person, CancellationToken cancellation)
    {
        // One that was taken away by itself had been a mistake; one that went with its thing had not.
        var counted = _edges.Values.Where(e => e.GoneIn is not { } commit || WentIn(e.Source, commit) || WentIn(e.Target, commit)).ToArray();
        var bySource = counted.ToLookup(e => (e.Type, e.Source), e => e.Target);
        var byTarget = counted.ToLookup(e => (e.Type, e.Target), e => e.Source);
        var found = new HashSet<Guid> { person };
        for (Guid[] level = [person]; level.Length > 0;)
        {
            var next = new HashSet<Guid>();
            foreach (var (type, end) in _map)
            {
                var relationship = end.Relationship.Ordinal;
                foreach (var some in level.Chunk(Batch))
                {
                    next.UnionWith(await There(type, end, some, cancellation));
                    var gone = some.SelectMany(id => end.Relationship.IsSymmetric ? bySource[(relationship, id)].Concat(byTarget[(relationship, id)])
                        : end.IsSource ? byTarget[(relationship, id)] : bySource[(relationship, id)]);
                    next.UnionWith(await OfType(type, gone, cancellation));
                }
            }
            next.ExceptWith(found);
            found.UnionWith(next);
            level = [.. next];
        }
        return found;

        bool WentIn(Guid thing, Guid commit) => _deletedIn.TryGetValue(thing, out var last) && last == commit;
    }

    private async ValueTask<IEnumerable<Guid>> There(ModelType type, ModelEnd end, Guid[] subjects, CancellationToken cancellation)
    {
        var opposite = end.Relationship.IsSymmetric || !end.IsSource ? end.Relationship.Source : end.Relationship.Target;
        var rows = await _reader.Read(new ReadStep.Related(opposite, [.. subjects]) { Views = [TypeView.Of(type)], During = Period.Always, DatesNodes = false }, cancellation);
        return rows.Items.Select(r => r.Entity.Id);
    }

    private async ValueTask<IEnumerable<Guid>> OfType(ModelType type, IEnumerable<Guid> things, CancellationToken cancellation)
    {
        var rows = await _reader.Read(new ReadStep.Records([.. things.Distinct()]) { Views = [] }, cancellation);
        return rows.Items.Select(r => r.Entity).Where(r => r.TypeOrdinal == type.Ordinal).Select(r => r.Id);
    }

    /// <param name="GoneIn">The commit that took it away; null while it is there.</param>
    private sealed record Edge(int Type, Guid Source, Guid Target, Guid? GoneIn);
}
