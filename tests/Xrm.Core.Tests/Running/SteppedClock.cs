namespace Xrm.Core.Tests.Running;

/// <summary>A clock that stands still until a test moves it, timers and time stamps too.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<SteppedTimer> _timers = [];
    private TimeSpan _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero) + Passed;

    public override long GetTimestamp() => Passed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SteppedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on in small steps until something is so; what runs meanwhile gets its turn.</summary>
    public async Task AdvanceUntil(Func<bool> isSo, TimeSpan step)
    {
        while (!isSo())
        {
            SteppedTimer[] due;
            lock (_lock)
            {
                _passed += step;
                due = [.. _timers.Where(t => t.Due <= _passed)];
                foreach (var timer in due)
                    _timers.Remove(timer);
            }
            foreach (var timer in due)
                timer.Fire();
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private TimeSpan Passed
    {
        get
        {
            lock (_lock)
                return _passed;
        }
    }

    private sealed class SteppedTimer(SteppedClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = clock._passed + dueTime;
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
