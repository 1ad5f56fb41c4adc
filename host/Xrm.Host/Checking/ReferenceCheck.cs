using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Checking;

/// <summary>Sees whether both ends of every relationship that the log leaves standing are there, and of a type that may stand there; parked ones too. Only a relationship that has ended may lead to a thing that was deleted.</summary>
internal sealed class ReferenceCheck(Engine engine, List<Label> faults)
{
    private const int Batch = 5000;

    private readonly Dictionary<Guid, int> _entities = [];
    private readonly Dictionary<Guid, (int Type, Guid Source, Guid Target)> _links = [];

    public int Entities => _entities.Count;

    public int Relationships => _links.Count;

    /// <param name="each">Is shown every change too, so that the log is read once for all that look at it.</param>
    public async Task Run(Action<RecordChange> each, CancellationToken cancellation)
    {
        using var reader = engine.ReadWhole(Actor.System);
        await foreach (var change in engine.Log.Read(Cursor.Start, cancellation))
        {
            Note(change);
            each(change);
        }
        var suspects = new List<(Guid Link, ModelRelationship Type, Guid End, ImmutableArray<ModelType> Types)>();
        foreach (var (id, link) in _links)
        {
            if (reader.Model.ByOrdinal.GetValueOrDefault(link.Type) is not ModelRelationship type)
                continue;
            Suspect(id, type, link.Source, type.Source.Types);
            Suspect(id, type, link.Target, type.IsSymmetric ? type.Source.Types : type.Target.Types);
        }
        // What was erased is not known from the log; the image knows.
        foreach (var batch in suspects.Chunk(Batch))
        {
            var rows = await reader.Read(new ReadStep.Records([.. batch.SelectMany(s => (Guid[])[s.Link, s.End]).Distinct()]) { Views = [] }, cancellation);
            var there = rows.Items.ToDictionary(r => r.Entity.Id, r => r.Entity);
            foreach (var (link, type, end, types) in batch)
                if (!Stands(there.GetValueOrDefault(link), type, there.GetValueOrDefault(end), types))
                    faults.Add(Label.Of($"Relation {type.Name} {link} : la fiche {end} n'est pas là.", $"Relationship {type.Name} {link}: the thing {end} is not there."));
        }

        void Suspect(Guid link, ModelRelationship type, Guid end, ImmutableArray<ModelType> types)
        {
            if (!_entities.TryGetValue(end, out var ordinal) || types.All(t => t.Ordinal != ordinal))
                suspects.Add((link, type, end, types));
        }
    }

    private bool Stands(Record link, ModelRelationship type, Record end, ImmutableArray<ModelType> types)
    {
        if (!link.Exists || link.IsDeleted)
            return true;
        if (!end.Exists || types.All(t => t.Ordinal != end.TypeOrdinal))
            return false;
        return !end.IsDeleted || type.IsDated && (link.Period.IsEmpty || link.Period.To <= engine.Today);
    }

    private void Note(RecordChange change)
    {
        switch (change.Kind)
        {
            case ChangeKind.Created:
                _entities[change.Id] = change.TypeOrdinal;
                break;
            case ChangeKind.Deleted:
                _entities.Remove(change.Id);
                break;
            case ChangeKind.Related:
                _links[change.Id] = (change.TypeOrdinal, change.Source, change.Target);
                break;
            case ChangeKind.Unrelated:
                _links.Remove(change.Id);
                break;
        }
    }
}
