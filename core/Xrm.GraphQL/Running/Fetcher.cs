using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.GraphQL.Plans;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Reads what lies below a level, breadth first: one call for each relation and level, however many things there are.</summary>
internal sealed class Fetcher(Reader reader, Binding binding, CursorSeal seal, PluginAnswers plugins, GraphQLLimits limits, CancellationToken cancellation)
{
    private const int Few = 32;

    /// <summary>Reads everything that the selections want of the rows.</summary>
    /// <param name="areApart">No thing is in two of the rows, as in a list.</param>
    public ValueTask<RowSet> Below(Row[] rows, ImmutableArray<SelectionPlan> selections, bool areApart) =>
        rows.Length == 0 || !WantsLinks(selections) ? new(new RowSet(rows)) : Linked(rows, selections, areApart);

    private ValueTask<RowSet> Below(Row[] rows, ImmutableArray<SelectionPlan> selections) => Below(rows, selections, areApart: false);

    private static bool WantsLinks(ImmutableArray<SelectionPlan> selections)
    {
        foreach (var selection in selections)
            foreach (var thing in selection.Objects)
                if (!thing.Links.IsEmpty)
                    return true;
        return false;
    }

    private async ValueTask<RowSet> Linked(Row[] rows, ImmutableArray<SelectionPlan> selections, bool areApart)
    {
        var set = new RowSet(rows);
        PluginAnswers.Level? level = null;
        foreach (var selection in selections)
            foreach (var thing in selection.Objects)
            {
                if (thing.Links.IsEmpty || Runs(rows, thing, selection.Objects.Length == 1, areApart, out var runOf) is not { Ids.IsEmpty: false } things)
                    continue;
                var links = new Fetched[thing.Links.Length];
                for (var i = 0; i < links.Length; i++)
                    links[i] = thing.Links[i] is { Computed: null, Own: null } link
                        ? await Read(link, runOf, things)
                        : await plugins.Read(thing.Links[i], runOf, Things(rows, runOf, things.Ids.Length), level ??= [], Below);
                set.Add(thing, links);
            }
        return set;
    }

    private async ValueTask<Fetched> Read(LinkPlan link, int[] runOf, Found things)
    {
        var ids = things.Ids;
        cancellation.ThrowIfCancellationRequested();
        var bound = binding[link];
        try
        {
            var then = await AsOf(bound.AsOf);
            if (bound.Step is null)
                return new(runOf) { Pages = await new LogPages(then, seal, cancellation).Histories(ids, bound.Window, link.Place) };
            if (bound.IsOfOther)
                ids = await Seen(then, link.End!, ids);
            var rows = await then.Read(bound.Step with { From = ids, Places = things.Places }, cancellation);
            return new(runOf) { Rows = rows, Below = await Below(rows.Items, link.Selections) };
        }
        catch (Problem problem)
        {
            throw new FieldProblem(problem, link.Place);
        }
    }

    /// <summary>The data as of a moment; null = now.</summary>
    public ValueTask<Reader> AsOf(DateTimeOffset? at) => at is { } moment ? reader.AsOf(moment, limits.PastChanges, cancellation) : new(reader);

    /// <summary>The things that are seen as of another moment than the one at which they were found; in place of others an id that nothing has.</summary>
    private async ValueTask<ImmutableArray<Guid>> Seen(Reader then, ModelEnd end, ImmutableArray<Guid> ids)
    {
        var rows = await then.Read(new ReadStep.ById(ids) { Views = [.. end.Types.Select(TypeView.Of)] }, cancellation);
        return [.. ids.Select((id, i) => rows.Starts[i] < rows.Starts[i + 1] ? id : Guid.Empty)];
    }

    /// <summary>The first row of each thing.</summary>
    private static Row[] Things(Row[] rows, int[] runOf, int count)
    {
        var things = new Row[count];
        for (var i = rows.Length - 1; i >= 0; i--)
            if (runOf[i] >= 0)
                things[runOf[i]] = rows[i];
        return things;
    }

    /// <summary>The things of a type among the rows, each once, and for each row which of them it is.</summary>
    private static Found Runs(Row[] rows, ObjectPlan plan, bool isOnly, bool areApart, out int[] runOf)
    {
        runOf = new int[rows.Length];
        var ids = ImmutableArray.CreateBuilder<Guid>(rows.Length);
        var places = ImmutableArray.CreateBuilder<int>(rows.Length);
        // Few are looked through faster than hashed.
        var seen = rows.Length > Few && !areApart ? new Dictionary<Guid, int>(rows.Length) : null;
        for (var i = 0; i < rows.Length; i++)
        {
            var entity = rows[i].Entity;
            if (!isOnly && entity.TypeOrdinal != plan.Type.Ordinal)
            {
                runOf[i] = -1;
                continue;
            }
            var id = entity.Id;
            var run = areApart ? -1 : seen is null ? ids.IndexOf(id) : seen.GetValueOrDefault(id, -1);
            runOf[i] = run >= 0 ? run : ids.Count;
            if (run >= 0)
                continue;
            seen?.Add(id, ids.Count);
            ids.Add(id);
            places.Add(rows[i].Place);
        }
        return new(ids.DrainToImmutable(), places.DrainToImmutable());
    }

    /// <param name="Places">For each thing where the store has it.</param>
    private readonly record struct Found(ImmutableArray<Guid> Ids, ImmutableArray<int> Places);
}
