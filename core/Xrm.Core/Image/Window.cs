using Xrm.Core.Plans;

namespace Xrm.Core.Image;

/// <summary>What of a run is answered, and whether there is more on either side.</summary>
internal readonly record struct Window(List<Found> Items, bool HasPrevious, bool HasNext)
{
    /// <summary>Cuts the window out of all that was found, in any order; where it is all of it, the items are the list itself, in order.</summary>
    public static Window Cut(List<Found> found, Selection selection, Ordering ordering)
    {
        var span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found);
        if (selection is { First: { } first, Last: null, After: null, Before: null } && Reach(first, selection.Offset) is var reach && reach < found.Count / 4)
        {
            var best = Best(span, reach, ordering);
            best.RemoveRange(0, Math.Min(selection.Offset, best.Count));
            return new(best, HasPrevious: selection.Offset > 0 && found.Count > 0, HasNext: found.Count > reach);
        }
        if (span.Length > 1)
            span.Sort(ordering.Comparison);
        var from = 0;
        if (selection.After is { } after)
            while (from < span.Length && ordering.Compare(span[from], after, isAfter: true) <= 0)
                from++;
        var to = span.Length;
        if (selection.Before is { } before)
            while (to > from && ordering.Compare(span[to - 1], before, isAfter: false) >= 0)
                to--;
        from = Math.Min(to, Reach(from, selection.Offset));
        if (selection.First is { } head)
            to = Math.Min(to, Reach(from, Math.Max(0, head)));
        if (selection.Last is { } tail)
            from = Math.Max(from, to - Math.Max(0, tail));
        return new(from == 0 && to == found.Count ? found : found.GetRange(from, to - from), from > 0, to < found.Count);
    }

    /// <summary>Walks an order that a tree keeps, from where the window begins until it is full.</summary>
    /// <param name="isAsked">Whether something is asked of each: else what is passed over is not walked.</param>
    public static Window Walk(Sequence sequence, Selection selection, Condition? where, bool isAsked, RecordSpace space, CancellationToken cancellation)
    {
        var from = selection.After is { } after ? sequence.Rank(after, behind: true) : 0;
        var to = Math.Max(from, selection.Before is { } before ? sequence.Rank(before, behind: false) : sequence.Count);
        var items = new List<Found>(Math.Min(to - from, Math.Clamp(selection.First ?? selection.Last ?? 0, 0, 1024)));
        if (selection is { First: null, Last: { } last, Offset: 0 })
        {
            var next = to;
            for (; next > from && items.Count < last; next--)
                Take(next - 1);
            items.Reverse();
            return new(items, Holds(next - 1, 0, -1), Holds(to, sequence.Count - 1, 1));
        }
        var first = selection.First ?? int.MaxValue;
        var passed = 0;
        if (!isAsked)
            from = Math.Min(to, Reach(from, selection.Offset));
        var at = from;
        for (; isAsked && at < to && passed < selection.Offset; at++)
            if (IsThere(at))
                passed++;
        for (; at < to && items.Count < first; at++)
            Take(at);
        var hasNext = Holds(at, sequence.Count - 1, 1);
        var hasPrevious = passed > 0 || Holds(from - 1, 0, -1);
        if (selection.Last is { } tail && tail < items.Count)
        {
            items = items.GetRange(items.Count - tail, tail);
            hasPrevious = true;
        }
        return new(items, hasPrevious, hasNext);

        void Take(int position)
        {
            if (IsThere(position))
                items.Add(new(sequence.SlotAt(position), -1, 0));
        }

        bool Holds(int begin, int end, int step)
        {
            for (var position = begin; step > 0 ? position <= end : position >= end; position += step)
                if (IsThere(position))
                    return true;
            return false;
        }

        bool IsThere(int position)
        {
            if ((position & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            var slot = sequence.SlotAt(position);
            return where?.Holds(space[slot], slot) != false;
        }
    }

    /// <summary>So many from there on, or as far as numbers go.</summary>
    private static int Reach(int from, int count) => (int)Math.Min(int.MaxValue, (long)from + count);

    private static List<Found> Best(Span<Found> found, int count, Ordering ordering)
    {
        // Once sorted, what stands behind the last of the best need not be kept.
        var room = Math.Max(64, count * 2);
        var best = new List<Found>(room);
        var isSorted = false;
        foreach (var item in found)
        {
            if (isSorted && (count == 0 || ordering.Compare(item, best[count - 1]) > 0))
                continue;
            best.Add(item);
            if (best.Count == room)
            {
                Trim();
                isSorted = true;
            }
        }
        Trim();
        return best;

        void Trim()
        {
            best.Sort(ordering);
            if (best.Count > count)
                best.RemoveRange(count, best.Count - count);
        }
    }
}
