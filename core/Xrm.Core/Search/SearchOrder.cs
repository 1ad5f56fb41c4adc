using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using Xrm.Core.Image;
using Xrm.Core.Plans;

namespace Xrm.Core.Search;

/// <summary>Something found.</summary>
/// <param name="Rank">The smaller the better.</param>
/// <param name="Name">How what it is called begins, folded; 0 until it is needed.</param>
internal readonly record struct Hit(int Slot, int Rank, ulong Name);

/// <summary>The order of what is found: rank, name, id. It depends on nothing but each thing itself, so that pages stay right while others change.</summary>
internal sealed class SearchOrder(Dictionary<int, Look> looks, RecordSpace space) : IComparer<Hit>
{
    private readonly ArrayBufferWriter<byte> _left = new();
    private readonly ArrayBufferWriter<byte> _right = new();

    public int Compare(Hit x, Hit y)
    {
        var order = x.Rank != y.Rank ? x.Rank.CompareTo(y.Rank) : x.Name.CompareTo(y.Name);
        if (order == 0)
            order = Name(x, _left).SequenceCompareTo(Name(y, _right));
        return order != 0 ? order : IdOrder.Compare(space[x.Slot], space[y.Slot]);
    }

    /// <summary>Where a page that begins behind it, or ends before it, goes on.</summary>
    public SortPosition PlaceOf(Hit hit)
    {
        Span<byte> rank = stackalloc byte[16];
        Utf8Formatter.TryFormat(hit.Rank, rank, out var length);
        return new([rank[..length].ToArray(), Name(hit, _left).ToArray()], space[hit.Slot].Id);
    }

    /// <summary>What a selection takes of all that was found, in order, and whether there is more on either side.</summary>
    public (IReadOnlyList<Hit> Hits, bool HasPrevious, bool HasNext) Cut(List<Hit> hits, Selection selection)
    {
        var (hasPrevious, hasNext) = (false, false);
        if (selection.After is { } after)
            hasPrevious = hits.RemoveAll(h => Compare(h, after) <= 0) > 0;
        if (selection.Before is { } before)
            hasNext = hits.RemoveAll(h => Compare(h, before) >= 0) > 0;
        var span = CollectionsMarshal.AsSpan(hits);
        if (selection.First is { } first && (long)first + selection.Offset is var wanted && wanted < span.Length)
        {
            hasNext = true;
            // Names are long to fold: only those of ranks that can come into the page are.
            MoveBest(span, (int)wanted, ByRank.Instance);
            span = span[..Reach(span, (int)wanted)];
            Name(span);
            MoveBest(span, (int)wanted, this);
            span = span[..(int)wanted];
        }
        else
            Name(span);
        span.Sort(this);
        if (selection.Offset > 0)
        {
            hasPrevious |= span.Length > 0;
            span = span[Math.Min(selection.Offset, span.Length)..];
        }
        if (selection.Last is { } last && last < span.Length)
        {
            hasPrevious = true;
            span = span[^last..];
        }
        return (span.ToArray(), hasPrevious, hasNext);
    }

    /// <summary>Moves those that are of the rank of one of the first to them; how many there are then.</summary>
    private static int Reach(Span<Hit> hits, int count)
    {
        var worst = int.MinValue;
        foreach (var hit in hits[..count])
            worst = Math.Max(worst, hit.Rank);
        for (var i = count; i < hits.Length; i++)
            if (hits[i].Rank == worst)
            {
                (hits[count], hits[i]) = (hits[i], hits[count]);
                count++;
            }
        return count;
    }

    private void Name(Span<Hit> hits)
    {
        foreach (ref var hit in hits)
            hit = hit with { Name = ValueOrder.OfFold(Name(hit, _left)) };
    }

    /// <summary>Moves the best of them to the front, in any order.</summary>
    private static void MoveBest(Span<Hit> hits, int count, IComparer<Hit> order)
    {
        var (low, high) = (0, hits.Length - 1);
        while (low < high && count > low && count <= high)
        {
            var middle = hits[(low + high) >>> 1];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (order.Compare(hits[i], middle) < 0)
                    i++;
                while (order.Compare(hits[j], middle) > 0)
                    j--;
                if (i > j)
                    break;
                (hits[i], hits[j]) = (hits[j], hits[i]);
                i++;
                j--;
            }
            // Those up to j are none of them behind those from i on.
            if (count <= j)
                high = j;
            else if (count > i)
                low = i;
            else
                return;
        }
    }

    private int Compare(in Hit hit, SortPosition place)
    {
        var rank = Utf8Parser.TryParse(place.Keys[0], out int parsed, out _) ? parsed : int.MaxValue;
        var order = hit.Rank.CompareTo(rank);
        if (order == 0)
            order = Name(hit, _left).SequenceCompareTo(place.Keys[1]);
        return order != 0 ? order : IdProbe.Compare(space[hit.Slot], place.Id);
    }

    private ReadOnlySpan<byte> Name(in Hit hit, ArrayBufferWriter<byte> into)
    {
        into.ResetWrittenCount();
        var record = space[hit.Slot];
        NameFold.Write(looks[record.TypeOrdinal].Fields, record, hit.Slot, into);
        return into.WrittenSpan;
    }

    private sealed class ByRank : IComparer<Hit>
    {
        public static readonly ByRank Instance = new();

        public int Compare(Hit x, Hit y) => x.Rank.CompareTo(y.Rank);
    }
}
