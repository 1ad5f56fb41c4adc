using System.Runtime.InteropServices;

namespace Xrm.Core.Image;

/// <summary>A key of a tree: what sorts first, then the record it stands for, from which ties are told.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct TreeKey(ulong Prefix, int Slot);

/// <summary>Tells the order of keys whose prefixes are the same.</summary>
internal abstract class KeyOrder
{
    /// <summary>By slot alone.</summary>
    public static readonly KeyOrder BySlot = new SlotOrder();

    public abstract int Ties(in TreeKey a, in TreeKey b, RecordSpace space);

    public int Compare(in TreeKey a, in TreeKey b, RecordSpace space) =>
        a.Prefix != b.Prefix ? a.Prefix.CompareTo(b.Prefix) : a.Slot == b.Slot ? 0 : Ties(a, b, space);

    private sealed class SlotOrder : KeyOrder
    {
        public override int Ties(in TreeKey a, in TreeKey b, RecordSpace space) => a.Slot.CompareTo(b.Slot);
    }
}

/// <summary>A place between keys to look for.</summary>
internal interface IProbe
{
    /// <summary>Whether the key comes before the place.</summary>
    bool IsBefore(in TreeKey key);
}

/// <summary>A place by prefix alone: before every key of that prefix.</summary>
internal readonly struct PrefixProbe(ulong prefix) : IProbe
{
    public bool IsBefore(in TreeKey key) => key.Prefix < prefix;
}

/// <summary>A node of a copy-on-write B+-tree with counts. A batch changes only nodes that it made; others it copies first. The null reference is the empty tree.</summary>
internal sealed class Tree
{
    public const int Fan = 64;

    internal readonly long Owner;
    /// <summary>Of a leaf the keys; otherwise the first key of each child. As long as it must be, not as <see cref="Fan"/> allows.</summary>
    internal TreeKey[] Keys;
    /// <summary>As long as <see cref="Keys"/>; null = a leaf.</summary>
    internal Tree[]? Children;
    /// <summary>Whether <see cref="Keys"/> are those of the node that this one was copied from: most changes of a child leave its first key as it is.</summary>
    internal bool SharesKeys;
    /// <summary>How many of <see cref="Keys"/> are in use.</summary>
    internal int Used;

    internal Tree(long owner, TreeKey[] keys, Tree[]? children, int used)
    {
        Owner = owner;
        Keys = keys;
        Children = children;
        Used = used;
        Count = used;
    }

    /// <summary>How many keys are in it.</summary>
    public int Count { get; internal set; }

    public static int CountOf(Tree? tree) => tree?.Count ?? 0;

    /// <summary>How many keys come before a place.</summary>
    public static int Rank<T>(Tree? tree, in T probe) where T : IProbe, allows ref struct
    {
        var rank = 0;
        while (tree is not null)
        {
            int low = 0, high = tree.Used;
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                if (probe.IsBefore(tree.Keys[middle]))
                    low = middle + 1;
                else
                    high = middle;
            }
            if (tree.Children is null)
                return rank + low;
            if (low == 0)
                return rank;
            for (var i = 0; i < low - 1; i++)
                rank += tree.Children[i].Count;
            tree = tree.Children[low - 1];
        }
        return rank;
    }

    /// <summary>The leaf that holds the key of a rank, and the rank of its first.</summary>
    public static Tree LeafOf(Tree tree, int rank, out int from)
    {
        from = 0;
        while (tree.Children is { } children)
        {
            var i = 0;
            while (rank - from >= children[i].Count)
                from += children[i++].Count;
            tree = children[i];
        }
        return tree;
    }

    /// <summary>The keys of the ranks from one up to, not including, another.</summary>
    public static Walk Between(Tree? tree, int from, int to) => new(tree, from, Math.Min(to, CountOf(tree)));

    /// <summary>A tree of keys that are in order already.</summary>
    public static Tree? Build(long owner, ReadOnlySpan<TreeKey> sorted)
    {
        if (sorted.IsEmpty)
            return null;
        // Not quite full, so that the first keys to come do not split every node.
        const int fill = Fan - Fan / 8;
        var level = new List<Tree>(sorted.Length / fill + 1);
        for (var at = 0; at < sorted.Length; at += fill)
        {
            var used = Math.Min(fill, sorted.Length - at);
            level.Add(new(owner, sorted.Slice(at, used).ToArray(), null, used));
        }
        while (level.Count > 1)
        {
            var above = new List<Tree>(level.Count / fill + 1);
            for (var at = 0; at < level.Count; at += fill)
            {
                var used = Math.Min(fill, level.Count - at);
                var node = new Tree(owner, new TreeKey[used], new Tree[used], used) { Count = 0 };
                for (var i = 0; i < used; i++)
                {
                    node.Children![i] = level[at + i];
                    node.Keys[i] = level[at + i].Keys[0];
                    node.Count += level[at + i].Count;
                }
                above.Add(node);
            }
            level = above;
        }
        return level[0];
    }

    internal ref struct Walk(Tree? tree, int from, int to)
    {
        private ReadOnlySpan<TreeKey> _leaf;
        private int _index;
        private int _rank = from;

        public readonly TreeKey Current => _leaf[_index];

        public readonly Walk GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rank >= to)
                return false;
            if (_leaf.IsEmpty || ++_index >= _leaf.Length)
            {
                var leaf = LeafOf(tree!, _rank, out var first);
                _leaf = leaf.Keys.AsSpan(0, leaf.Used);
                _index = _rank - first;
            }
            _rank++;
            return true;
        }
    }
}
