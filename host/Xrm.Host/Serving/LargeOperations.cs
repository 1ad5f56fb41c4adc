namespace Xrm.Host.Serving;

/// <summary>Gives memory back to the machine after operations that handle whole files or all of the data: what a file of a hundred thousand rows took for a moment would otherwise stay the process's for days (decision 0073).</summary>
internal sealed class LargeOperations(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _begun;

    /// <summary>Runs one. A second after it, unless another has begun, memory is given back: not before the request has let go of all it held, and not while another file comes in behind it.</summary>
    public async Task Run(Func<Task> operation)
    {
        var mine = Interlocked.Increment(ref _begun);
        try
        {
            await operation();
        }
        finally
        {
            _ = GiveBack(mine);
        }
    }

    private async Task GiveBack(int mine)
    {
        await Task.Delay(Pause, time);
        if (Volatile.Read(ref _begun) == mine)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
