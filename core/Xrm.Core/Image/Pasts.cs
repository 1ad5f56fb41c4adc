using System.Collections.Immutable;
using Xrm.Core.Log;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Makes past states, one at a time, and keeps the few that were asked for last, so that paging through one does not make it again. Any thread.</summary>
internal sealed class Pasts(BlockLog log, IdMap map, TimeProvider time) : IDisposable
{
    private const int Most = 4;
    /// <summary>A past that nobody asked for this long is let go of.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private ImmutableArray<Entry> _entries = [];
    private ITimer? _timer;
    private long _forgotten;
    private long _from;

    /// <summary>What a state was at a time; before the first block nothing.</summary>
    /// <returns>null = itself: the time is not before its last block.</returns>
    /// <param name="mostChanges">A past that lies behind more changes than this is made for nobody.</param>
    /// <exception cref="Problem">Limit: it lies further back; nothing was read of it. Unavailable: the log cannot be read.</exception>
    public async ValueTask<Past?> Of(Root now, DateTimeOffset at, int mostChanges, CancellationToken cancellation)
    {
        if (at >= now.At || now.Block == 0)
            return null;
        var block = log.Times.Last(at, now.Block);
        if (block == 0)
            return Past.Nothing;
        if (Find(block, now) is { } kept && kept.Seen >= now.Block)
            return kept;
        // Heads of blocks from before the start are read for it.
        if (await Task.Run(() => log.Times.Changes(block, now.Block, mostChanges, cancellation), cancellation).ConfigureAwait(false) > mostChanges)
            throw StoreFaults.TooFarBack(mostChanges);
        // One at a time: each takes memory and a core, and whoever waits may be waiting for the same.
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var known = Find(block, now);
            if (known?.Seen >= now.Block)
                return known;
            var forgotten = Volatile.Read(ref _forgotten);
            var made = await Task.Run(() => known is null
                ? new PastBuilder(now, block, log, map).Make(cancellation)
                : PastBuilder.Extend(known, now, log, map, cancellation), cancellation).ConfigureAwait(false);
            Keep(made, now, forgotten);
            return made;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Keeps none that was made so far, is being made, or will be made of a state before a block: values were erased, or other keys are kept from now on.</summary>
    public void Forget(long block)
    {
        lock (_gate)
        {
            _forgotten++;
            _from = block;
            _entries = [];
        }
    }

    public void Dispose()
    {
        Forget(long.MaxValue);
        _timer?.Dispose();
    }

    private Past? Find(long block, Root now)
    {
        lock (_gate)
        {
            if (_entries.FirstOrDefault(e => e.Past.Root.Block == block && e.Past.Root.PreparedVersion == now.PreparedVersion) is not { } entry)
                return null;
            _entries = [entry with { Used = time.GetTimestamp() }, .. _entries.Remove(entry)];
            return entry.Past;
        }
    }

    private void Keep(Past past, Root now, long forgotten)
    {
        if (IsShort)
            return;
        lock (_gate)
        {
            if (forgotten != _forgotten || now.Block < _from)
                return;
            _entries = [new(past, time.GetTimestamp()), .. _entries.Where(e => e.Past.Root.Block != past.Root.Block).Take(Most - 1)];
            _timer ??= time.CreateTimer(_ => LetGo(), null, Kept, Kept);
        }
    }

    private void LetGo()
    {
        lock (_gate)
        {
            _entries = IsShort ? [] : _entries.RemoveAll(e => time.GetElapsedTime(e.Used) >= Kept);
            if (!_entries.IsEmpty)
                return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private static bool IsShort => GC.GetGCMemoryInfo() is { HighMemoryLoadThresholdBytes: > 0 } memory && memory.MemoryLoadBytes >= memory.HighMemoryLoadThresholdBytes;

    /// <param name="Used">When it was asked for last.</param>
    private sealed record Entry(Past Past, long Used);
}
