namespace Xrm.Core.Running;

/// <summary>Lets commits pass, until something that must be alone closes it for a while.</summary>
internal sealed class WriteGate
{
    private readonly Lock _lock = new();
    private int _inside;
    private TaskCompletionSource? _closed;
    private TaskCompletionSource? _empty;

    /// <summary>Goes in, waiting while the gate is closed; disposing of the answer goes out.</summary>
    public async ValueTask<Pass> Enter(CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (_closed is null)
                {
                    _inside++;
                    return new(this, isAlone: false);
                }
                wait = _closed.Task;
            }
            await wait.WaitAsync(cancellation);
        }
    }

    /// <summary>Closes it and waits until nobody is inside; disposing of the answer opens it. One at a time closes it.</summary>
    public async ValueTask<Pass> Close(CancellationToken cancellation)
    {
        Task empty;
        lock (_lock)
        {
            if (_closed is not null)
                throw new InvalidOperationException("The gate is closed already.");
            _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_inside == 0)
                _empty.SetResult();
            empty = _empty.Task;
        }
        var pass = new Pass(this, isAlone: true);
        try
        {
            await empty.WaitAsync(cancellation);
            return pass;
        }
        catch
        {
            pass.Dispose();
            throw;
        }
    }

    private void Leave(bool isAlone)
    {
        lock (_lock)
        {
            if (isAlone)
            {
                _closed!.SetResult();
                (_closed, _empty) = (null, null);
            }
            else if (--_inside == 0)
                _empty?.TrySetResult();
        }
    }

    /// <summary>Being inside, or being alone.</summary>
    internal readonly struct Pass(WriteGate gate, bool isAlone) : IDisposable
    {
        public void Dispose() => gate.Leave(isAlone);
    }
}
