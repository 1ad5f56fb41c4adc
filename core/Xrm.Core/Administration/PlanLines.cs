using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>The lines of a plan: what becomes of each part of the model, in words and in numbers.</summary>
internal sealed class PlanLines
{
    private readonly List<(PlanLine Line, Func<PlanLine, PlanLine>? Told)> _lines = [];
    private readonly ModelParts _now;

    /// <summary>Makes them, and asks the survey what they want to know; <see cref="All"/> after it ran.</summary>
    /// <param name="before">The model in force.</param>
    /// <param name="effective">What the descriptions come to that would be in force.</param>
    /// <param name="after">The model that would be in force; null when it has faults.</param>
    public PlanLines(CompiledModel before, ImmutableArray<ModelDescription> effective, CompiledModel? after, DataSurvey survey)
    {
        _now = new(effective);
        var was = new ModelParts(before.Effective);
        var parked = new ModelParts(before.Parked);
        var data = new DataEffects(before.Whole, after, _now, survey);
        foreach (var part in _now.All)
            if (was.Like(part) is { } old)
            {
                if (!part.IsSameAs(old))
                    Add(PlanKind.Changed, part, part.PluginThatDiffers(old), PartChanges.Between(old, part), data.OfChange(old, part));
            }
            else if (parked.Like(part) is { } kept)
                Add(PlanKind.Restored, part, part.Said[0].Plugin, PartChanges.Between(kept, part), data.OfReturn(kept, part));
            else
                Add(PlanKind.Added, part, part.Said[0].Plugin, [], data.OfComing(part));
        foreach (var part in was.All.Where(p => _now.Like(p) is null))
            Add(PlanKind.Parked, part, part.Said[0].Plugin, [], data.OfParking(part));
    }

    /// <summary>The lines.</summary>
    /// <param name="breaches">What the data break; told on the lines of the parts that make the rules.</param>
    public ImmutableArray<PlanLine> All(IReadOnlyList<Breach> breaches)
    {
        var lines = _lines.Select(l => l.Told?.Invoke(l.Line) ?? l.Line).ToList();
        foreach (var breach in breaches)
        {
            var at = lines.FindIndex(l => l.Part == breach.Part && l.Name == breach.Name);
            if (at < 0)
            {
                // The rule itself is as it was, and meets data that come back.
                var part = _now.Find(breach.Part, breach.Name)!;
                at = lines.Count;
                lines.Add(new(PlanKind.Changed, part.Kind, part.Name, part.Said[0].Plugin, part.Label));
            }
            lines[at] = lines[at].With(breach.What) with { IsDestructive = true, Count = breach.Count };
        }
        return [.. lines];
    }

    private void Add(PlanKind kind, ModelPart part, string plugin, IEnumerable<Label> remarks, Func<PlanLine, PlanLine>? told) =>
        _lines.Add((new(kind, part.Kind, part.Name, plugin, part.Label) { Remark = Remarks.Joined(remarks) }, told));
}
