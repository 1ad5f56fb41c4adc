namespace Xrm.Host.Samples;

/// <summary>The clock by which changes are recorded: set back while invented ones are loaded, before anybody is served.</summary>
internal sealed class RecordClock(TimeProvider time) : TimeProvider
{
    private long _ticks;

    /// <summary>Stands still at a time; null = goes as time does.</summary>
    public void Set(DateTimeOffset? at) => Volatile.Write(ref _ticks, at?.UtcTicks ?? 0);

    public override DateTimeOffset GetUtcNow() => Volatile.Read(ref _ticks) is var ticks and not 0 ? new(ticks, TimeSpan.Zero) : time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override long TimestampFrequency => time.TimestampFrequency;
}
