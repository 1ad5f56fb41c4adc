using System.Runtime.CompilerServices;

namespace Xrm.Core.Image;

/// <summary>Walks the keys of some prefixes, each of which only one key has; goes down from the top once for each leaf.</summary>
internal ref struct PrefixWalk(Tree? tree, ulong from, ulong to)
{
    private ReadOnlySpan<TreeKey> _leaf;
    private int _index;

    public readonly TreeKey Current => _leaf[_index];

    public readonly PrefixWalk GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_leaf.IsEmpty)
            return Seek(from);
        if (++_index < _leaf.Length)
            return _leaf[_index].Prefix < to;
        return _leaf[^1].Prefix + 1 < to && Seek(_leaf[^1].Prefix + 1);
    }

    /// <summary>Goes to the first key that is not before a prefix.</summary>
    private bool Seek(ulong prefix)
    {
        if (tree is null)
            return false;
        var node = tree;
        Tree? next = null;
        var before = Before(node, prefix);
        while (node.Children is { } children)
        {
            // What begins before it may still hold it.
            var child = Math.Max(0, before - 1);
            if (child + 1 < node.Used)
                next = children[child + 1];
            node = children[child];
            before = Before(node, prefix);
        }
        if (before == node.Used)
        {
            if (next is null)
                return false;
            node = next;
            while (node.Children is { } children)
                node = children[0];
            before = 0;
        }
        _leaf = node.Keys.AsSpan(0, node.Used);
        _index = before;
        return _leaf[before].Prefix < to;
    }

    /// <summary>How many keys of a node are before a prefix. Without a branch on what is found, which nobody can foresee: so the next search begins while this one waits for memory.</summary>
    private static int Before(Tree node, ulong prefix)
    {
        var keys = node.Keys.AsSpan(0, node.Used);
        var low = 0;
        for (var left = keys.Length; left > 0;)
        {
            var half = left + 1 >>> 1;
            var isBefore = keys[low + half - 1].Prefix < prefix;
            low += half & -Unsafe.BitCast<bool, byte>(isBefore);
            left -= half;
        }
        return low;
    }
}
