namespace Xrm.GraphQL;

/// <summary>What a client that stays connected may ask for, and how long it is waited for.</summary>
internal sealed record StreamLimits
{
    /// <summary>How many operations, subscriptions included, one connection may have running.</summary>
    public int Operations { get; init; } = 100;
    /// <summary>How many connections one actor may hold.</summary>
    public int Connections { get; init; } = 200;
    /// <summary>How long a new connection may take to say who it is.</summary>
    public TimeSpan Init { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>How long a client may take to read one message. One that takes longer is told and cut, once it reads; one that does not read for as long again is cut.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>How often a connection on which nothing happens is given a sign of life.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);
    /// <summary>How often a subscription to which nothing happens looks whether its actor still may.</summary>
    public TimeSpan Pulse { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>How many blocks of the log a subscription that had reached its end may fall behind.</summary>
    public int Behind { get; init; } = 10_000;
    /// <summary>How many bytes of events are made ready with one look at the data, the last event whole.</summary>
    public int Ahead { get; init; } = 64 * 1024;
}
