namespace Xrm.Testing;

/// <summary>A clock that stands still until a test moves it. Timers of it fire when it is moved past them, each at its own time, one after the other.</summary>
/// <param name="start">Where it starts.</param>
public sealed class TestClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>What a moved clock waits for is work in memory; longer than this, real time, it waits for the clock that waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<TestTimer> _timers = [];
    private readonly List<Task> _begun = [];
    private DateTimeOffset _now = start.ToUniversalTime();

    /// <summary>A Monday morning in winter, when no zone has changed its hour lately: 5 January 2026, 08:00 UTC.</summary>
    public static DateTimeOffset Monday { get; } = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TestTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on. What falls due on the way is done in the order in which it falls due; jobs have ended when this completes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would go back.</exception>
    /// <exception cref="TimeoutException">A job waits for this clock to move on, which waits for the job.</exception>
    public async Task Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = GetUtcNow() + by;
        await Settle();
        while (Next(until) is { } due)
        {
            due.Fire();
            await Settle();
        }
        lock (_lock)
            _now = until;
    }

    /// <summary>Moves on by days, hours and minutes.</summary>
    public Task Advance(int days = 0, int hours = 0, int minutes = 0) => Advance(new TimeSpan(days, hours, minutes, 0));

    /// <summary>Has whoever moves the clock wait for something that a timer began.</summary>
    internal void WaitFor(Task work)
    {
        lock (_lock)
            _begun.Add(work);
    }

    /// <summary>Sets the clock to the next timer that is due by then and answers it; null when there is none.</summary>
    private TestTimer? Next(DateTimeOffset until)
    {
        lock (_lock)
        {
            var next = _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
            if (next is not null && next.Due > _now)
                _now = next.Due;
            return next;
        }
    }

    private async Task Settle()
    {
        while (true)
        {
            Task[] begun;
            lock (_lock)
            {
                begun = [.. _begun];
                _begun.Clear();
            }
            if (begun.Length == 0)
                return;
            await Task.WhenAll(begun).WaitAsync(Patience);
        }
    }

    private sealed class TestTimer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime < TimeSpan.Zero)
                    return true;
                Due = clock._now + dueTime;
                clock._timers.Add(this);
                return true;
            }
        }

        public void Fire()
        {
            Change(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, _period);
            callback(state);
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
