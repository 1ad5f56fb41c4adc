using System.Diagnostics;

namespace Xrm.Core.Image;

/// <summary>How long the writer waits for more plans before it makes a block of those it has: where several came at once a moment ago the next ones are on their way, and a block for the first of them alone costs the others as long as the disk takes.</summary>
internal sealed class Gathering
{
    private long _begun;
    private int _last;
    private int _wanted;
    /// <summary>What an append takes, of late.</summary>
    private long _append;

    /// <param name="waiting">How many there are already.</param>
    public void Begin(int waiting)
    {
        // Those that were just answered and these are all that are about. While the block of one half is written, the other half gets ready.
        _wanted = (_last + waiting) / 2;
        _begun = Stopwatch.GetTimestamp();
    }

    /// <summary>Whether more are worth waiting for; lets others run for a moment when they are.</summary>
    /// <param name="count">How many there are.</param>
    public bool MayWait(int count)
    {
        if (count >= _wanted || Stopwatch.GetTimestamp() - _begun > _append / 2)
            return false;
        Thread.Yield();
        return true;
    }

    public void End(int count) => _last = count;

    public void Append(Action append)
    {
        var begun = Stopwatch.GetTimestamp();
        append();
        _append += (Math.Min(Stopwatch.GetTimestamp() - begun, Stopwatch.Frequency / 100) - _append) / 8;
    }
}
