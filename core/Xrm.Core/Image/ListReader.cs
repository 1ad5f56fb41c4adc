using System.Collections.Immutable;
using Xrm.Core.Log;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Lists the things of a type: chooses between a short path, an order that a tree keeps, and looking at all.</summary>
internal sealed class ListReader(Root root, IdMap map, Action<int, Column> want, ConditionCompiler compiler)
{
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
        var type = root.Type(view.Type.Ordinal);
        var selection = step.Selection;
        var ordering = new Ordering(selection.Order, root.Space, compiler);
        var where = Where(step, view);
        var sequence = SequenceFor(type, view.Type.Ordinal, selection);
        var isCounted = selection.Counts && where is not null || !selection.Groupings.IsEmpty;

        var path = where is null ? null : new PathFinder(root, map, want) { Tells = trace is not null }.Find(view.Where, view.Type.Ordinal);
        if (path?.Estimate >= Math.Max(64, Tree.CountOf(type?.Extent) / (isCounted || sequence is null ? 2 : 8)))
            path = null;
        if (trace is not null)
        {
            trace.Way = path is not null ? path.Way : Other(type, selection, where, sequence, isCounted);
            if (isForeseen)
                return Nothing;
            where = new Condition.Watched(where, trace);
        }

        List<Found>? found = null;
        if (path is not null)
            found = Follow(path, view.Type.Ordinal, where!, ordering);
        else if (isCounted || sequence is null)
            found = Scan(type, where, ordering, cancellation);

        var window = !selection.WantsRows ? new([], false, false)
            : found is null ? Window.Walk(sequence!, selection, where, root.Space, cancellation)
            : null as Window?;
        var groups = found is null ? [] : selection.Groupings.Select(g => Grouper.Group(g, found, root.Space, compiler)).ToImmutableArray();
        long count = found?.Count ?? sequence?.Count ?? 0;
        var cut = window ?? Window.Cut(found!, selection, ordering);
        return new()
        {
            Items = Rows(cut, view),
            Starts = [0, cut.Items.Count],
            Counts = selection.Counts ? [count] : [],
            HasNext = [cut.HasNext],
            HasPrevious = [cut.HasPrevious],
            Groups = groups,
        };
    }

    /// <summary>What is done where no path is short enough.</summary>
    private static Way Other(TypeState? type, Selection selection, Condition? where, Sequence? sequence, bool isCounted)
    {
        if (isCounted || sequence is null)
            return new(WayKind.Scan, "", Tree.CountOf(type?.Extent));
        if (!selection.WantsRows)
            return new(WayKind.Kept, "", 0);
        // Where nothing is asked the window is all that is looked at, but for what tells whether there is more.
        var page = selection.First ?? selection.Last ?? sequence.Count;
        return new(WayKind.Order, selection.Order is [var sort] ? sort.Field.Name : "id", where is null ? Math.Min(page, sequence.Count) : sequence.Count);
    }

    private Condition? Where(ReadStep.List step, TypeView view)
    {
        var where = compiler.Compile(view.Where);
        if (step.During is not { } during || during == Period.Always || !view.Type.IsDated)
            return where;
        var dated = new DuringCondition(during);
        return where is null ? dated : new Condition.All([dated, where]);
    }

    private Sequence? SequenceFor(TypeState? type, int ordinal, Selection selection)
    {
        if (selection.Order.IsEmpty)
            return new Sequence.ById(type?.Extent, root.Space);
        if (selection.Order is not [{ SeenWhen: null } sort])
            return null;
        var column = new Column(sort.Field);
        if (!column.IsSortable || column.IsOfRelationship)
            return null;
        if (type?.Index(column) is not { } index)
        {
            want(ordinal, column);
            return null;
        }
        return sort.Descending ? new Sequence.Descending(index, root.Space) : new Sequence.Ascending(index, root.Space);
    }

    private List<Found> Follow(Path path, int ordinal, Condition where, Ordering ordering)
    {
        var slots = new List<int>();
        path.Collect(slots);
        var found = new List<Found>();
        var seen = new HashSet<int>(slots.Count);
        foreach (var slot in slots)
            if (seen.Add(slot) && root.Space[slot] is { Exists: true, IsDeleted: false } record && record.TypeOrdinal == ordinal && where.Holds(record, slot))
                found.Add(ordering.Make(slot, -1));
        return found;
    }

    private List<Found> Scan(TypeState? type, Condition? where, Ordering ordering, CancellationToken cancellation)
    {
        var found = new List<Found>();
        var looked = 0;
        foreach (var key in Tree.Between(type?.Extent, 0, int.MaxValue))
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
        for (var i = 0; i < rows.Length; i++)
        {
            var slot = window.Items[i].Slot;
            var record = root.Space[slot];
            rows[i] = new(record, default, ConditionCompiler.Bits(masks, record, slot), 0);
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
