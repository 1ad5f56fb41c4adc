using Xrm.Sdk;

namespace Xrm.GraphQL.Documents;

/// <summary>Which documents are known beforehand, and who may send others.</summary>
internal sealed record DocumentRules
{
    /// <summary>The list as it is now.</summary>
    public Func<TrustedDocuments> Trusted { get; init; } = static () => TrustedDocuments.None;
    /// <summary>Who may send documents that are not on the list; null = everybody.</summary>
    public Func<Actor, bool>? MaySendOthers { get; init; }
    /// <summary>The UTF-16 units of documents that are kept by their hash because a client sent both; 0 = none are.</summary>
    public int PersistedLength { get; init; } = 4 << 20;
}
