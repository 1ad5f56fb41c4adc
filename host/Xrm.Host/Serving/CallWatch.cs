namespace Xrm.Host.Serving;

/// <summary>Measures the time that a plugin takes for a request. What it waits for the caller, to send the body or to take the answer, is not the plugin's.</summary>
internal sealed class CallWatch : IAsyncDisposable
{
    /// <summary>How long a handler that was told to stop may still take to end; after that its thread counts as lost.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private TimeSpan _left;
    private long _since;
    private int _waiting;
    private bool _isLate;

    /// <param name="limit">How long it may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="aborted">Ends when the caller is gone.</param>
    public CallWatch(TimeSpan limit, TimeProvider time, CancellationToken aborted)
    {
        Limit = limit;
        _time = time;
        _left = limit;
        _since = time.GetTimestamp();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        _timer = time.CreateTimer(_ => Ring(), null, limit, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Limit { get; }

    /// <summary>Ends when the time is over, or the caller is gone.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether the time is over.</summary>
    public bool IsLate
    {
        get
        {
            lock (_lock)
                return _isLate;
        }
    }

    /// <summary>Whether the plugin did not end although its time was over.</summary>
    public bool IsLost => _lost.Task.IsCompleted;

    /// <summary>Waits for a plugin's work.</summary>
    /// <returns>False when it did not end although its time was over: it is left behind.</returns>
    public async Task<bool> Ends(Task work) => await Task.WhenAny(work, _lost.Task) == work;

    /// <summary>Waits for the caller; the time stands still meanwhile.</summary>
    public async ValueTask<T> Waiting<T>(ValueTask<T> caller)
    {
        if (caller.IsCompletedSuccessfully)
            return await caller;
        Pause();
        try
        {
            return await caller;
        }
        finally
        {
            Resume();
        }
    }

    /// <summary>The time begins anew: some of the answer went out.</summary>
    public void Again()
    {
        lock (_lock)
        {
            if (_isLate)
                return;
            (_left, _since) = (Limit, _time.GetTimestamp());
            if (_waiting == 0)
                _timer.Change(_left, Timeout.InfiniteTimeSpan);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // No ring is under way when this is done.
        await _timer.DisposeAsync();
        _stop.Dispose();
    }

    private void Pause()
    {
        lock (_lock)
        {
            if (_waiting++ > 0 || _isLate)
                return;
            _left -= _time.GetElapsedTime(_since);
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Resume()
    {
        lock (_lock)
        {
            if (--_waiting > 0 || _isLate)
                return;
            _since = _time.GetTimestamp();
            _timer.Change(_left > TimeSpan.Zero ? _left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Ring()
    {
        lock (_lock)
        {
            if (_isLate)
            {
                _lost.TrySetResult();
                return;
            }
            if (_waiting > 0)
                return;
            _isLate = true;
            _timer.Change(Grace, Timeout.InfiniteTimeSpan);
        }
        _ = _stop.CancelAsync();
    }
}
