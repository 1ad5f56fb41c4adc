using System.Collections.Immutable;
using Xrm.Staff.Door;

namespace Xrm.Staff.Lists;

/// <summary>The lines of one view of a list, fetched a page at a time as they are wanted; those fetched last are kept.</summary>
internal sealed class RowSource(IDoor door, ListRequest request, ListColumns columns, TimeProvider time)
{
    /// <summary>How many lines are fetched together: as many as most windows show.</summary>
    public const int Page = 25;

    private const int Kept = 80;
    // Whoever drags the scroll bar passes by most of what is asked for.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<int, ImmutableArray<ListRow>> _pages = [];
    private readonly LinkedList<int> _used = [];

    /// <summary>How many there are in all; null until the first page came.</summary>
    public int? Total { get; private set; }

    /// <summary>A line; null when it is not here.</summary>
    public ListRow? Row(int index) => _pages.TryGetValue(index / Page, out var page) && index % Page < page.Length ? page[index % Page] : null;

    /// <summary>Whether all of so many lines from one on are here.</summary>
    public bool Has(int from, int count) => Missing(from, count) is var (first, last) && first > last;

    /// <summary>Fetches those of so many lines from one on that are not here.</summary>
    public async Task Bring(int from, int count, CancellationToken cancellation)
    {
        var (first, last) = Missing(from, count);
        if (first > last)
            return;
        if (Total is not null)
            await Task.Delay(Pause, time, cancellation);
        await Fetch(first, last, cancellation);
    }

    /// <summary>Fetches so many lines from one on once more and forgets the others, all of which may be others by now.</summary>
    public async Task Renew(int from, int count, CancellationToken cancellation)
    {
        var (first, last) = Pages(from, count);
        var page = await door.List(Asked(first, last), cancellation);
        _pages.Clear();
        _used.Clear();
        Keep(first, last, page);
    }

    private async Task Fetch(int first, int last, CancellationToken cancellation) => Keep(first, last, await door.List(Asked(first, last), cancellation));

    private ListRequest Asked(int first, int last) => request with { Offset = first * Page, First = (last - first + 1) * Page };

    private (int First, int Last) Missing(int from, int count)
    {
        var (first, last) = Pages(from, count);
        while (first <= last && _pages.ContainsKey(first))
            first++;
        while (last >= first && _pages.ContainsKey(last))
            last--;
        return (first, last);
    }

    private (int First, int Last) Pages(int from, int count) => (from / Page, Math.Max(from, Math.Min(from + count, Total ?? int.MaxValue) - 1) / Page);

    private void Keep(int first, int last, ListPage page)
    {
        Total = page.Total;
        for (var number = first; number <= last; number++)
        {
            var (from, rows) = ((number - first) * Page, ImmutableArray.CreateBuilder<ListRow>(Page));
            for (var i = from; i < Math.Min(from + Page, page.Things.Length); i++)
                rows.Add(columns.Row(first * Page + i, page.Things[i]));
            _pages[number] = rows.ToImmutable();
            _used.Remove(number);
            _used.AddLast(number);
        }
        while (_used.Count > Kept)
        {
            _pages.Remove(_used.First!.Value);
            _used.RemoveFirst();
        }
    }
}
