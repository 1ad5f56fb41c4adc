using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xrm.Core.Administration;
using Xrm.GraphQL.Documents;

namespace Xrm.GraphQL;

/// <summary>What a GraphQL service needs besides its engine.</summary>
internal sealed record GraphQLOptions
{
    /// <summary>The secret behind cursors, at least 16 bytes; cursors made with another are foreign.</summary>
    public required byte[] CursorKey { get; init; }
    public GraphQLLimits Limits { get; init; } = new();
    /// <summary>What changes plugins; null where nothing does: then nothing of it is in the schema.</summary>
    public IPluginAdministration? Administration { get; init; }
    /// <summary>A package that was sent to the host, by its SHA-256 in 64 hexadecimal digits, lower case; it answers null when there is none. null = none was ever sent.</summary>
    public Func<string, ReadOnlyMemory<byte>?>? Packages { get; init; }
    /// <summary>What the actor of an id is called, as people read it beside what it did; it answers null when it does not know, quickly, and from several threads at once. null = nobody's name is known.</summary>
    public Func<string, string?>? NameOf { get; init; }
    /// <summary>Which documents are known beforehand, and who may send others.</summary>
    public DocumentRules Documents { get; init; } = new();
    /// <summary>Whether everybody may ask for the schema; otherwise administrators alone.</summary>
    public bool IsSchemaOpen { get; init; } = true;
    /// <summary>By which the time of a request is measured.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
    /// <summary>A request that takes as long is logged with its plan; <see cref="Timeout.InfiniteTimeSpan"/> = none is.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>Where faults of ours go, with the trace id that the answer names.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;
}
