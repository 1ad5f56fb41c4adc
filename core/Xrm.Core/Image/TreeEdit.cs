namespace Xrm.Core.Image;

/// <summary>Puts keys into trees and takes them out, on behalf of one batch.</summary>
internal readonly struct TreeEdit(long owner, KeyOrder order, RecordSpace space)
{
    private const int Fan = Tree.Fan;

    /// <summary>Keys beside one another whose slots differ by less are taken to come in order, as ids do and what is told apart by them, but for those of one millisecond.</summary>
    private const int Shortly = 1024;

    /// <summary>The key must not be in it yet.</summary>
    public Tree Insert(Tree? tree, in TreeKey key)
    {
        if (tree is null)
            return new(owner, [key], null, 1);
        tree = InsertInto(tree, key, out var right);
        if (right is null)
            return tree;
        return new(owner, [tree.Keys[0], right.Keys[0]], [tree, right], 2) { Count = tree.Count + right.Count };
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
                right = Split(node, at == Fan || at > Fan / 2 && AreOfOneTime(node.Keys[at - 1], key) ? at : Fan / 2);
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
        // Between a full leaf and one that is not: there is room in the other.
        if (children[at] is { Children: null, Used: Fan } full && at + 1 < node.Used && children[at + 1].Used < Fan && order.Compare(full.Keys[Fan - 1], key, space) < 0)
            at++;
        children[at] = InsertInto(children[at], key, out var split);
        Begin(node, at, children[at]);
        node.Count++;
        if (split is null)
            return node;
        // The split child's keys are counted in the node already.
        node.Count -= split.Count;
        at++;
        if (node.Used == Fan)
        {
            right = Split(node, at == Fan ? Fan : Fan / 2);
            if (at > node.Used || node.Used == Fan)
            {
                Open(right, at - node.Used, split.Keys[0], split);
                return node;
            }
        }
        Open(node, at, split.Keys[0], split);
        return node;
    }

    private static bool AreOfOneTime(in TreeKey one, in TreeKey other) => Math.Abs(one.Slot - other.Slot) < Shortly;

    /// <summary>Moves what is behind the first so many into a node of its own: half, but where keys come in order what lies behind the new one, so that they leave full nodes behind.</summary>
    private Tree Split(Tree node, int keep)
    {
        var moved = Fan - keep;
        var right = new Tree(owner, Copy(node.Keys, keep, moved, Room(moved)), node.Children is { } all ? Copy(all, keep, moved, Room(moved)) : null, moved);
        if (node.Children is { } children)
        {
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
        var keys = OwnKeys(node, more: 1);
        Array.Copy(keys, at, keys, at + 1, node.Used - at);
        keys[at] = key;
        if (node.Children is { } children)
        {
            if (children.Length < keys.Length)
                node.Children = Copy(children, 0, node.Used, keys.Length);
            Array.Copy(children, at, node.Children, at + 1, node.Used - at);
            node.Children[at] = child!;
        }
        node.Used++;
        node.Count += child?.Count ?? 1;
    }

    /// <summary>Has a node tell where a child of it begins.</summary>
    private static void Begin(Tree node, int at, Tree child)
    {
        if (node.Keys[at] != child.Keys[0])
            OwnKeys(node)[at] = child.Keys[0];
    }

    /// <summary>A node's keys, which may be changed, with room for some more.</summary>
    private static TreeKey[] OwnKeys(Tree node, int more = 0)
    {
        var room = node.Used + more > node.Keys.Length ? Room(node.Used + node.Used / 2) : node.Keys.Length;
        if (node.SharesKeys || room > node.Keys.Length)
            node.Keys = Copy(node.Keys, 0, node.Used, room);
        node.SharesKeys = false;
        return node.Keys;
    }

    /// <summary>For how many keys a node of some is made: room for what most batches add to it.</summary>
    private static int Room(int used) => Math.Min(Fan, used + 2 & ~1);

    private static T[] Copy<T>(T[] from, int start, int count, int room)
    {
        var to = new T[room];
        Array.Copy(from, start, to, 0, count);
        return to;
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
        Begin(node, at, child);
        if (child.Used < Fan / 4 && node.Used > 1)
            Merge(node, at > 0 ? at - 1 : at);
        return node;
    }

    private void Merge(Tree node, int at)
    {
        var children = node.Children!;
        if (children[at].Used + children[at + 1].Used > Fan * 3 / 4)
            return;
        var (left, right) = (children[at], children[at + 1]);
        var used = left.Used + right.Used;
        var keys = Copy(left.Keys, 0, left.Used, Room(used));
        Array.Copy(right.Keys, 0, keys, left.Used, right.Used);
        Tree[]? below = null;
        if (left.Children is { } first)
        {
            below = Copy(first, 0, left.Used, keys.Length);
            Array.Copy(right.Children!, 0, below, left.Used, right.Used);
        }
        children[at] = new(owner, keys, below, used) { Count = left.Count + right.Count };
        var count = node.Count;
        Close(node, at + 1);
        node.Count = count;
    }

    private static void Close(Tree node, int at)
    {
        var keys = OwnKeys(node);
        node.Used--;
        Array.Copy(keys, at + 1, keys, at, node.Used - at);
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

    /// <summary>A node that may be changed.</summary>
    private Tree Own(Tree node)
    {
        if (node.Owner == owner)
            return node;
        var copy = node.Children is { } children
            ? new Tree(owner, node.Keys, Copy(children, 0, node.Used, node.Keys.Length), node.Used) { SharesKeys = true }
            : new Tree(owner, Copy(node.Keys, 0, node.Used, Room(node.Used)), null, node.Used);
        copy.Count = node.Count;
        return copy;
    }
}
