namespace Xrm.Host.Serving;

/// <summary>Gives memory back to the machine after operations that handle whole files or all of the data: what a file of a hundred thousand rows took for a moment would otherwise stay the process's for days (decision 0073).</summary>
/// <param name="giveBack">How; null = by collecting and compacting everything.</param>
internal sealed class LargeOperations(TimeProvider time, Action? giveBack = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Action _giveBack = giveBack ?? Collect;
    private int _running;
    /// <summary>How often one began or ended.</summary>
    private int _turns;

    /// <summary>Runs one. A second after the last of those that run at the same time, unless another has begun, memory is given back: not before the request has let go of all it held, and not while another file comes in.</summary>
    public async Task Run(Func<Task> operation)
    {
        Interlocked.Increment(ref _turns);
        Interlocked.Increment(ref _running);
        using var all = OldObjects.OfProcess.InOneGo();
        try
        {
            await operation();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            _ = GiveBack(Interlocked.Increment(ref _turns));
        }
    }

    private async Task GiveBack(int turn)
    {
        await Task.Delay(Pause, time);
        if (Volatile.Read(ref _turns) == turn && Volatile.Read(ref _running) == 0)
            _giveBack();
    }

    private static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
