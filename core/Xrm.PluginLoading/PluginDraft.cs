using System.Collections.Immutable;
using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>What is to be in service after something is done with a plugin, worked out and not yet done. No code of a package was run for it.</summary>
/// <param name="Plan">As people read it.</param>
/// <param name="List">What is installed then.</param>
internal sealed record PluginDraft(PluginPlan Plan, InstalledList List)
{
    /// <summary>The ids of what is in service then, in the order of requirements.</summary>
    public ImmutableArray<string> Order { get; init; } = [];

    /// <summary>Of these, what is loaded anew, by id.</summary>
    public ImmutableDictionary<string, PluginPackage> Fresh { get; init; } = ImmutableDictionary<string, PluginPackage>.Empty;

    /// <summary>The fingerprint of the model that it was worked out on.</summary>
    public required string On { get; init; }
}
