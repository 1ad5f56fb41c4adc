using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Xrm.Core.Plans;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Reads the relationships at an end of each of some things, with the things beyond.</summary>
internal sealed class RelatedReader(Root root, IdMap map, ConditionCompiler compiler)
{
    /// <summary>Lists that one read leaves to the next one of its thread.</summary>
    [ThreadStatic]
    private static Lists? _spare;

    public Rows Read(ReadStep.Related step, CancellationToken cancellation)
    {
        var lists = _spare ?? new();
        _spare = null;
        var rows = Read(step, lists, cancellation);
        _spare = lists.Emptied();
        return rows;
    }

    private Rows Read(ReadStep.Related step, Lists lists, CancellationToken cancellation)
    {
        var (hops, found, kept) = (lists.Hops, lists.Found, lists.Kept);
        var selection = step.Selection;
        var links = root.Type(step.End.Relationship.Ordinal);
        var presence = new Presence(step.End, step.During, step.DatesNodes);
        var asked = compiler.Compile(step.Link);
        var views = new ViewConditions(step.Views, compiler);
        var linkMasks = compiler.Compile(step.LinkMasks);
        var ordering = new Ordering(selection.Order, root.Space, compiler);
        var runs = step.From.Length;
        var starts = new int[runs + 1];
        var counts = new long[selection.Counts ? runs : 0];
        var hasNext = new bool[runs];
        var hasPrevious = new bool[runs];
        var groups = selection.Groupings.IsEmpty ? null : ImmutableArray.CreateBuilder<ImmutableArray<Group>>();
        var walked = 0;
        var touched = 0L;
        for (var run = 0; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            starts[run] = kept.Count;
            found.Clear();
            var first = run == walked ? 0 : lists.Ends[run - 1];
            if (run == walked)
                WalkAhead();
            if (lists.Ends[run] < 0)
                foreach (var hop in LinksOf(run))
                    Collect(hop);
            for (var i = first; i < lists.Ends[run]; i++)
                Collect(hops[i]);
            foreach (var grouping in selection.Groupings)
                groups!.Add(Grouper.Group(grouping, found, root.Space, compiler));
            if (selection.Counts)
                counts[run] = found.Count;
            if (!selection.WantsRows)
                continue;
            var window = Window.Cut(found, selection, ordering);
            hasNext[run] = window.HasNext;
            hasPrevious[run] = window.HasPrevious;
            kept.AddRange(CollectionsMarshal.AsSpan(window.Items));
        }
        starts[runs] = kept.Count;
        if (step.Trace is { } trace)
            trace.Touched += touched;
        return new()
        {
            Items = Rows(kept, views, linkMasks),
            Starts = starts,
            Counts = counts,
            HasNext = hasNext,
            HasPrevious = hasPrevious,
            Groups = groups?.ToImmutable() ?? [],
        };

        LinkWalk LinksOf(int run)
        {
            var here = map.Find(step.From[run], root.Space, step.Places.IsEmpty ? -1 : step.Places[run]);
            return here >= 0 && !root.Space[here].IsDeleted ? new(step.End, links, here) : default;
        }

        // The relationships of some runs are walked before the first of them is read, so that what leads to them, and then their records, come near meanwhile.
        // A run that has too many for that by itself ends before it begins: it is read as it is walked.
        void WalkAhead()
        {
            if (!step.Places.IsEmpty)
                LinkWalk.Prefetch(step.End, links, step.Places.AsSpan(walked, Math.Min(runs - walked, RecordSpace.Ahead / 4)));
            hops.Clear();
            var whole = 0;
            var isFull = false;
            do
            {
                compiler.Look();
                foreach (var hop in LinksOf(walked))
                {
                    if (isFull = hops.Count == RecordSpace.Ahead)
                        break;
                    root.Space.PrefetchPlace(hop.Link);
                    root.Space.PrefetchPlace(hop.Far);
                    hops.Add(hop);
                }
                if (!isFull)
                    lists.Ends.Add(whole = hops.Count);
                else if (whole == 0)
                    lists.Ends.Add(-1);
                walked = lists.Ends.Count;
            }
            while (walked < runs && !isFull && hops.Count < RecordSpace.Ahead);
            foreach (var hop in CollectionsMarshal.AsSpan(hops)[..whole])
            {
                root.Space.Prefetch(hop.Link);
                root.Space.Prefetch(hop.Far);
            }
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

    private Row[] Rows(List<Found> kept, ViewConditions views, Condition?[] linkMasks)
    {
        if (kept.Count == 0)
            return [];
        var rows = new Row[kept.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var (slot, at, _) = kept[i];
            var (thing, link) = (root.Space[slot], root.Space[at]);
            rows[i] = new(thing, link, views.Masks(thing, slot), ConditionCompiler.Bits(linkMasks, link, at)) { Place = slot };
        }
        return rows;
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

    /// <summary>What a read needs while it runs. Slots and numbers alone: it keeps nothing alive.</summary>
    private sealed class Lists
    {
        private const int MostKept = 16 * RecordSpace.Ahead;

        public List<Hop> Hops { get; } = [];
        /// <summary>For each run that was walked the end of its <see cref="Hops"/>; -1 = they are not there.</summary>
        public List<int> Ends { get; } = [];
        /// <summary>Of one run.</summary>
        public List<Found> Found { get; } = [];
        /// <summary>What is answered, run by run.</summary>
        public List<Found> Kept { get; } = [];

        /// <summary>For the next read; null where a large one made them larger than most need.</summary>
        public Lists? Emptied()
        {
            if (Math.Max(Ends.Capacity, Math.Max(Found.Capacity, Kept.Capacity)) > MostKept)
                return null;
            Hops.Clear();
            Ends.Clear();
            Found.Clear();
            Kept.Clear();
            return this;
        }
    }
}
