using System.Text;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.GraphQL.Running;
using Xrm.GraphQL.Schemas;

namespace Xrm.GraphQL.Plans;

/// <summary>The plan of an operation as people read it: a line for each root and each link below, and under it how its step is run. Stable for the same plan and state. No value of the request stands in it, nor what its author called things.</summary>
/// <param name="reader">The state on which it is run.</param>
/// <param name="binding">The steps of links; null when there are none yet.</param>
/// <param name="showsKeys">Whether response keys stand before the fields, where they differ: for the author, not for a log.</param>
internal sealed class PlanText(Reader reader, Binding? binding, bool showsKeys)
{
    private readonly StringBuilder _text = new();

    /// <param name="stepOf">The step of the root of a number; null for what reads no store, and for what was refused before.</param>
    public string Of(OperationPlan plan, Func<int, ReadStep?> stepOf)
    {
        Line(0, plan.IsMutation ? "mutation" : "query");
        for (var i = 0; i < plan.Roots.Length; i++)
        {
            var root = plan.Roots[i];
            if (root.Constant is not null)
                continue;
            var (name, told) = Told(root);
            Line(1, Keyed(root.Place, name) + (told.Length > 0 ? ": " + told : ""));
            var step = stepOf(i);
            Step(2, step, 1);
            // What lies below what was refused was never bound.
            if (!plan.IsMutation && (step is not null || root.Meaning is Meaning.OfPlugin))
                foreach (var selection in root.Node is not null ? [root.Node] : root.Connection?.Selections ?? [])
                    Links(2, selection);
        }
        return _text.ToString();
    }

    private void Links(int depth, SelectionPlan selection)
    {
        foreach (var thing in selection.Objects)
            foreach (var link in thing.Links)
            {
                var on = selection.Objects.Length > 1 ? $"{thing.Type.Name}." : "";
                var (name, told) = Told(link);
                Line(depth, on + Keyed(link.Place, name) + ": " + told);
                var bound = binding?[link];
                Step(depth + 1, bound?.Step, bound?.Things ?? 0);
                foreach (var below in link.Selections)
                    Links(depth + 1, below);
            }
    }

    private void Step(int depth, ReadStep? asked, long things)
    {
        if (asked is null)
            return;
        var step = reader.Narrowed(asked);
        Access(depth, asked, step);
        switch (step)
        {
            case ReadStep.List { Search: not null } list:
                if (list.Selection is { WantsRows: true, Order.IsEmpty: true })
                    Line(depth, "order how well it was found");
                else
                    Selection(depth, list.Selection, isOfLinks: false);
                Line(depth, $"way words, of {StepText.Number(list.Views.Sum(v => reader.Count(v.Type)))}");
                Numbers(depth, list, null);
                break;
            case ReadStep.List list:
                if (list.During is { } days)
                    Line(depth, "during " + StepText.Of(days));
                Selection(depth, list.Selection, isOfLinks: false);
                var way = list.Trace?.Way ?? reader.Foresee((ReadStep.List)asked);
                Line(depth, $"way {StepText.Of(way)}{(way.Kind is WayKind.Scan or WayKind.Kept or WayKind.None ? "" : " of " + StepText.Number(reader.Count(list.Views[0].Type)))}");
                Numbers(depth, list, way);
                Line(depth, "cost " + StepText.Number(reader.Cost.Of((ReadStep.List)asked, way.Estimate)));
                break;
            case ReadStep.Related related:
                Line(depth, $"from {StepText.Number(things)} at most, during {StepText.Of(related.During)}");
                // A to-one end has no order and no page.
                if (!ReferenceEquals(((ReadStep.Related)asked).Selection, Core.Plans.Selection.All))
                {
                    Selection(depth, related.Selection, isOfLinks: true);
                    Numbers(depth, related, null);
                }
                Line(depth, "cost " + StepText.Number(reader.Cost.Of((ReadStep.Related)asked, things)));
                break;
        }
        if (asked.Trace is { Runs: > 0 } trace)
            Line(depth, $"run {(trace.Runs == 1 ? "once" : $"{StepText.Number(trace.Runs)} times")}, {(asked is ReadStep.List { Search: not null } ? "" : $"touched {StepText.Number(trace.Touched)}, ")}answered {StepText.Number(trace.Answered)}");
    }

    private void Access(int depth, ReadStep asked, ReadStep step)
    {
        for (var i = 0; i < asked.Views.Length; i++)
        {
            var (before, after) = (asked.Views[i], step.Views[i]);
            var of = asked.Views.Length > 1 ? $" {before.Type.Name}" : "";
            var (filter, seen) = (before.Where is null ? "" : StepText.Of(before.Where), after.Where is null ? "" : StepText.Of(after.Where));
            if (filter.Length > 0)
                Line(depth, $"filter{of} {filter}");
            // Rights that add nothing are not told.
            if (seen != filter)
                Line(depth, $"seen{of} {seen}");
            if (!after.Masks.IsEmpty)
                Line(depth, $"fields seen{of} by {StepText.Number(after.Masks.Length)} rules");
        }
        if (step is ReadStep.Related { Link: { } link })
            Line(depth, $"seen link {StepText.Of(link)}");
    }

    private void Selection(int depth, Selection selection, bool isOfLinks)
    {
        if (!selection.WantsRows)
            return;
        Line(depth, "order " + StepText.Of(selection.Order, isOfLinks));
        Line(depth, "window " + StepText.Of(selection));
    }

    private void Numbers(int depth, ReadStep step, Way? way)
    {
        var selection = step switch { ReadStep.List list => list.Selection, ReadStep.Related related => related.Selection, _ => Core.Plans.Selection.All };
        // What no record has to be looked at for is kept: the size of a tree, of a range, of a group.
        var isKept = way is { Kind: WayKind.Kept or WayKind.Order };
        if (selection.Counts)
            Line(depth, isKept ? "count kept" : "count of what is found");
        foreach (var grouping in selection.Groupings)
            Line(depth, $"groups by {string.Join(", ", grouping.By.Select(s => s.Field.Name))}{(grouping.Sums.IsEmpty ? "" : " with sums of " + string.Join(", ", grouping.Sums.Select(s => s.Field.Name)))}, {(way?.GroupsAreKept == true ? "kept" : "of what is found")}");
    }

    private static (string Name, string Told) Told(RootPlan root) => root.Meaning switch
    {
        Meaning.List list => (list.Type.Plural, $"list of {list.Type.Name}"),
        Meaning.Point point => (Names.Camel(point.Type.Name), $"{point.Type.Name} by id"),
        Meaning.ByKey key => (Names.Camel(key.Unique.Type.Name), $"{key.Unique.Type.Name} by key {string.Join('+', key.Unique.Fields.Select(f => f.Name))}"),
        Meaning.Node => ("node", "by id"),
        Meaning.ManyNodes => ("nodes", "by ids"),
        Meaning.OfPlugin plugin => (plugin.Field.Field.Name, $"answered by plugin {plugin.Field.Attachment.Plugin}"),
        Meaning.Search => ("search", "things by their words"),
        Meaning.Changes => ("changes", "the log"),
        Meaning.TheModel => ("model", ""),
        Meaning.Write { Type: { } type } write => (write.Move ?? Names.Camel(write.Kind.ToString()), type.Name),
        Meaning.Write => ("commit", ""),
        null => ("introspection", ""),
        var other => (Names.Camel(other.GetType().Name), ""),
    };

    private static (string Name, string Told) Told(LinkPlan link) => link switch
    {
        { Own: { } own } => (own.Field.Name, $"answered by plugin {own.Attachment.Plugin}, one call"),
        { Computed: { } computed } => (computed.Name, $"computed by plugin {computed.Owner.Plugin}, one call"),
        { End: { } end } => (end.Name, $"{(link.Connection is null ? "one" : "relationships")} by {end.Relationship.Name} to {string.Join(" or ", end.Far.Select(t => t.Name))}"),
        _ => ("history", "its changes"),
    };

    private string Keyed(FieldPlace place, string name) => showsKeys && place.Path[^1] != name ? $"{place.Path[^1]} = {name}" : name;

    private void Line(int depth, string text) => _text.Append(' ', depth * 2).Append(text).Append('\n');
}
