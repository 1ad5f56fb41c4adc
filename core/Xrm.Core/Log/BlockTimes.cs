namespace Xrm.Core.Log;

/// <summary>When each block was written and how much is in it: of those written since the start, and of older ones as far as anyone asked, for which their heads are read. Any thread.</summary>
internal sealed class BlockTimes(BlockLog log)
{
    private const int PageSize = 1024;
    private readonly Lock _gate = new();
    private BlockTime[]?[] _pages = [];

    /// <summary>Takes note of a block, so that its head need not be read for it.</summary>
    public void Add(long number, BlockTime time)
    {
        var (page, index) = Math.DivRem(number, PageSize);
        lock (_gate)
        {
            if (page >= _pages.Length)
                Array.Resize(ref _pages, (int)page + 1);
            (_pages[page] ??= new BlockTime[PageSize])[index] = time;
        }
    }

    /// <summary>What is known of a block.</summary>
    /// <exception cref="Sdk.Problem">Unavailable: the log cannot be read.</exception>
    public BlockTime Of(long number)
    {
        var (page, index) = Math.DivRem(number, PageSize);
        lock (_gate)
            if (page < _pages.Length && _pages[page] is { } known && known[index].IsKnown)
                return known[index];
        var head = log.ReadHead(number);
        var time = new BlockTime(head.At.ToUnixTimeMilliseconds(), head.Changes, head.Parts.Length);
        Add(number, time);
        return time;
    }

    /// <summary>The last block of those up to one that was written at a time or before; 0 = none.</summary>
    /// <exception cref="Sdk.Problem">Unavailable: the log cannot be read.</exception>
    public long Last(DateTimeOffset at, long upTo)
    {
        // Part of a millisecond is within it: a block of that millisecond was written by then.
        var most = at.ToUnixTimeMilliseconds();
        var (low, high) = (0L, upTo);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Of(middle).At <= most)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <summary>How many changes stand behind a block, up to another, each block counted as one at least; what is beyond a limit is not counted.</summary>
    /// <exception cref="Sdk.Problem">Unavailable: the log cannot be read.</exception>
    public long Changes(long after, long upTo, long limit, CancellationToken cancellation)
    {
        var changes = 0L;
        for (var number = upTo; number > after && changes <= limit; number--)
        {
            cancellation.ThrowIfCancellationRequested();
            changes += Math.Max(1, Of(number).Changes);
        }
        return changes;
    }
}

/// <summary>What is known of a block without its changes.</summary>
/// <param name="At">When it was written, in milliseconds of Unix time.</param>
/// <param name="Parts">Of how many parts it is.</param>
internal readonly record struct BlockTime(long At, int Changes, int Parts)
{
    private readonly bool _isKnown = true;

    /// <summary>Whether it is one at all.</summary>
    public bool IsKnown => _isKnown;
}
