using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Xrm.Core.Log;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Lists the things of a type: chooses between an index that answers by itself, a short path, an order that a tree keeps, and looking at all.</summary>
internal sealed class ListReader(Root root, IdMap map, Action<int, IndexOrder> want, ConditionCompiler compiler)
{
    /// <summary>Of so many records what is kept is told in less than a tenth of a millisecond.</summary>
    private const int Few = 16_384;

    public Rows Read(ReadStep.List step, CancellationToken cancellation) => Read(step, step.Trace, isForeseen: false, cancellation);

    /// <summary>The way that a step would be run; nothing is read.</summary>
    public Way Foresee(ReadStep.List step)
    {
        var trace = new StepTrace();
        Read(step, trace, isForeseen: true, CancellationToken.None);
        return trace.Way!;
    }

    private Rows Read(ReadStep.List step, StepTrace? trace, bool isForeseen, CancellationToken cancellation)
    {
        var view = step.Views.Single();
        var ordinal = view.Type.Ordinal;
        var type = root.Type(ordinal);
        var selection = step.Selection;
        var ordering = new Ordering(selection.Order, root.Space, compiler);
        var chooser = new IndexChooser(root, want);
        var choice = chooser.Choose(view.Where, selection.Order, ordinal);
        var where = Where(step, choice is null ? view.Where : choice.Rest);
        var sequence = choice is not null ? choice.InOrder : selection.Order.IsEmpty ? new Sequence.ById(type?.Extent, root.Space) : null;
        var groups = where is null && view.Where is null ? Groups(chooser, selection, ordinal) : [];
        var isCounted = selection.Counts && where is not null || groups.Length < selection.Groupings.Length;

        // The range of an index is all of it, counted and in order.
        var isAnswered = where is null && choice is not null && !isCounted && (sequence is not null || !selection.WantsRows);
        var looksAtAll = !isAnswered && (isCounted || sequence is null);
        // Of few records what is kept is told about as soon as a path is found.
        var isTold = where is { IsKept: true } && sequence is not null && choice?.Range.Count <= Few;
        var path = isAnswered || isTold ? null : Path(view, choice, tells: trace is not null);
        if (path?.Estimate >= Most(choice, type, looksAtAll))
            path = null;
        if (path is not null && choice is not null)
            where = Where(step, view.Where);
        // What is quickly asked is counted where it lies, and asked again for the window: nothing is sorted.
        var isCountedInOrder = looksAtAll && path is null && sequence is not null && where is { IsKept: true } && groups.Length == selection.Groupings.Length;
        var asked = where;
        if (trace is not null)
        {
            trace.Way = path?.Way ?? Other(choice, type, selection, where is not null, looksAtAll);
            if (isForeseen)
                return Nothing;
            where = new Condition.Watched(where, trace);
        }

        var keys = choice is null ? Tree.Between(type?.Extent, 0, int.MaxValue)
            : Tree.Between(choice.Range.Index.Tree, choice.Range.From, Math.Max(choice.Range.From, choice.Range.To));
        var found = path is not null ? Follow(path, ordinal, where, ordering)
            : looksAtAll && !isCountedInOrder ? Scan(keys, where, ordering, cancellation)
            : null;
        long count = found?.Count ?? (isCountedInOrder ? where!.Count(keys, root.Space) : choice?.Range.Count ?? sequence!.Count);
        var window = !selection.WantsRows ? new([], false, false)
            : found is null ? Window.Walk(sequence!, selection, isCountedInOrder ? asked : where, asked is not null, root.Space, cancellation)
            : Window.Cut(found, selection, ordering);
        if (found is not null)
            groups = [.. selection.Groupings.Select(g => Grouper.Group(g, found, root.Space, compiler))];
        return new()
        {
            Items = Rows(window, view),
            Starts = [0, window.Items.Count],
            Counts = selection.Counts ? [count] : [],
            HasNext = [window.HasNext],
            HasPrevious = [window.HasPrevious],
            Groups = groups,
        };
    }

    /// <summary>What is done where no path is short enough.</summary>
    private static Way Other(IndexChoice? choice, TypeState? type, Selection selection, bool isAsked, bool looksAtAll)
    {
        var (count, by) = choice is null ? (Tree.CountOf(type?.Extent), "id") : (choice.Range.Count, choice.Range.Index.Order.ToString());
        if (looksAtAll)
            return choice is null ? new(WayKind.Scan, "", count) : new(WayKind.Index, by, count);
        // Where nothing is asked the window is all that is looked at, but for what tells whether there is more.
        var looked = isAsked ? count : Math.Min(selection.First ?? (selection.Offset == 0 ? selection.Last : null) ?? count, count);
        return (selection.WantsRows ? new Way(WayKind.Order, by, looked) : new(WayKind.Kept, "", 0)) with { GroupsAreKept = !selection.Groupings.IsEmpty };
    }

    /// <summary>A way to few records; indexes of single fields are asked for only where what was chosen narrows nothing.</summary>
    private Path? Path(TypeView view, IndexChoice? choice, bool tells) => view.Where is null ? null
        : new PathFinder(root, map, choice is null || choice.Range.Count == Tree.CountOf(choice.Range.Index.Tree) ? want : (_, _) => { }) { Tells = tells }.Find(view.Where, view.Type.Ordinal);

    /// <summary>Up to how many records a path is better than what else there is.</summary>
    private static long Most(IndexChoice? choice, TypeState? type, bool looksAtAll)
    {
        if (choice is null)
            return Math.Max(64, Tree.CountOf(type?.Extent) / (looksAtAll ? 2 : 8));
        return looksAtAll ? choice.Range.Count / 2 : Math.Max(64, choice.Range.Count / 8);
    }

    private Condition? Where(ReadStep.List step, Predicate? asked)
    {
        var where = compiler.Compile(asked);
        if (step.During is not { } during || during == Period.Always || !step.Views[0].Type.IsDated)
            return where;
        var dated = new DuringCondition(during);
        return where is null ? dated : new Condition.All([dated, where]);
    }

    /// <summary>Groups over the whole type, counted by indexes; fewer than asked when not all can be.</summary>
    private static ImmutableArray<ImmutableArray<Group>> Groups(IndexChooser chooser, Selection selection, int type)
    {
        if (selection.Groupings.IsEmpty)
            return [];
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<Group>>(selection.Groupings.Length);
        foreach (var grouping in selection.Groupings)
            if (chooser.Groups(grouping, type) is { } index)
                groups.Add(Grouper.Group(grouping, index));
        return groups.ToImmutable();
    }

    private List<Found> Follow(Path path, int ordinal, Condition? where, Ordering ordering)
    {
        var slots = new List<int>();
        path.Collect(slots);
        var found = new List<Found>();
        var seen = new HashSet<int>(slots.Count);
        foreach (var slot in slots)
        {
            compiler.Look();
            if (seen.Add(slot) && root.Space[slot] is { Exists: true, IsDeleted: false } record && record.TypeOrdinal == ordinal && where?.Holds(record, slot) != false)
                found.Add(ordering.Make(slot, -1));
        }
        return found;
    }

    private List<Found> Scan(Tree.Walk keys, Condition? where, Ordering ordering, CancellationToken cancellation)
    {
        var found = new List<Found>();
        var looked = 0;
        foreach (var key in keys)
        {
            if ((++looked & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            if (where?.Holds(root.Space[key.Slot], key.Slot) != false)
                found.Add(ordering.Make(key.Slot, -1));
        }
        return found;
    }

    private Row[] Rows(Window window, TypeView view)
    {
        var masks = compiler.Compile(view.Masks);
        var rows = new Row[window.Items.Count];
        // They are read when all are listed.
        var ahead = CollectionsMarshal.AsSpan(window.Items)[..Math.Min(rows.Length, RecordSpace.Ahead)];
        foreach (var item in ahead)
            root.Space.PrefetchPlace(item.Slot);
        foreach (var item in ahead)
            root.Space.Prefetch(item.Slot);
        for (var i = 0; i < rows.Length; i++)
        {
            var slot = window.Items[i].Slot;
            var record = root.Space[slot];
            rows[i] = new(record, default, ConditionCompiler.Bits(masks, record, slot), 0) { Place = slot };
        }
        return rows;
    }

    private sealed class DuringCondition(Period during) : Condition
    {
        private readonly int _from = Days.From(during);
        private readonly int _to = Days.To(during);

        public override bool Holds(in Record record, int slot) => Days.Meets(record.FromDay, record.ToDay, _from, _to);
    }
    private static readonly Rows Nothing = new() { Items = [], Starts = [0, 0] };
}
