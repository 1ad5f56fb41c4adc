using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Xrm.GraphQL;

/// <summary>What a GraphQL service needs besides its engine.</summary>
internal sealed record GraphQLOptions
{
    /// <summary>The secret behind cursors, at least 16 bytes; cursors made with another are foreign.</summary>
    public required byte[] CursorKey { get; init; }
    public GraphQLLimits Limits { get; init; } = new();
    /// <summary>By which the time of a request is measured.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
    /// <summary>Where faults of ours go, with the trace id that the answer names.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;
}
