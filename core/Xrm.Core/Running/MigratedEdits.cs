using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>What migrations do, as the edits of one commit; each edit remembers the thing and the migration that it came from.</summary>
/// <param name="plugin">Whose migrations.</param>
internal sealed class MigratedEdits(string plugin)
{
    private const int MostFaults = 50;
    private readonly List<Fault> _refused = [];
    private List<(Edit Edit, Origin By)> _edits = [];

    /// <summary>The edits, in order.</summary>
    public ImmutableList<Edit> All => [.. _edits.Select(e => e.Edit)];

    /// <summary>The ids of what the edits make.</summary>
    public IEnumerable<Guid> Made => _edits.Select(e => MadeBy(e.Edit)).OfType<(string Type, Guid Id)>().Select(m => m.Id);

    /// <summary>Takes what was done to a thing: what was set first, what was done besides, and last that it goes.</summary>
    public void Take(Entity entity, List<(Migration By, Migrating Thing)> steps)
    {
        var (last, thing) = steps[^1];
        if (!thing.IsDeleted && thing.Set.Count > 0)
            _edits.Add((new Edit.Update(entity.Type, entity.Id, entity.Version, thing.Set), new(entity, last, steps.Count > 1 ? [.. steps.Select(s => (s.By, s.Thing.Set))] : [])));
        foreach (var (by, step) in steps)
            foreach (var edit in step.More)
                _edits.Add((edit, new(entity, by, [])));
        if (thing.IsDeleted)
            _edits.Add((new Edit.Delete(entity.Type, entity.Id, entity.Version), new(entity, last, [])));
    }

    /// <summary>Notes that a migration refuses a thing.</summary>
    /// <exception cref="Problem">So much was refused that no more is told.</exception>
    public void Refuse(Problem problem, Entity entity, Migration by)
    {
        _refused.AddRange(problem.Faults.Select(f => Of(f, entity, by)));
        if (_refused.Count >= MostFaults)
            ThrowIfRefused();
    }

    /// <exception cref="Problem">A migration refused a thing.</exception>
    public void ThrowIfRefused()
    {
        if (_refused.Count > 0)
            throw new Problem(_refused.Take(MostFaults));
    }

    /// <summary>Drops the edits that make what an earlier run made and is still there. What was deleted since, as going back does, is made again under its id.</summary>
    /// <param name="used">What is or was under the ids of <see cref="Made"/>.</param>
    /// <returns>The ids that something else has.</returns>
    public HashSet<Guid> Settle(IReadOnlyDictionary<Guid, Record> used, CompiledModel model)
    {
        var taken = new HashSet<Guid>();
        var kept = new List<(Edit, Origin)>(_edits.Count);
        foreach (var edit in _edits)
        {
            if (MadeBy(edit.Edit) is { } made && used.TryGetValue(made.Id, out var record))
            {
                if (model.ByName.GetValueOrDefault(made.Type)?.Ordinal != record.TypeOrdinal)
                    taken.Add(made.Id);
                else if (!record.IsDeleted)
                    continue;
            }
            kept.Add(edit);
        }
        _edits = kept;
        return taken;
    }

    /// <summary>Faults of planning, with thing and migration; the first fifty.</summary>
    public Problem Told(Problem problem)
    {
        var told = problem.Faults.Take(MostFaults).Select(f => f.Edit is { } at ? Of(f, _edits[at].By.Entity, _edits[at].By.Of(f.Field)) : f);
        var left = problem.Faults.Length - MostFaults;
        return new(left > 0 ? told.Append(new Fault(ProblemCode.Invalid, Label.Of($"{left} autres fautes.", $"{left} more faults."), Rule: "more")) : told);
    }

    /// <summary>A fault of a migration.</summary>
    public static Fault Fault(ProblemCode code, string plugin, Migration by, Entity entity, string fr, string en, string? rule) => new(code, Label.Of(
        $"Module {plugin}, passage à la version {by.To} (« {by.What.Fr} »), {entity.Type} {entity.Id} : {fr}",
        $"Plugin {plugin}, move to version {by.To} (\"{by.What.En}\"), {entity.Type} {entity.Id}: {en}"), null, rule);

    private Fault Of(Fault fault, Entity entity, Migration by) =>
        Fault(fault.Code, plugin, by, entity, fault.Message.Fr, fault.Message.En, fault.Rule) with { Field = fault.Field };

    private static (string Type, Guid Id)? MadeBy(Edit edit) => edit switch
    {
        Edit.Create create => (create.Type, create.Id.Value),
        Edit.Relate relate => (relate.Type, relate.Id.Value),
        _ => null,
    };

    /// <param name="Last">The migration, the last one where several set fields.</param>
    /// <param name="Steps">Where several did, each with what was set when it was done.</param>
    private sealed record Origin(Entity Entity, Migration Last, ImmutableArray<(Migration By, Values Set)> Steps)
    {
        /// <summary>The migration that set a field last.</summary>
        public Migration Of(string? field)
        {
            for (var i = Steps.Length - 1; field is not null && i > 0; i--)
                if (Steps[i].Set.TryGet(field, out var now) && !(Steps[i - 1].Set.TryGet(field, out var before) && Equals(now, before)))
                    return Steps[i].By;
            return field is not null && Steps is [var first, ..] && first.Set.TryGet(field, out _) ? first.By : Last;
        }
    }
}
