using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>Looks for things with several relationships at once where an end has room for one.</summary>
/// <param name="end">The end as it will be.</param>
/// <param name="edits">What becomes of data together with the model.</param>
internal sealed class SingleCheck(RecordPages pages, ModelEnd end, IReadOnlyList<RecordEdit> edits)
{
    private readonly Dictionary<Guid, RecordEdit> _edits = edits.Where(e => e.Type.Ordinal == end.Relationship.Ordinal).ToDictionary(e => e.Id);
    private readonly HashSet<Guid> _gone = [.. edits.Where(e => e.Kind == ChangeKind.Deleted).Select(e => e.Id)];
    private readonly List<(int From, int To)> _periods = [];
    private int _things;

    /// <summary>How many there are; null when there is none.</summary>
    public async ValueTask<Breach?> Run(CancellationToken cancellation)
    {
        var made = _edits.Values.Where(e => e.Kind == ChangeKind.Related).SelectMany(Ends).ToLookup(e => e.Thing, e => e.Period);
        var visited = new HashSet<Guid>();
        var thing = Guid.Empty;
        await foreach (var run in pages.Links(end, cancellation))
        {
            if (run.Thing != thing)
                Close();
            thing = run.Thing;
            foreach (var row in run.Rows)
                if (!_gone.Contains(row.Entity.Id) && !_gone.Contains(thing))
                    Take(row.Link);
        }
        Close();
        foreach (var rest in made.Where(m => !visited.Contains(m.Key)))
        {
            _periods.AddRange(rest.Select(Days));
            Close();
        }
        var name = end.Relationship.Name;
        var (fr, en) = (Remarks.Counted(_things, false).Fr, Remarks.Counted(_things, false).En);
        return _things == 0 ? null : new(PlanPart.RelationshipType, name, _things, Label.Of(
            $"« {end.Label.Fr} » n'admet qu'une relation à la fois, et il y en a plusieurs : {fr}.",
            $"\"{end.Label.En}\" has room for one relationship at a time, and there are several: {en}."), "toOne");

        void Close()
        {
            if (thing != Guid.Empty && made.Contains(thing) && visited.Add(thing))
                _periods.AddRange(made[thing].Select(Days));
            if (HasSeveral())
                _things++;
            _periods.Clear();
            thing = Guid.Empty;
        }
    }

    private void Take(in Record link)
    {
        var period = (link.FromDay, link.ToDay);
        if (_edits.TryGetValue(link.Id, out var edit))
        {
            if (edit.Kind == ChangeKind.Unrelated)
                return;
            if (edit.Period is { } other)
                period = Days(other);
        }
        _periods.Add(period);
    }

    /// <summary>The things at this end of a relationship being made.</summary>
    private IEnumerable<(Guid Thing, Period Period)> Ends(RecordEdit made)
    {
        var period = made.Period ?? Period.Always;
        if (end.IsSource || end.Relationship.IsSymmetric)
            yield return (made.Source, period);
        if (!end.IsSource || end.Relationship.IsSymmetric && made.Source != made.Target)
            yield return (made.Target, period);
    }

    private bool HasSeveral()
    {
        if (!end.Relationship.IsDated)
            return _periods.Count > 1;
        _periods.Sort();
        var until = int.MinValue;
        foreach (var (from, to) in _periods)
        {
            // An empty period is never true.
            if (to <= from)
                continue;
            if (from < until)
                return true;
            until = Math.Max(until, to);
        }
        return false;
    }

    private static (int From, int To) Days(Period period) => (period.From?.DayNumber ?? int.MinValue, period.To?.DayNumber ?? int.MaxValue);
}
