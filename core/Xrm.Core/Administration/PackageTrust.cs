using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>Whether the authority trusts a package that did not come with the host.</summary>
/// <param name="By">Why: <c>hash</c> or <c>certificate</c>; null when it does not.</param>
/// <param name="Faults">What is wrong with its signature, whoever trusts it; empty when nothing is.</param>
internal sealed record PackageTrust(string? By, ImmutableArray<Fault> Faults);
