namespace Xrm.Core.Image;

/// <summary>Puts keys into trees and takes them out, on behalf of one batch.</summary>
internal readonly struct TreeEdit(long owner, KeyOrder order, RecordSpace space)
{
    private const int Fan = Tree.Fan;

    /// <summary>The key must not be in it yet.</summary>
    public Tree Insert(Tree? tree, in TreeKey key)
    {
        if (tree is null)
        {
            var keys = new TreeKey[Fan];
            keys[0] = key;
            return new(owner, keys, null, 1);
        }
        tree = InsertInto(tree, key, out var right);
        if (right is null)
            return tree;
        var above = new Tree(owner, new TreeKey[Fan], new Tree[Fan], 2) { Count = tree.Count + right.Count };
        above.Children![0] = tree;
        above.Children[1] = right;
        above.Keys[0] = tree.Keys[0];
        above.Keys[1] = right.Keys[0];
        return above;
    }

    /// <exception cref="InvalidOperationException">The key is not in it.</exception>
    public Tree? Remove(Tree? tree, in TreeKey key)
    {
        if (tree is null)
            throw new InvalidOperationException("The image lost a key.");
        tree = RemoveFrom(tree, key);
        while (tree.Children is { } children && tree.Used == 1)
            tree = children[0];
        return tree.Count == 0 ? null : tree;
    }

    private Tree InsertInto(Tree node, in TreeKey key, out Tree? right)
    {
        node = Own(node);
        right = null;
        var at = Position(node, key);
        if (node.Children is not { } children)
        {
            if (node.Used == Fan)
            {
                right = Split(node, at == Fan);
                if (at > node.Used || node.Used == Fan)
                {
                    Open(right, at - node.Used, key, null);
                    return node;
                }
            }
            Open(node, at, key, null);
            return node;
        }
        at = Math.Max(0, at - 1);
        children[at] = InsertInto(children[at], key, out var split);
        node.Keys[at] = children[at].Keys[0];
        node.Count++;
        if (split is null)
            return node;
        // The split child's keys are counted in the node already.
        node.Count -= split.Count;
        at++;
        if (node.Used == Fan)
        {
            right = Split(node, at == Fan);
            if (at > node.Used || node.Used == Fan)
            {
                Open(right, at - node.Used, split.Keys[0], split);
                return node;
            }
        }
        Open(node, at, split.Keys[0], split);
        return node;
    }

    /// <summary>Moves the upper half into a node of its own; at the far end nothing, so that keys that come in order leave full nodes behind.</summary>
    private Tree Split(Tree node, bool atEnd)
    {
        var keep = atEnd ? Fan : Fan / 2;
        var moved = Fan - keep;
        var right = new Tree(owner, new TreeKey[Fan], node.Children is null ? null : new Tree[Fan], moved);
        Array.Copy(node.Keys, keep, right.Keys, 0, moved);
        if (node.Children is { } children)
        {
            Array.Copy(children, keep, right.Children!, 0, moved);
            Array.Clear(children, keep, moved);
            right.Count = 0;
            for (var i = 0; i < moved; i++)
                right.Count += right.Children![i].Count;
        }
        node.Used = keep;
        node.Count -= right.Count;
        return right;
    }

    private static void Open(Tree node, int at, in TreeKey key, Tree? child)
    {
        Array.Copy(node.Keys, at, node.Keys, at + 1, node.Used - at);
        node.Keys[at] = key;
        if (child is not null)
        {
            Array.Copy(node.Children!, at, node.Children!, at + 1, node.Used - at);
            node.Children![at] = child;
        }
        node.Used++;
        node.Count += child?.Count ?? 1;
    }

    private Tree RemoveFrom(Tree node, in TreeKey key)
    {
        node = Own(node);
        var at = Position(node, key);
        if (node.Children is not { } children)
        {
            if (at >= node.Used || node.Keys[at].Slot != key.Slot)
                throw new InvalidOperationException("The image lost a key.");
            Close(node, at);
            return node;
        }
        // The place of an equal key is before it, so the child is the one that begins with it or the one before.
        if (at == node.Used || node.Keys[at].Slot != key.Slot || node.Keys[at].Prefix != key.Prefix)
            at--;
        if (at < 0)
            throw new InvalidOperationException("The image lost a key.");
        var child = children[at] = RemoveFrom(children[at], key);
        node.Count--;
        if (child.Count == 0)
        {
            Close(node, at);
            node.Count++;
            return node;
        }
        node.Keys[at] = child.Keys[0];
        if (child.Used < Fan / 4 && node.Used > 1)
            Merge(node, at > 0 ? at - 1 : at);
        return node;
    }

    private void Merge(Tree node, int at)
    {
        var children = node.Children!;
        if (children[at].Used + children[at + 1].Used > Fan * 3 / 4)
            return;
        var left = children[at] = Own(children[at]);
        var right = children[at + 1];
        Array.Copy(right.Keys, 0, left.Keys, left.Used, right.Used);
        if (left.Children is { } into)
            Array.Copy(right.Children!, 0, into, left.Used, right.Used);
        left.Used += right.Used;
        left.Count += right.Count;
        var count = node.Count;
        Close(node, at + 1);
        node.Count = count;
    }

    private static void Close(Tree node, int at)
    {
        node.Used--;
        Array.Copy(node.Keys, at + 1, node.Keys, at, node.Used - at);
        if (node.Children is { } children)
        {
            Array.Copy(children, at + 1, children, at, node.Used - at);
            children[node.Used] = null!;
        }
        node.Count--;
    }

    private int Position(Tree node, in TreeKey key)
    {
        int low = 0, high = node.Used;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (order.Compare(node.Keys[middle], key, space) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private Tree Own(Tree node) => node.Owner == owner
        ? node
        : new(owner, (TreeKey[])node.Keys.Clone(), (Tree[]?)node.Children?.Clone(), node.Used) { Count = node.Count };
}
