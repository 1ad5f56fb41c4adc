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
        var compiler = new ConditionCompiler(root, map, cancellation) { Present = _present, Want = WantAnswers };
        return new(step switch
        {
            ReadStep.List { Search: { } search } list => new Search.SearchReader(root, WantWords, compiler, search.Text).Read(list, search.Fields, cancellation),
            ReadStep.List list => new ListReader(root, map, want, compiler).Read(list, cancellation),
            ReadStep.Related related => new RelatedReader(root, map, compiler).Read(related, cancellation),
            ReadStep.ById byId => Things(byId, byId.Ids.Length, i => map.Find(byId.Ids[i], root.Space), compiler),
            ReadStep.Records records => Records(records.Ids),
            ReadStep.ByKey byKey => Things(byKey, byKey.Values.Length, i => SlotOf(byKey.Key, byKey.Values[i]), compiler),
            ReadStep.Links links => new RelatedReader(root, map, compiler).Read(links),
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

    private Rows Things(ReadStep step, int runs, Func<int, int> slotOf, ConditionCompiler compiler)
    {
        var views = new ViewConditions(step.Views, compiler);
        var rows = new Row[runs];
        var count = 0;
        var starts = new int[runs + 1];
        for (var run = 0; run < runs; run++)
        {
            starts[run] = count;
            var slot = slotOf(run);
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
    // Few: looked through faster than hashed.
    private readonly (int Type, Condition? Where, Condition?[] Masks)[] _views;
    private readonly bool _hasMasks;

    public ViewConditions(ImmutableArray<TypeView> views, ConditionCompiler compiler)
    {
        _views = new (int, Condition?, Condition?[])[views.Length];
        for (var i = 0; i < _views.Length; i++)
        {
            _views[i] = (views[i].Type.Ordinal, compiler.Compile(views[i].Where), compiler.Compile(views[i].Masks));
            _hasMasks |= !views[i].Masks.IsEmpty;
        }
    }

    /// <summary>Whether the thing is there at all.</summary>
    public bool Sees(in Record record, int slot) =>
        record.Exists && !record.IsDeleted && IndexOf(record.TypeOrdinal) is var view and >= 0 && _views[view].Where?.Holds(record, slot) != false;

    public uint Masks(in Record record, int slot) => _hasMasks ? ConditionCompiler.Bits(_views[IndexOf(record.TypeOrdinal)].Masks, record, slot) : 0;

    public bool TrySee(in Record record, int slot, out uint masks)
    {
        masks = 0;
        if (!Sees(record, slot))
            return false;
        masks = Masks(record, slot);
        return true;
    }

    private int IndexOf(int type)
    {
        for (var i = 0; i < _views.Length; i++)
            if (_views[i].Type == type)
                return i;
        return -1;
    }
}
