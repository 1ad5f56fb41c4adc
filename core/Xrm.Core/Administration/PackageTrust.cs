using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>Who vouches for a package that did not come with the host.</summary>
/// <param name="By"><c>hash</c>: the authority's list names these very bytes. <c>certificate</c>: its author signed it with a certificate on the list. null = nobody.</param>
/// <param name="Faults">What is wrong with its signature: then it is refused, even this once. Empty when it has a good one or none, or when its hash is on the list.</param>
internal sealed record PackageTrust(string? By, ImmutableArray<Fault> Faults)
{
    public const string ByHash = "hash";
    public const string ByCertificate = "certificate";
}
