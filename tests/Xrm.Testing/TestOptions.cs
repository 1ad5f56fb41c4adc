using System.Collections.Immutable;

namespace Xrm.Testing;

/// <summary>How the XRM of a test is set up.</summary>
public sealed record TestOptions
{
    /// <summary>Where its clock starts.</summary>
    public DateTimeOffset At { get; init; } = TestClock.Monday;

    /// <summary>Settings by plugin and name: <c>elus/office</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Answers what plugins ask of others over HTTP, instead of those; hosts that a plugin did not ask for are refused before. null = every call fails.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? Http { get; init; }
}
