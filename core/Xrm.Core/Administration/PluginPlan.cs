using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>What can be done with a plugin.</summary>
internal enum PluginAction
{
    /// <summary>A package that is not installed is put in service.</summary>
    Install,
    /// <summary>Another package takes the place of the installed one.</summary>
    Update,
    /// <summary>It is taken out of service; it stays installed, its data are parked.</summary>
    Disable,
    /// <summary>It is put in service again.</summary>
    Enable,
    /// <summary>It is taken away; its data are parked.</summary>
    Remove,
    /// <summary>It goes back to the version before its last update, with the data of its types as they were then.</summary>
    Restore,
}

/// <summary>What is asked to be done with a plugin.</summary>
/// <param name="Action">What.</param>
/// <param name="Id">The plugin's id. To install or update: of a package that came with the host; null when <see cref="Package"/> is given.</param>
internal sealed record PluginRequest(PluginAction Action, string? Id = null)
{
    /// <summary>The package's bytes; null = the package that the host has under the id.</summary>
    public ReadOnlyMemory<byte>? Package { get; init; }

    /// <summary>What the package's file is called; for messages.</summary>
    public string PackageName { get; init; } = "";

    /// <summary>Whether a package that nobody trusts may be installed this once.</summary>
    public bool TrustOnce { get; init; }

    /// <summary>Whether plugins that require it go out of service with it; otherwise they are a reason to refuse.</summary>
    public bool Cascade { get; init; }

    /// <summary>Whether whoever asks waits until code that leaves is proven gone. A request that itself holds what was in force must not.</summary>
    public bool AwaitsUnload { get; init; } = true;

    /// <summary>The hash of the plan that was read; when what would be done now is different, it is refused. null = whatever is to be done.</summary>
    public string? Plan { get; init; }
}

/// <summary>What doing something with a plugin would do. Nothing was done yet.</summary>
/// <param name="Hash">Names this plan and the model that it was made on: 64 hexadecimal digits.</param>
/// <param name="Action">What was asked.</param>
/// <param name="Id">The plugin's id.</param>
/// <param name="Title">What people read.</param>
internal sealed record PluginPlan(string Hash, PluginAction Action, string Id, Label Title)
{
    public required Label Description { get; init; }
    /// <summary>The version in service or installed; null when it is not installed.</summary>
    public PluginVersion? From { get; init; }
    /// <summary>The version afterwards; null when it is removed.</summary>
    public PluginVersion? To { get; init; }
    /// <summary>SHA-256 of the package, 64 hexadecimal digits; null when none is involved.</summary>
    public string? Sha256 { get; init; }
    /// <summary>Why the package is trusted (<c>bundled</c>, <c>hash</c>, <c>certificate</c>, <c>once</c>, <c>installed</c>); null = it is not.</summary>
    public string? TrustedBy { get; init; }
    /// <summary>What becomes of the model.</summary>
    public ImmutableArray<PlanLine> Lines { get; init; } = [];
    /// <summary>All that it asks for.</summary>
    public PluginPermissions Permissions { get; init; } = PluginPermissions.None;
    /// <summary>What it asks for that the version before did not.</summary>
    public PluginPermissions NewPermissions { get; init; } = PluginPermissions.None;
    /// <summary>What becomes of data of the version before, in order.</summary>
    public ImmutableArray<MigrationSummary> Migrations { get; init; } = [];
    /// <summary>Where it keeps data about persons.</summary>
    public ImmutableArray<PersonalDataDescription> PersonalData { get; init; } = [];
    /// <summary>Other plugins that are loaded anew with it, or go out of service with it.</summary>
    public ImmutableArray<string> Affected { get; init; } = [];
    /// <summary>Why it would be refused, all reasons; empty when it would be done.</summary>
    public ImmutableArray<Fault> Refusals { get; init; } = [];

    public bool IsRefused => !Refusals.IsEmpty;

    public bool IsDestructive => Lines.Any(l => l.IsDestructive);
}

/// <summary>How a plugin stands, as people are shown it.</summary>
internal enum PluginCondition
{
    /// <summary>A package of it is there; it is not installed.</summary>
    Available,
    /// <summary>In service.</summary>
    Running,
    /// <summary>Installed and taken out of service.</summary>
    Disabled,
    /// <summary>Installed, and cannot run: the reasons say why.</summary>
    Refused,
    /// <summary>Its hooks were detached because it failed or hung: the reasons say why. Its data can be read; what its hooks must see cannot be written.</summary>
    SwitchedOff,
    /// <summary>It was taken away, and something still holds its code in memory.</summary>
    Left,
}

/// <summary>How a plugin stands.</summary>
/// <param name="Id">Its id; the package's file name when that cannot be known.</param>
/// <param name="Version">Its version; null when that cannot be known.</param>
/// <param name="Title">What people read.</param>
/// <param name="Condition">How it stands.</param>
/// <param name="Reasons">Why, when it is refused or switched off.</param>
internal sealed record PluginStatus(string Id, PluginVersion? Version, Label Title, PluginCondition Condition, ImmutableArray<Label> Reasons)
{
    /// <summary>What it may do; nothing when it does not run.</summary>
    public PluginPermissions Permissions { get; init; } = PluginPermissions.None;

    /// <summary>The version that a restore would bring back; null when there is none.</summary>
    public PluginVersion? Restorable { get; init; }

    /// <summary>What still holds code that should be gone from memory, of this plugin's earlier life; null when nothing does.</summary>
    public Label? Held { get; init; }
}

/// <summary>What was done with a plugin.</summary>
/// <param name="Plan">What was done.</param>
/// <param name="Status">How the plugin stands now; null when it is no longer there.</param>
internal sealed record PluginOutcome(PluginPlan Plan, PluginStatus? Status)
{
    /// <summary>Whether the code that was let go is proven gone from memory; null when none was let go, or when it is not known yet: what holds it then stands in <see cref="PluginStatus.Held"/> later.</summary>
    public bool? IsUnloaded { get; init; }

    /// <summary>What holds it, when it is not gone; null otherwise.</summary>
    public Label? Held { get; init; }

    /// <summary>What people should know besides: which data could not be taken back.</summary>
    public ImmutableArray<Label> Remarks { get; init; } = [];
}

/// <summary>What administrators do with plugins. All members may be used from several threads at once; changes go one after the other.</summary>
internal interface IPluginAdministration
{
    /// <summary>Every plugin there is, by id.</summary>
    ImmutableArray<PluginStatus> Plugins { get; }

    /// <summary>What doing something would do, refusals included; only what names no plugin at all is thrown.</summary>
    /// <exception cref="Problem">Invalid or NotFound: the package is none, or there is no such plugin. Forbidden: the actor is no administrator.</exception>
    ValueTask<PluginPlan> Plan(PluginRequest request, Actor actor, CancellationToken cancellation);

    /// <summary>Does it: all of it, or nothing.</summary>
    /// <exception cref="Problem">Every reason why it is refused; Conflict: the plan is no longer what would be done.</exception>
    ValueTask<PluginOutcome> Apply(PluginRequest request, Actor actor, CancellationToken cancellation);
}
