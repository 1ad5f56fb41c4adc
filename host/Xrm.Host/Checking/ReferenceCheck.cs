using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Checking;

/// <summary>Sees whether both ends of every relationship that the log leaves standing are there, and of a type that may stand there.</summary>
internal sealed class ReferenceCheck(Engine engine, List<Label> faults)
{
    private const int Batch = 5000;

    private readonly Dictionary<Guid, int> _entities = [];
    private readonly Dictionary<Guid, (int Type, Guid Source, Guid Target)> _links = [];

    public int Entities => _entities.Count;

    public int Relationships => _links.Count;

    public async Task Run(CancellationToken cancellation)
    {
        using var reader = engine.Read(Actor.System);
        await foreach (var change in engine.Log.Read(Cursor.Start, cancellation))
            Note(change);
        var suspects = new List<(Guid Link, string Type, Guid End, ImmutableArray<Core.Model.ModelType> Types)>();
        foreach (var (id, link) in _links)
        {
            if (reader.Model.ByOrdinal.GetValueOrDefault(link.Type) is not Core.Model.ModelRelationship type)
                continue;
            Suspect(id, type, link.Source, type.Source.Types);
            Suspect(id, type, link.Target, type.IsSymmetric ? type.Source.Types : type.Target.Types);
        }
        // A thing whose first change was erased is not known from the log; the image knows.
        foreach (var batch in suspects.Chunk(Batch))
        {
            var rows = await reader.Read(new ReadStep.ById([.. batch.Select(s => s.End).Distinct()]) { Views = [.. reader.Model.Types.Select(TypeView.Of)] }, cancellation);
            var there = rows.Items.ToDictionary(r => r.Entity.Id, r => r.Entity.TypeOrdinal);
            foreach (var (link, type, end, types) in batch)
                if (!there.TryGetValue(end, out var ordinal) || types.All(t => t.Ordinal != ordinal))
                    faults.Add(Label.Of($"Relation {type} {link} : la fiche {end} n'est pas là.", $"Relationship {type} {link}: the thing {end} is not there."));
        }

        void Suspect(Guid link, Core.Model.ModelRelationship type, Guid end, ImmutableArray<Core.Model.ModelType> types)
        {
            if (!_entities.TryGetValue(end, out var ordinal) || types.All(t => t.Ordinal != ordinal))
                suspects.Add((link, type.Name, end, types));
        }
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
