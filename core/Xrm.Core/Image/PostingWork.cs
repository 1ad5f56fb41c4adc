using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Xrm.Core.Search;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Makes the postings of a record, each once.</summary>
internal delegate void PostingMaker(ImmutableArray<Column> columns, in Record record, HashSet<ulong> into);

/// <summary>An index of postings of a type while a batch changes it; does nothing where there is none.</summary>
internal sealed class PostingWork(PostingIndex? index, PostingMaker make, long owner, RecordSpace space)
{
    private HashSet<ulong>? _postings;

    public PostingIndex? Index { get; private set; } = index;

    public void Add(in Record record, int slot)
    {
        if (Index is null)
            return;
        var tree = Index.Tree;
        foreach (var posting in Of(Index.Columns, record))
            tree = Edit.Insert(tree, new(posting, slot));
        Index = Index with { Tree = tree };
    }

    public void Remove(in Record record, int slot)
    {
        if (Index is null)
            return;
        var tree = Index.Tree;
        foreach (var posting in Of(Index.Columns, record))
            tree = Edit.Remove(tree, new(posting, slot));
        Index = Index with { Tree = tree };
    }

    /// <summary>Whether a change of some fields, named as indexes name them, changes postings.</summary>
    public bool IsTouchedBy(int[] changed) => Index is not null && Index.Columns.Any(c => changed.Contains(c.IndexName));

    /// <summary>An index of these fields; of none there is none.</summary>
    public void Build(ImmutableArray<Column> columns, Tree? extent)
    {
        if (columns.IsEmpty)
        {
            Index = null;
            return;
        }
        var keys = new List<TreeKey>(Tree.CountOf(extent) * 4);
        foreach (var key in Tree.Between(extent, 0, int.MaxValue))
        {
            foreach (var posting in Of(columns, space[key.Slot]))
                keys.Add(new(posting, key.Slot));
        }
        var sorted = CollectionsMarshal.AsSpan(keys);
        sorted.Sort((a, b) => a.Prefix != b.Prefix ? a.Prefix.CompareTo(b.Prefix) : a.Slot.CompareTo(b.Slot));
        Index = new(columns, Tree.Build(owner, sorted));
    }

    private HashSet<ulong> Of(ImmutableArray<Column> columns, in Record record)
    {
        make(columns, record, _postings ??= []);
        return _postings;
    }

    private TreeEdit Edit => new(owner, KeyOrder.BySlot, space);
}
