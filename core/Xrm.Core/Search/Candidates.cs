using System.Buffers;
using System.Numerics;
using Xrm.Core.Image;

namespace Xrm.Core.Search;

/// <summary>Slots of records where something may be found: all that are found are among them. A bit for each slot.</summary>
internal ref struct Candidates
{
    /// <summary>Walking a posting takes so much less time than looking at a record.</summary>
    private const int Cheaper = 32;

    private readonly ulong[] _rented;
    private readonly Span<ulong> _bits;
    private int _word = -1;
    private ulong _rest;

    /// <param name="slots">How many slots there are.</param>
    public Candidates(Tree? tree, SearchText text, int slots)
    {
        var length = slots / 64 + 1;
        _rented = ArrayPool<ulong>.Shared.Rent(length * 3);
        _bits = _rented.AsSpan(0, length);
        _bits.Clear();
        foreach (var reading in text.Readings)
        {
            var ranges = new Ranges[reading.Length];
            for (var i = 0; i < ranges.Length; i++)
                ranges[i] = new(tree, text.Words[reading[i]]);
            Array.Sort(ranges, (a, b) => a.Count.CompareTo(b.Count));
            Add(tree, ranges, _rented.AsSpan(length, length), _rented.AsSpan(length * 2, length));
        }
    }

    /// <summary>The slot.</summary>
    public int Current { get; private set; }

    public readonly Candidates GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_rest == 0)
            if (++_word >= _bits.Length)
                return false;
            else
                _rest = _bits[_word];
        Current = _word * 64 + BitOperations.TrailingZeroCount(_rest);
        _rest &= _rest - 1;
        return true;
    }

    public readonly void Dispose() => ArrayPool<ulong>.Shared.Return(_rented);

    /// <summary>Adds what one reading may find: the records of its rarest word, less those that lack another, as far as it is worth telling here.</summary>
    private readonly void Add(Tree? tree, ReadOnlySpan<Ranges> ranges, Span<ulong> common, Span<ulong> others)
    {
        if (ranges.IsEmpty || ranges[0].Count == 0)
            return;
        var rarest = ranges[0].Count;
        if (ranges.Length == 1 || ranges[1].Count / Cheaper > rarest)
        {
            ranges[0].Mark(tree, _bits);
            return;
        }
        common.Clear();
        ranges[0].Mark(tree, common);
        for (var i = 1; i < ranges.Length && ranges[i].Count / Cheaper <= rarest; i++)
        {
            others.Clear();
            ranges[i].Mark(tree, others);
            for (var w = 0; w < common.Length; w++)
                common[w] &= others[w];
        }
        for (var w = 0; w < common.Length; w++)
            _bits[w] |= common[w];
    }

    /// <summary>Where the postings of a word lie.</summary>
    private readonly struct Ranges
    {
        private readonly int _from;
        private readonly int _to;
        private readonly int _soundFrom;
        private readonly int _soundTo;

        public Ranges(Tree? tree, SearchWord word)
        {
            (_from, _to) = Between(tree, word.Begun.From, word.Begun.To);
            if (word.Sound.Length > 0)
                (_soundFrom, _soundTo) = Between(tree, Postings.OfSound(word.Sound), Postings.OfSound(word.Sound));
        }

        public int Count => _to - _from + _soundTo - _soundFrom;

        public void Mark(Tree? tree, Span<ulong> bits)
        {
            foreach (var key in Tree.Between(tree, _from, _to))
                bits[key.Slot >> 6] |= 1UL << key.Slot;
            foreach (var key in Tree.Between(tree, _soundFrom, _soundTo))
                bits[key.Slot >> 6] |= 1UL << key.Slot;
        }

        private static (int From, int To) Between(Tree? tree, ulong from, ulong to) =>
            (Tree.Rank(tree, new PrefixProbe(from)), Tree.Rank(tree, new PrefixProbe(to + 1)));
    }
}
