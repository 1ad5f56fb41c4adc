using System.Text.Json;
using Xrm.GraphQL.Documents;

namespace Xrm.GraphQL;

/// <summary>One request as it came.</summary>
/// <param name="Query">The document's text.</param>
/// <param name="OperationName">Which of its operations; null or empty when it has one.</param>
/// <param name="Variables">An object, or null or undefined for none. It must live until the answer is there.</param>
internal readonly record struct GraphQLRequest(string Query, string? OperationName = null, JsonElement Variables = default)
{
    /// <summary>Whether a mutation is refused, as with GET.</summary>
    public bool IsReadOnly { get; init; }
    /// <summary>What its document is called by; <see cref="Query"/> may be empty then. null = it is its text alone.</summary>
    public DocumentName? Name { get; init; }
    /// <summary>Of a batch; null when it is a request of its own.</summary>
    public CostBudget? Budget { get; init; }

    /// <summary>Whether the answer to a query is to tell the plan by which it was come by; only administrators are told.</summary>
    public bool Explains { get; init; }
}
