using Xrm.GraphQL;
using Xrm.Host.Graph.Explorer;

namespace Xrm.Host.Settings;

/// <summary>What the host was told about GraphQL, besides the limits that are older.</summary>
internal sealed record GraphSettings
{
    public required int LimitDocument { get; init; }
    public required int LimitNesting { get; init; }
    public required int LimitTokens { get; init; }
    public required int LimitFields { get; init; }
    public required int LimitMutations { get; init; }
    public required int LimitRequests { get; init; }
    /// <summary>Of clients that stay connected.</summary>
    public required StreamLimits Streams { get; init; }
    public required bool IsSchemaOpen { get; init; }
    /// <summary>null = everybody in a demonstration or in development, otherwise nobody.</summary>
    public required ExplorerAccess? Explorer { get; init; }
    public required DocumentAccess Documents { get; init; }
    /// <summary>In UTF-16 units; 0 = none are kept.</summary>
    public required int PersistedLength { get; init; }
    /// <summary>In bytes; 0 = no answer is compressed.</summary>
    public required int CompressedFrom { get; init; }
}

/// <summary>Who may send GraphQL documents that are not on the list. Whoever comes by the operator socket always may.</summary>
internal enum DocumentAccess
{
    Everybody,
    Administrators,
    Nobody,
}
