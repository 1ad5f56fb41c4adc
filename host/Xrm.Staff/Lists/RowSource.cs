using System.Collections.Immutable;
using Xrm.Staff.Door;

namespace Xrm.Staff.Lists;

/// <summary>The lines of one view of a list, fetched a page at a time as they are wanted; those fetched last are kept.</summary>
internal sealed class RowSource(IDoor door, ListRequest request, ListColumns columns, TimeProvider time)
{
    private const int Page = 50;
    private const int Kept = 40;
    // Whoever drags the scroll bar passes by most of what is asked for.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<int, ImmutableArray<ListRow>> _pages = [];
    private readonly LinkedList<int> _used = [];

    /// <summary>How many there are in all; null until the first page came.</summary>
    public int? Total { get; private set; }

    public ListColumns Columns => columns;

    /// <summary>The lines from one on, so many at most, with how many there are.</summary>
    public async ValueTask<(IReadOnlyList<ListRow> Rows, int Total)> Rows(int from, int count, CancellationToken cancellation)
    {
        var (first, last) = (from / Page, Math.Max(from, from + count - 1) / Page);
        while (first <= last && _pages.ContainsKey(first))
            first++;
        while (last >= first && _pages.ContainsKey(last))
            last--;
        if (first <= last)
        {
            if (Total is not null)
                await Task.Delay(Pause, time, cancellation);
            var page = await door.List(request with { Offset = first * Page, First = (last - first + 1) * Page }, cancellation);
            Total = page.Total;
            for (var i = first; i <= last; i++)
                Keep(i, page.Things.Skip((i - first) * Page).Take(Page));
        }
        var rows = new List<ListRow>(count);
        for (var i = from; i < from + count && i < Total; i++)
            if (_pages.TryGetValue(i / Page, out var page) && i % Page < page.Length)
                rows.Add(page[i % Page]);
        return (rows, Total ?? 0);
    }

    /// <summary>Forgets what was fetched: it may be another by now.</summary>
    public void Forget()
    {
        _pages.Clear();
        _used.Clear();
    }

    private void Keep(int number, IEnumerable<Sheet> things)
    {
        _pages[number] = [.. things.Select((s, i) => columns.Row(number * Page + i, s))];
        _used.Remove(number);
        _used.AddLast(number);
        while (_used.Count > Kept)
        {
            _pages.Remove(_used.First!.Value);
            _used.RemoveFirst();
        }
    }
}
