using System.Runtime;

namespace Xrm.Host.Serving;

/// <summary>Sees to the process's memory around operations that handle whole files or all of the data (decisions 0044 and 0073).</summary>
internal sealed class LargeOperations(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private GCLatencyMode _usual;
    private int _running;
    private int _begun;
    /// <summary>Whether one ended and nothing was collected since.</summary>
    private bool _leaves;

    /// <summary>Runs one.</summary>
    public async Task Run(Func<Task> operation)
    {
        Begin();
        try
        {
            await operation();
        }
        finally
        {
            if (End() is { } last)
                _ = GiveBack(last);
        }
    }

    /// <summary>While one runs, nearly all that is made is still needed: whole collections would walk it again and again and find nothing. What the one before left goes first.</summary>
    private void Begin()
    {
        lock (_lock)
        {
            _begun++;
            if (_running++ > 0)
                return;
            if (_leaves)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
            _leaves = false;
            _usual = GCSettings.LatencyMode;
            GCSettings.LatencyMode = GCLatencyMode.LowLatency;
        }
    }

    /// <summary>When it was the last one that ran, how many had begun until then; otherwise null.</summary>
    private int? End()
    {
        lock (_lock)
        {
            if (--_running > 0)
                return null;
            GCSettings.LatencyMode = _usual;
            _leaves = true;
            return _begun;
        }
    }

    /// <summary>Gives memory back to the machine: what a file of a hundred thousand rows took for a moment would otherwise stay the process's for days.
    /// Not before the request has let go of all it held, and not while another file comes in behind it.</summary>
    private async Task GiveBack(int last)
    {
        await Task.Delay(Pause, time);
        lock (_lock)
        {
            if (_begun != last)
                return;
            _leaves = false;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
