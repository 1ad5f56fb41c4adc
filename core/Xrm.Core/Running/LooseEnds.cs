using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Ends the relationships of types that are not taken back, where a thing at their end goes: as their rule for deletion says, and where that would stand in the way they end.</summary>
/// <param name="today">The authority's day.</param>
/// <param name="model">The model, parked parts included.</param>
/// <param name="back">The types that are taken back whole.</param>
internal sealed class LooseEnds(DateOnly today, CompiledModel model, IReadOnlySet<int> back)
{
    public async ValueTask End(RewoundEdits edits, ISnapshot snapshot, List<Label> told, CancellationToken cancellation)
    {
        foreach (var things in edits.Gone.GroupBy(e => e.Type).ToArray())
            foreach (var end in ((ModelType)things.Key).Ends.Where(e => !back.Contains(e.Relationship.Ordinal)))
            {
                var rows = await snapshot.Read(new ReadStep.Related(end, [.. things.Select(t => t.Id)])
                {
                    Views = [.. end.Far.Select(TypeView.Of)],
                    During = Period.Always,
                    DatesNodes = false,
                }, cancellation);
                edits.Unchanged(end.Relationship);
                foreach (var row in rows.Items)
                    if (!edits.Touches(row.Link.Id) && Of(end, row.Link) is { } edit)
                    {
                        edits.Put(edit, row.Link.Version);
                        told.Add(Label.Of($"Relation {end.Relationship.Name} {row.Link.Id} : une fiche n'est plus là, la relation finit.", $"Relationship {end.Relationship.Name} {row.Link.Id}: a thing is no longer there, the relationship ends."));
                    }
            }
    }

    private RecordEdit? Of(ModelEnd end, Record link)
    {
        var type = model.ByOrdinal[end.Relationship.Ordinal];
        if (end.OnDelete == Then.Delete || !end.Relationship.IsDated)
            return new(ChangeKind.Unrelated, type, link.Id, default);
        var period = link.Period;
        return period.IsEmpty || period.To <= today ? null : new(ChangeKind.Changed, type, link.Id, default) { Period = period with { To = period.From > today ? period.From : today } };
    }
}
