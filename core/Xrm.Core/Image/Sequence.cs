using System.Collections.Immutable;
using Xrm.Core.Plans;

namespace Xrm.Core.Image;

/// <summary>Records of a type in an order that a tree keeps, by position. For one reader at a time.</summary>
internal abstract class Sequence(Tree? tree, int count)
{
    private Tree? _leaf;
    private int _leafFrom;

    protected Tree? Tree { get; } = tree;

    public int Count { get; } = count;

    public abstract int SlotAt(int position);

    /// <summary>How many come before a place; when behind it, with what stands there.</summary>
    public abstract int Rank(SortPosition place, bool behind);

    /// <summary>The key of a rank; neighbours are mostly in the leaf that was looked at last.</summary>
    protected TreeKey At(int rank)
    {
        if (_leaf is null || rank < _leafFrom || rank >= _leafFrom + _leaf.Used)
            _leaf = Image.Tree.LeafOf(Tree!, rank, out _leafFrom);
        return _leaf.Keys[rank - _leafFrom];
    }

    internal sealed class ById(Tree? tree, RecordSpace space) : Sequence(tree, Image.Tree.CountOf(tree))
    {
        public override int SlotAt(int position) => At(position).Slot;

        public override int Rank(SortPosition place, bool behind) => Image.Tree.Rank(Tree, new IdProbe(place.Id, behind, space));
    }

    /// <summary>As the index has it.</summary>
    internal sealed class Forward(IndexRange range, RecordSpace space) : Sequence(range.Index.Tree, range.Count)
    {
        public override int SlotAt(int position) => At(range.From + position).Slot;

        public override int Rank(SortPosition place, bool behind) =>
            Math.Clamp(Image.Tree.Rank(Tree, new PlaceProbe(range.Index.Order, range.Hash, place.Keys, behind, space, place.Id)) - range.From, 0, Count);
    }

    /// <summary>Of an index that sorts by one column: greatest value first, but within a value by id ascending, and what has no value last.</summary>
    internal sealed class Descending : Sequence
    {
        private readonly IndexRange _range;
        private readonly RecordSpace _space;
        /// <summary>The rank behind the last that has a value.</summary>
        private readonly int _values;
        private (int From, int To) _run;

        public Descending(IndexRange range, RecordSpace space) : base(range.Index.Tree, range.Count)
        {
            _range = range;
            _space = space;
            _values = Math.Clamp(Place([], after: false), range.From, Math.Max(range.From, range.To));
        }

        public override int SlotAt(int position)
        {
            if (position >= _values - _range.From)
                return At(_range.From + position).Slot;
            var mirrored = _values - 1 - position;
            if (mirrored < _run.From || mirrored >= _run.To)
                _run = RunOf(mirrored);
            // The run begins at this position of ours; within it the order is the tree's.
            return At(_run.From + position - (_values - _run.To)).Slot;
        }

        public override int Rank(SortPosition place, bool behind)
        {
            var json = place.Keys[0];
            var rank = Place(json, behind, place.Id);
            if (json.Length > 0)
                rank = _range.From + _values - Place(json, after: true) + (rank - Place(json, after: false));
            return Math.Clamp(rank - _range.From, 0, Count);
        }

        private bool IsAlike(in TreeKey a, in TreeKey b)
        {
            if (a.Prefix != b.Prefix)
                return false;
            Span<byte> scratchA = stackalloc byte[Column.Scratch];
            Span<byte> scratchB = stackalloc byte[Column.Scratch];
            var column = _range.Index.Order.By[0].Column;
            return column.TryGet(_space[a.Slot], scratchA, out var left) && column.TryGet(_space[b.Slot], scratchB, out var right) && left.SequenceEqual(right);
        }

        private int Place(byte[] json, bool after, Guid? id = null) => Image.Tree.Rank(Tree, new PlaceProbe(_range.Index.Order, _range.Hash, [json], after, _space, id));

        private (int From, int To) RunOf(int rank)
        {
            // Most values stand alone.
            var key = At(rank);
            if ((rank == _range.From || !IsAlike(At(rank - 1), key)) && (rank + 1 >= _values || !IsAlike(At(rank + 1), key)))
                return (rank, rank + 1);
            Span<byte> scratch = stackalloc byte[Column.Scratch];
            _range.Index.Order.By[0].Column.TryGet(_space[key.Slot], scratch, out var value);
            var json = value.ToArray();
            return (Math.Max(_range.From, Place(json, after: false)), Math.Min(_values, Place(json, after: true)));
        }
    }
}
