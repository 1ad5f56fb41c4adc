using System.Buffers;

namespace Xrm.Storage.LiteDb;

/// <summary>LiteDB's log. Pages are held here when LiteDB writes them, from whatever thread; they reach the disk when <see cref="Settle"/> is called, by the caller's own hand.</summary>
/// <remarks>
/// LiteDB's commit may return before its background writer has handed over the pages, and a write that throws there can hang it. So
/// nothing throws towards LiteDB and nothing waits in it: a transaction is durable when, and only when, Settle has returned.
/// </remarks>
internal sealed class LogStream(IStoreFile file) : PageStream
{
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(60);

    private readonly object _lock = new();
    private readonly Dictionary<long, byte[]> _held = [];
    private readonly List<long> _order = [];
    private long _end = file.Length;
    private long _confirmed;

    public override long Length
    {
        get
        {
            lock (_lock)
                return IsDetached ? 0 : _end;
        }
    }

    /// <summary>How many confirm pages LiteDB has handed over since it was opened.</summary>
    public long Confirmed
    {
        get
        {
            lock (_lock)
                return _confirmed;
        }
    }

    /// <summary>LiteDB's own flushes say nothing about a transaction being whole; they are not passed on.</summary>
    public override void Flush() { }

    /// <summary>Empties the log after its pages went to the data file, or drops half a page at its end. Durable.</summary>
    public override void SetLength(long value)
    {
        lock (_lock)
        {
            if (IsDetached)
                return;
            file.Cut(value);
            file.Sync();
            _end = value;
        }
    }

    /// <summary>Waits until a confirm page has been handed over, then brings all held pages to disk: everything but the one byte that confirms, a sync, that byte.</summary>
    /// <remarks>The byte alone decides whether the transaction is there, so that no torn page can be taken for a confirmed one.</remarks>
    /// <param name="confirm">The confirm page to wait for, as <see cref="Confirmed"/> counts.</param>
    /// <param name="durable">Whether to sync once more behind the byte. Without it the transaction is whole or not there; the next sync makes it durable.</param>
    /// <exception cref="IOException">Something of it may be on disk; the log must be cut to where it ended before.</exception>
    public void Settle(long confirm, bool durable)
    {
        long mark;
        lock (_lock)
        {
            while (_confirmed < confirm)
                if (!Monitor.Wait(_lock, HandOver))
                    throw new IOException("LiteDB did not hand over the pages of a transaction.");
            mark = _order[^1];
        }
        WriteHeld(mark);
        file.Sync();
        file.Write(mark + ConfirmByte, [1]);
        if (durable)
            file.Sync();
        Release();
    }

    /// <summary>Forgets the pages that are held.</summary>
    public void Release()
    {
        lock (_lock)
        {
            foreach (var page in _held.Values)
                ArrayPool<byte>.Shared.Return(page);
            _held.Clear();
            _order.Clear();
        }
    }

    protected override void ReadPage(long position, Span<byte> into)
    {
        lock (_lock)
            if (_held.TryGetValue(position, out var page))
            {
                page.AsSpan(0, into.Length).CopyTo(into);
                return;
            }
        file.Read(position, into);
    }

    protected override void WritePage(long position, ReadOnlySpan<byte> page)
    {
        lock (_lock)
        {
            if (!_held.TryGetValue(position, out var held))
            {
                _held[position] = held = ArrayPool<byte>.Shared.Rent(PageSize);
                _order.Add(position);
            }
            page.CopyTo(held);
            _end = Math.Max(_end, position + PageSize);
            if (page[ConfirmByte] == 0)
                return;
            _confirmed++;
            Monitor.PulseAll(_lock);
        }
    }

    private void WriteHeld(long mark)
    {
        const int AtOnce = 64;
        var run = ArrayPool<byte>.Shared.Rent(AtOnce * PageSize);
        try
        {
            for (var i = 0; i < _order.Count;)
            {
                var first = i;
                for (; i < _order.Count && i - first < AtOnce && _order[i] == _order[first] + (i - first) * PageSize; i++)
                {
                    var page = run.AsSpan((i - first) * PageSize, PageSize);
                    _held[_order[i]].AsSpan(0, PageSize).CopyTo(page);
                    if (_order[i] == mark)
                        page[ConfirmByte] = 0;
                }
                file.Write(_order[first], run.AsSpan(0, (i - first) * PageSize));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(run);
        }
    }
}
