using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>One root, asked by steps. Nothing is locked; the garbage collector takes what no snapshot holds.</summary>
internal sealed class ImageSnapshot(Root root, IdMap map, Action<int, Column> want) : ISnapshot
{
    public long Block => root.Block;

    public ValueTask<Rows> Read(ReadStep step, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var compiler = new ConditionCompiler(root, map);
        return new(step switch
        {
            ReadStep.List list => new ListReader(root, map, want, compiler).Read(list, cancellation),
            ReadStep.Related related => new RelatedReader(root, map, compiler).Read(related, cancellation),
            ReadStep.ById byId => Things(byId, byId.Ids.Select(i => map.Find(i, root.Space)), compiler),
            ReadStep.ByKey byKey => Things(byKey, byKey.Values.Select(v => SlotOf(byKey.Key, v)), compiler),
            ReadStep.Links links => new RelatedReader(root, map, compiler).Read(links),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        });
    }

    public void Dispose() { }

    private Rows Things(ReadStep step, IEnumerable<int> slots, ConditionCompiler compiler)
    {
        var views = new ViewConditions(step.Views, compiler);
        var rows = new List<Row>();
        var starts = new List<int>();
        foreach (var slot in slots)
        {
            starts.Add(rows.Count);
            if (slot >= 0 && views.TrySee(root.Space[slot], slot, out var masks))
                rows.Add(new(root.Space[slot], default, masks, 0));
        }
        starts.Add(rows.Count);
        return new() { Items = [.. rows], Starts = [.. starts] };
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
    private readonly Dictionary<int, (Condition? Where, Condition?[] Masks)> _views = [];

    public ViewConditions(ImmutableArray<TypeView> views, ConditionCompiler compiler)
    {
        foreach (var view in views)
            _views[view.Type.Ordinal] = (compiler.Compile(view.Where), compiler.Compile(view.Masks));
    }

    /// <summary>Whether the thing is there at all.</summary>
    public bool Sees(in Record record, int slot) =>
        record.Exists && !record.IsDeleted && _views.TryGetValue(record.TypeOrdinal, out var view) && view.Where?.Holds(record, slot) != false;

    public uint Masks(in Record record, int slot) => ConditionCompiler.Bits(_views[record.TypeOrdinal].Masks, record, slot);

    public bool TrySee(in Record record, int slot, out uint masks)
    {
        masks = 0;
        if (!Sees(record, slot))
            return false;
        masks = Masks(record, slot);
        return true;
    }
}
