using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Xrm.Core.Image;

/// <summary>
/// The relationships of one type at one of its ends, by the slot of the thing there: a node of a copy-on-write tree over slots, of which a leaf has <see cref="LeafFan"/>. A batch changes only nodes
/// that it made; others it copies first, so that what is written lastingly for one relationship is a leaf. The null reference is that of no relationship.
/// </summary>
internal sealed class Links
{
    private const int Bits = 5;
    private const int Fan = 1 << Bits;
    private const int LeafBits = 5;
    private const int LeafFan = 1 << LeafBits;
    /// <summary>A thing with more relationships than this has a tree for them: a change would copy all of them else.</summary>
    private const int MostInLeaf = 64;
    /// <summary>So many hops of a leaf's array hold in their place where those of each slot begin, in 16 bits each; one more tells where the last ones end.</summary>
    private const int Head = ((LeafFan + 1) * sizeof(ushort) + 7) / 8;

    private readonly long _owner;
    /// <summary>0 = a leaf.</summary>
    private readonly int _height;
    /// <summary>By how many bits a slot is shifted to tell the child, or the place in a leaf.</summary>
    private readonly int _shift;
    private readonly Links?[]? _children;
    /// <summary>Of a leaf: <see cref="Head"/>, then the hops. One array, so that both are near when one is.</summary>
    private Hop[] _hops;
    /// <summary>Of a leaf: the trees of those that have one; null = none has.</summary>
    private Tree?[]? _trees;

    private Links(long owner, int height, Links?[]? children, Hop[] hops, Tree?[]? trees)
    {
        _owner = owner;
        _height = height;
        _shift = height == 0 ? 0 : LeafBits + Bits * (height - 1);
        _children = children;
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
        if (links.LeafOf(slot) is not { } leaf)
            return default;
        var at = slot & LeafFan - 1;
        tree = leaf._trees?[at];
        var starts = leaf.Starts;
        return leaf._hops.AsSpan(Head + starts[at], starts[at + 1] - starts[at]);
    }

    /// <summary>Has the processor bring near what <see cref="Of"/> reads for each of some slots; where it cannot be asked to, nothing happens.</summary>
    public unsafe void Prefetch(ReadOnlySpan<int> slots)
    {
        if (!Sse.IsSupported)
            return;
        // Each leads to the next: leaves, their arrays, the place in them. Should the collector move something meanwhile, other bytes come near, and that is all.
        foreach (var slot in slots)
            if (Leaf(slot) is { } leaf)
                Sse.Prefetch0(Unsafe.AsPointer(ref leaf._hops));
        foreach (var slot in slots)
            if (Leaf(slot) is { } leaf)
            {
                var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(leaf._hops));
                Sse.Prefetch0(start);
                Sse.Prefetch0(start + 64);
            }
        foreach (var slot in slots)
            if (Leaf(slot) is { } leaf)
                Sse.Prefetch0(Unsafe.AsPointer(ref leaf._hops[Head + leaf.Starts[slot & LeafFan - 1] - 1]));

        Links? Leaf(int slot) => slot >= 0 && Reaches(slot) ? LeafOf(slot) : null;
    }

    /// <summary>With one more; it must not be there yet.</summary>
    public static Links Add(Links? links, long owner, int slot, Hop hop)
    {
        links = links?.Own(owner) ?? Leaf(owner);
        while (!links.Reaches(slot))
        {
            var above = new Links(owner, links._height + 1, new Links?[Fan], [], null);
            above._children![0] = links;
            links = above;
        }
        var node = links;
        while (node._children is { } children)
        {
            ref var child = ref children[slot >> node._shift & Fan - 1];
            node = child = child?.Own(owner) ?? (node._height == 1 ? Leaf(owner) : new(owner, node._height - 1, new Links?[Fan], [], null));
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

    private static Links Leaf(long owner) => new(owner, 0, null, new Hop[Head], null);

    private static InvalidOperationException Lost() => new("The image lost a relationship.");

    private static TreeKey Key(Hop hop) => new((uint)hop.Link, hop.Far);

    private Span<ushort> Starts => MemoryMarshal.Cast<Hop, ushort>(_hops.AsSpan(0, Head));

    private TreeEdit Edit => new(_owner, KeyOrder.BySlot, RecordSpace.Empty);

    private bool Reaches(int slot) => slot >> _shift < (_height == 0 ? LeafFan : Fan);

    private Links? LeafOf(int slot)
    {
        var node = this;
        while (node?._children is { } children)
            node = children[slot >> node._shift & Fan - 1];
        return node;
    }

    private Links Own(long owner)
    {
        if (_owner == owner)
            return this;
        if (_children is not null)
            return new(owner, _height, (Links?[])_children.Clone(), [], null);
        // Room for what most batches add.
        var used = Head + Starts[LeafFan];
        var hops = new Hop[used + 2 & ~1];
        _hops.AsSpan(0, used).CopyTo(hops);
        return new(owner, 0, null, hops, (Tree?[]?)_trees?.Clone());
    }

    private void Add(int at, Hop hop)
    {
        var starts = Starts;
        int from = Head + starts[at], to = Head + starts[at + 1], used = Head + starts[LeafFan];
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
        if (used == _hops.Length)
        {
            Array.Resize(ref _hops, used + Math.Max(4, used / 2));
            starts = Starts;
        }
        var place = to;
        while (place > from && _hops[place - 1].Link > hop.Link)
            place--;
        Array.Copy(_hops, place, _hops, place + 1, used - place);
        _hops[place] = hop;
        foreach (ref var start in starts[(at + 1)..])
            start++;
    }

    private void Remove(int at, Hop hop)
    {
        if (_trees?[at] is { } tree)
        {
            _trees[at] = Edit.Remove(tree, Key(hop));
            return;
        }
        int place = Head + Starts[at], to = Head + Starts[at + 1];
        while (place < to && _hops[place] != hop)
            place++;
        if (place == to)
            throw Lost();
        Close(at, place, 1);
    }

    private void Close(int at, int place, int gone)
    {
        var starts = Starts;
        Array.Copy(_hops, place + gone, _hops, place, Head + starts[LeafFan] - place - gone);
        foreach (ref var start in starts[(at + 1)..])
            start -= (ushort)gone;
    }
}
