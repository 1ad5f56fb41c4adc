using System.IO.Pipelines;

namespace Xrm.Host.Connections;

/// <summary>Holds back what waits for a read until the thread that reads has let go of the connection; what others set going goes to the thread pool.</summary>
internal sealed class Handover : PipeScheduler
{
    private int _thread;
    private Continuation _held;

    /// <summary>From here on what this thread sets going is held back; one thread at a time.</summary>
    public void Open() => _thread = Environment.CurrentManagedThreadId;

    /// <param name="held">Left as it is when nothing was held back.</param>
    public void Close(ref Continuation held)
    {
        _thread = 0;
        if (_held.IsEmpty)
            return;
        held = _held;
        _held = default;
    }

    public override void Schedule(Action<object?> action, object? state)
    {
        if (_thread == Environment.CurrentManagedThreadId)
            _held = new(action, state);
        else
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
    }

    /// <summary>What waits.</summary>
    public readonly struct Continuation(Action<object?> action, object? state)
    {
        public bool IsEmpty => action is null;

        public void Run() => action?.Invoke(state);
    }
}
