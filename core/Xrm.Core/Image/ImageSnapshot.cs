using System.Collections.Immutable;
using Xrm.Core.Files;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>One root, asked by steps. Nothing is locked; the garbage collector takes what no snapshot holds.</summary>
internal sealed class ImageSnapshot(Root root, IdMap map, Action<int, IndexOrder> want, Pasts pasts) : ISnapshot
{
    private Present? _present;

    public Root Root => root;

    /// <summary>The same store's other root.</summary>
    public ImageSnapshot At(Root other) => new(other, map, want, pasts) { WantWords = WantWords, WantAnswers = WantAnswers };

    public long Block => root.Block;

    public async ValueTask<ISnapshot> AsOf(DateTimeOffset at, int mostChanges, CancellationToken cancellation)
    {
        var now = _present?.Root ?? root;
        return at < root.At && await pasts.Of(now, at, mostChanges, cancellation).ConfigureAwait(false) is { } past
            ? new ImageSnapshot(past.Root, map, want, pasts) { _present = new(now, past), WantAnswers = WantAnswers }
            : this;
    }

    public ValueTask<Rows> Read(ReadStep step, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(step switch
        {
            ReadStep.List { Search: { } search } list => new Search.SearchReader(root, WantWords, Compiler(cancellation), search.Text).Read(list, search.Fields, cancellation),
            ReadStep.List list => new ListReader(root, map, want, Compiler(cancellation)).Read(list, cancellation),
            ReadStep.Related related => new RelatedReader(root, map, Compiler(cancellation)).Read(related, cancellation),
            ReadStep.ById byId => Things(byId, byId.Ids.Length, cancellation),
            ReadStep.Records records => Records(records.Ids),
            ReadStep.ByKey byKey => Things(byKey, byKey.Values.Length, cancellation),
            ReadStep.Links links => new RelatedReader(root, map, Compiler(cancellation)).Read(links),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        });
    }

    public IReadOnlyList<Record> Naming(string hash)
    {
        var found = new List<Record>();
        var posting = FileMentions.Posting(hash);
        foreach (var state in root.Types)
        {
            if (state?.Files is not { } index)
                continue;
            var from = Tree.Rank(index.Tree, new PrefixProbe(posting));
            foreach (var candidate in Tree.Between(index.Tree, from, int.MaxValue))
                if (candidate.Prefix != posting)
                    break;
                else if (root.Space[candidate.Slot] is var record && FileMentions.Hashes(record.Fields).Contains(hash))
                    found.Add(record);
        }
        return found;
    }

    public long Count(RecordType type) => Tree.CountOf(root.Type(type.Ordinal)?.Extent);

    public Way Foresee(ReadStep.List step) => new ListReader(root, map, want, new ConditionCompiler(root, map)).Foresee(step);

    public void Dispose() { }

    /// <summary>Told of which type an index of words would have helped a search.</summary>
    public Action<int> WantWords { get; init; } = _ => { };

    /// <summary>Told which standing question is asked without its answers being kept.</summary>
    public Action<Predicate.Standing> WantAnswers { get; init; } = _ => { };

    private ConditionCompiler Compiler(CancellationToken cancellation) => new(root, map, cancellation) { Present = _present, Want = WantAnswers };

    private Rows Things(ReadStep step, int runs, CancellationToken cancellation)
    {
        var views = new ViewConditions(step.Views, ViewConditions.AskNothing(step.Views) ? null : Compiler(cancellation));
        var rows = new Row[runs];
        var count = 0;
        var starts = new int[runs + 1];
        for (var run = 0; run < runs; run++)
        {
            starts[run] = count;
            var slot = step is ReadStep.ByKey byKey ? SlotOf(byKey.Key, byKey.Values[run]) : map.Find(((ReadStep.ById)step).Ids[run], root.Space);
            if (slot >= 0 && root.Space[slot] is var record && views.TrySee(record, slot, out var masks))
                rows[count++] = new(record, default, masks, 0) { Place = slot };
        }
        starts[runs] = count;
        Array.Resize(ref rows, count);
        return new() { Items = rows, Starts = starts };
    }

    private Rows Records(ImmutableArray<Guid> ids)
    {
        var rows = new List<Row>(ids.Length);
        var starts = new int[ids.Length + 1];
        for (var i = 0; i < ids.Length; i++)
        {
            if (map.Find(ids[i], root.Space) is var slot and >= 0 && root.Space.TryGet(slot, out var record))
                rows.Add(new(record, default, 0, 0));
            starts[i + 1] = rows.Count;
        }
        return new() { Items = [.. rows], Starts = starts };
    }

    private int SlotOf(ModelKey key, ImmutableArray<Operand> values)
    {
        foreach (var tree in root.Type(key.Type.Ordinal)?.Keys ?? [])
            if (tree.IsFor(key))
                return KeyLookup.Slots(tree, values, root.Space) is [var slot, ..] ? slot : -1;
        return -1;
    }
}

/// <summary>How an actor sees the things of some types, made ready for one state.</summary>
internal sealed class ViewConditions
{
    private readonly View _first = new(-1, null, []);
    // Few: looked through faster than hashed.
    private readonly View[] _others = [];
    private readonly bool _hasMasks;

    /// <param name="compiler">May be null where the views ask nothing.</param>
    public ViewConditions(ImmutableArray<TypeView> views, ConditionCompiler? compiler)
    {
        if (views.Length > 1)
            _others = new View[views.Length - 1];
        for (var i = 0; i < views.Length; i++)
        {
            var view = new View(views[i].Type.Ordinal, compiler?.Compile(views[i].Where), compiler?.Compile(views[i].Masks) ?? []);
            if (i == 0)
                _first = view;
            else
                _others[i - 1] = view;
            _hasMasks |= !views[i].Masks.IsEmpty;
        }
    }

    /// <summary>Whether all things of the views' types are seen, and of each thing all.</summary>
    public static bool AskNothing(ImmutableArray<TypeView> views)
    {
        foreach (var view in views)
            if (view.Where is not null || !view.Masks.IsEmpty)
                return false;
        return true;
    }

    /// <summary>Whether the thing is there at all.</summary>
    public bool Sees(in Record record, int slot) =>
        record.Exists && !record.IsDeleted && TryFind(record.TypeOrdinal, out var view) && view.Where?.Holds(record, slot) != false;

    public uint Masks(in Record record, int slot) => _hasMasks && TryFind(record.TypeOrdinal, out var view) ? ConditionCompiler.Bits(view.Masks, record, slot) : 0;

    public bool TrySee(in Record record, int slot, out uint masks)
    {
        masks = 0;
        if (!Sees(record, slot))
            return false;
        masks = Masks(record, slot);
        return true;
    }

    private bool TryFind(int type, out View found)
    {
        found = _first;
        if (found.Type == type)
            return true;
        foreach (var view in _others)
            if (view.Type == type)
            {
                found = view;
                return true;
            }
        return false;
    }

    private readonly record struct View(int Type, Condition? Where, Condition?[] Masks);
}
