namespace Xrm.Testing;

/// <summary>A clock that stands still until a test moves it.</summary>
/// <param name="start">Where it starts.</param>
public sealed class TestClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _now = start.ToUniversalTime();

    /// <summary>A Monday morning in winter, when no zone has changed its hour lately: 5 January 2026, 08:00 UTC.</summary>
    public static DateTimeOffset Monday { get; } = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    /// <summary>Moves on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would go back.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (_lock)
            _now += by;
    }

    /// <summary>Moves on by days, hours and minutes.</summary>
    public void Advance(int days = 0, int hours = 0, int minutes = 0) => Advance(new TimeSpan(days, hours, minutes, 0));
}
