using Xrm.Core.Plans;

namespace Xrm.Core.Image;

/// <summary>All records of a type in an order that a tree keeps, by position.</summary>
internal abstract class Sequence(Tree? tree)
{
    protected Tree? Tree { get; } = tree;

    public int Count { get; } = Image.Tree.CountOf(tree);

    public abstract int SlotAt(int position);

    /// <summary>How many come before a place; when behind it, with what stands there.</summary>
    public abstract int Rank(SortPosition place, bool behind);

    internal sealed class ById(Tree? tree, RecordSpace space) : Sequence(tree)
    {
        public override int SlotAt(int position) => Image.Tree.At(Tree!, position).Slot;

        public override int Rank(SortPosition place, bool behind) => Image.Tree.Rank(Tree, new IdProbe(place.Id, behind, space));
    }

    internal sealed class Ascending(IndexTree index, RecordSpace space) : Sequence(index.Tree)
    {
        public override int SlotAt(int position) => Image.Tree.At(Tree!, position).Slot;

        public override int Rank(SortPosition place, bool behind) => Image.Tree.Rank(Tree, new ValueProbe(index.Order.Column, place.Keys[0], behind, space, place.Id));
    }

    /// <summary>Greatest value first, but within a value by id ascending, and what has no value last.</summary>
    internal sealed class Descending : Sequence
    {
        private readonly Column _column;
        private readonly RecordSpace _space;
        private readonly int _values;
        private (int From, int To) _run;

        public Descending(IndexTree index, RecordSpace space) : base(index.Tree)
        {
            _column = index.Order.Column;
            _space = space;
            _values = Image.Tree.Rank(index.Tree, new PrefixProbe(ValueOrder.Null));
        }

        public override int SlotAt(int position)
        {
            if (position >= _values)
                return Image.Tree.At(Tree!, position).Slot;
            var mirrored = _values - 1 - position;
            if (mirrored < _run.From || mirrored >= _run.To)
                _run = RunOf(mirrored);
            // The run begins at this position of ours; within it the order is the tree's.
            return Image.Tree.At(Tree!, _run.From + position - (_values - _run.To)).Slot;
        }

        public override int Rank(SortPosition place, bool behind)
        {
            var json = place.Keys[0];
            var rank = Image.Tree.Rank(Tree, new ValueProbe(_column, json, behind, _space, place.Id));
            if (json.Length == 0)
                return rank;
            var from = Image.Tree.Rank(Tree, new ValueProbe(_column, json, after: false, _space));
            var to = Image.Tree.Rank(Tree, new ValueProbe(_column, json, after: true, _space));
            return _values - to + (rank - from);
        }

        private (int From, int To) RunOf(int rank)
        {
            // Most values stand alone: their neighbours begin differently.
            var prefix = Image.Tree.At(Tree!, rank).Prefix;
            if ((rank == 0 || Image.Tree.At(Tree!, rank - 1).Prefix != prefix) && (rank + 1 >= _values || Image.Tree.At(Tree!, rank + 1).Prefix != prefix))
                return (rank, rank + 1);
            Span<byte> scratch = stackalloc byte[Column.Scratch];
            _column.TryGet(_space[Image.Tree.At(Tree!, rank).Slot], scratch, out var value);
            var json = value.ToArray();
            return (Image.Tree.Rank(Tree, new ValueProbe(_column, json, after: false, _space)), Image.Tree.Rank(Tree, new ValueProbe(_column, json, after: true, _space)));
        }
    }
}
