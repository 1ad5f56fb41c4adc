namespace Xrm.Core.Image;

/// <summary>
/// The relationships of one type at one of its ends, by the slot of the thing there: a node of a copy-on-write tree over slots, of which a leaf has <see cref="LeafFan"/>. A batch changes only nodes
/// that it made; others it copies first, so that what is written lastingly for one relationship is a leaf. The null reference is that of no relationship.
/// </summary>
internal sealed class Links
{
    private const int Bits = 6;
    private const int Fan = 1 << Bits;
    private const int LeafBits = 5;
    private const int LeafFan = 1 << LeafBits;
    /// <summary>A thing with more relationships than this has a tree for them: a change would copy all of them else.</summary>
    private const int MostInLeaf = 64;

    private readonly long _owner;
    /// <summary>0 = a leaf.</summary>
    private readonly int _height;
    /// <summary>By how many bits a slot is shifted to tell the child, or the place in a leaf.</summary>
    private readonly int _shift;
    private readonly Links?[]? _children;
    /// <summary>Of a leaf: where among the hops those of each slot begin; one more tells where the last ones end.</summary>
    private readonly ushort[]? _starts;
    private Hop[] _hops;
    /// <summary>Of a leaf: the trees of those that have one; null = none has.</summary>
    private Tree?[]? _trees;

    private Links(long owner, int height, Links?[]? children, ushort[]? starts, Hop[] hops, Tree?[]? trees)
    {
        _owner = owner;
        _height = height;
        _shift = height == 0 ? 0 : LeafBits + Bits * (height - 1);
        _children = children;
        _starts = starts;
        _hops = hops;
        _trees = trees;
    }

    /// <summary>The relationships of a thing, by slot of the relationship; those of a tree if it has one.</summary>
    public static ReadOnlySpan<Hop> Of(Links? links, int slot, out Tree? tree)
    {
        tree = null;
        // Nothing stands at a slot below 0, which is that of nothing.
        if (links is null || slot < 0 || !links.Reaches(slot))
            return default;
        while (links._children is { } children)
        {
            if (children[slot >> links._shift & Fan - 1] is not { } child)
                return default;
            links = child;
        }
        var at = slot & LeafFan - 1;
        tree = links._trees?[at];
        return links._hops.AsSpan(links._starts![at], links._starts[at + 1] - links._starts[at]);
    }

    /// <summary>With one more; it must not be there yet.</summary>
    public static Links Add(Links? links, long owner, int slot, Hop hop)
    {
        links = links?.Own(owner) ?? Leaf(owner);
        while (!links.Reaches(slot))
        {
            var above = new Links(owner, links._height + 1, new Links?[Fan], null, [], null);
            above._children![0] = links;
            links = above;
        }
        var node = links;
        while (node._children is { } children)
        {
            ref var child = ref children[slot >> node._shift & Fan - 1];
            node = child = child?.Own(owner) ?? (node._height == 1 ? Leaf(owner) : new(owner, node._height - 1, new Links?[Fan], null, [], null));
        }
        node.Add(slot & LeafFan - 1, hop);
        return links;
    }

    /// <summary>Without one.</summary>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public static Links Remove(Links? links, long owner, int slot, Hop hop)
    {
        if (links is null || !links.Reaches(slot))
            throw Lost();
        links = links.Own(owner);
        var node = links;
        while (node._children is { } children)
        {
            ref var child = ref children[slot >> node._shift & Fan - 1];
            node = child = child?.Own(owner) ?? throw Lost();
        }
        node.Remove(slot & LeafFan - 1, hop);
        return links;
    }

    private static Links Leaf(long owner) => new(owner, 0, null, new ushort[LeafFan + 1], [], null);

    private static InvalidOperationException Lost() => new("The image lost a relationship.");

    private static TreeKey Key(Hop hop) => new((uint)hop.Link, hop.Far);

    private TreeEdit Edit => new(_owner, KeyOrder.BySlot, RecordSpace.Empty);

    private bool Reaches(int slot) => slot >> _shift < (_height == 0 ? LeafFan : Fan);

    private Links Own(long owner)
    {
        if (_owner == owner)
            return this;
        if (_children is not null)
            return new(owner, _height, (Links?[])_children.Clone(), null, [], null);
        // Room for what most batches add.
        var count = _starts![LeafFan];
        var hops = new Hop[count + 2 & ~1];
        _hops.AsSpan(0, count).CopyTo(hops);
        return new(owner, 0, null, (ushort[])_starts.Clone(), hops, (Tree?[]?)_trees?.Clone());
    }

    private void Add(int at, Hop hop)
    {
        var (from, to, count) = (_starts![at], _starts[at + 1], _starts[LeafFan]);
        if (_trees?[at] is { } tree)
        {
            _trees[at] = Edit.Insert(tree, Key(hop));
            return;
        }
        if (to - from == MostInLeaf)
        {
            tree = null;
            for (var i = from; i < to; i++)
                tree = Edit.Insert(tree, Key(_hops[i]));
            (_trees ??= new Tree?[LeafFan])[at] = Edit.Insert(tree, Key(hop));
            Close(at, from, MostInLeaf);
            return;
        }
        if (count == _hops.Length)
            Array.Resize(ref _hops, count + Math.Max(4, count / 2));
        int place = to;
        while (place > from && _hops[place - 1].Link > hop.Link)
            place--;
        Array.Copy(_hops, place, _hops, place + 1, count - place);
        _hops[place] = hop;
        foreach (ref var start in _starts.AsSpan(at + 1))
            start++;
    }

    private void Remove(int at, Hop hop)
    {
        if (_trees?[at] is { } tree)
        {
            _trees[at] = Edit.Remove(tree, Key(hop));
            return;
        }
        int place = _starts![at];
        while (place < _starts[at + 1] && _hops[place] != hop)
            place++;
        if (place == _starts[at + 1])
            throw Lost();
        Close(at, place, 1);
    }

    private void Close(int at, int place, int gone)
    {
        Array.Copy(_hops, place + gone, _hops, place, _starts![LeafFan] - place - gone);
        foreach (ref var start in _starts.AsSpan(at + 1))
            start -= (ushort)gone;
    }
}
