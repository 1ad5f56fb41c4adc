using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Xrm.Core.Plans;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Reads the relationships at an end of each of some things, with the things beyond.</summary>
internal sealed class RelatedReader(Root root, IdMap map, ConditionCompiler compiler)
{
    public Rows Read(ReadStep.Related step, CancellationToken cancellation)
    {
        var selection = step.Selection;
        var links = root.Type(step.End.Relationship.Ordinal);
        var presence = new Presence(step.End, step.During, step.DatesNodes);
        var asked = compiler.Compile(step.Link);
        var views = new ViewConditions(step.Views, compiler);
        var linkMasks = compiler.Compile(step.LinkMasks);
        var ordering = new Ordering(selection.Order, root.Space, compiler);
        var runs = step.From.Length;
        // Of a to-one end there are no more.
        var rows = new Row[runs];
        var count = 0;
        var starts = new int[runs + 1];
        var counts = new long[selection.Counts ? runs : 0];
        var hasNext = new bool[runs];
        var hasPrevious = new bool[runs];
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<Group>>();
        var found = new List<Found>();
        var hops = new List<Hop>();
        var ends = new int[runs];
        var walked = 0;
        var touched = 0L;
        for (var run = 0; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            starts[run] = count;
            found.Clear();
            var first = run == walked ? 0 : ends[run - 1];
            if (run == walked)
                WalkAhead();
            if (ends[run] < 0)
                foreach (var hop in LinksOf(run))
                    Collect(hop);
            for (var i = first; i < ends[run]; i++)
                Collect(hops[i]);
            foreach (var grouping in selection.Groupings)
                groups.Add(Grouper.Group(grouping, found, root.Space, compiler));
            if (selection.Counts)
                counts[run] = found.Count;
            if (!selection.WantsRows)
                continue;
            var window = Window.Cut(found, selection, ordering);
            hasNext[run] = window.HasNext;
            hasPrevious[run] = window.HasPrevious;
            foreach (var item in CollectionsMarshal.AsSpan(window.Items))
            {
                var thing = root.Space[item.Slot];
                var link = root.Space[item.Link];
                if (count == rows.Length)
                    Array.Resize(ref rows, Math.Max(16, count * 2));
                rows[count++] = new(thing, link, views.Masks(thing, item.Slot), ConditionCompiler.Bits(linkMasks, link, item.Link)) { Place = item.Slot };
            }
        }
        starts[runs] = count;
        if (step.Trace is { } trace)
            trace.Touched += touched;
        Array.Resize(ref rows, count);
        return new() { Items = rows, Starts = starts, Counts = counts, HasNext = hasNext, HasPrevious = hasPrevious, Groups = groups.ToImmutable() };

        LinkWalk LinksOf(int run)
        {
            var here = map.Find(step.From[run], root.Space, step.Places.IsEmpty ? -1 : step.Places[run]);
            return here >= 0 && !root.Space[here].IsDeleted ? new(step.End, links, here) : default;
        }

        // The relationships of some runs are walked before the first of them is read, so that their records come near meanwhile.
        // A run that has too many for that by itself ends before it begins: it is read as it is walked.
        void WalkAhead()
        {
            hops.Clear();
            var start = 0;
            do
            {
                compiler.Look();
                foreach (var hop in LinksOf(walked))
                {
                    if (hops.Count == RecordSpace.Ahead)
                    {
                        if (start == 0)
                            ends[walked++] = -1;
                        return;
                    }
                    root.Space.Prefetch(hop.Link);
                    root.Space.Prefetch(hop.Far);
                    hops.Add(hop);
                }
                ends[walked++] = start = hops.Count;
            }
            while (walked < runs && hops.Count < RecordSpace.Ahead);
        }

        void Collect(Hop hop)
        {
            compiler.Look();
            touched++;
            var (at, beyond) = hop;
            var link = root.Space[at];
            if (!presence.OfLink(link) || asked?.Holds(link, at) == false)
                return;
            var thing = root.Space[beyond];
            if (presence.OfNode(thing) && views.Sees(thing, beyond))
                found.Add(ordering.Make(beyond, at));
        }
    }

    public Rows Read(ReadStep.Links step)
    {
        var asked = compiler.Compile(step.Link);
        var views = new ViewConditions(step.Views, compiler);
        var linkMasks = compiler.Compile(step.LinkMasks);
        var rows = new List<Row>();
        var starts = new int[step.Ids.Length + 1];
        for (var i = 0; i < step.Ids.Length; i++)
        {
            starts[i] = rows.Count;
            var at = map.Find(step.Ids[i], root.Space);
            if (at < 0 || root.Space[at] is not { Exists: true, IsRelationship: true, IsDeleted: false } link || link.TypeOrdinal != step.Type.Ordinal || asked?.Holds(link, at) == false)
                continue;
            var target = map.Find(link.Target, root.Space);
            if (target >= 0 && views.TrySee(root.Space[target], target, out var masks))
                rows.Add(new(root.Space[target], link, masks, ConditionCompiler.Bits(linkMasks, link, at)) { Place = target });
        }
        starts[^1] = rows.Count;
        return new() { Items = [.. rows], Starts = starts };
    }
}
