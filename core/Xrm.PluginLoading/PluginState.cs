using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>How far a plugin came on its way from a package to hooks that run.</summary>
internal enum PluginPhase
{
    /// <summary>Its package: there, whole, trusted, readable, for this sdk.</summary>
    Package,
    /// <summary>The plugins it requires.</summary>
    Requirements,
    /// <summary>Its code: loaded, one plugin class, made.</summary>
    Loading,
    /// <summary>What it says of the model, against its manifest.</summary>
    Describing,
    /// <summary>The model of all plugins together.</summary>
    Model,
    /// <summary>Its services and hooks.</summary>
    Attaching,
    /// <summary>It runs.</summary>
    Running,
}

/// <summary>Where a plugin stands; what people are shown.</summary>
/// <param name="Id">Its id; the package's file name when that cannot be known.</param>
/// <param name="Version">Its version; null when that cannot be known.</param>
/// <param name="Title">What people read; the id in both languages when there is none.</param>
/// <param name="Phase">Where it is; when refused, where it failed.</param>
/// <param name="Reasons">Why it was refused, all there is to say; empty when it was not.</param>
internal sealed record PluginState(string Id, PluginVersion? Version, Label Title, PluginPhase Phase, ImmutableArray<Label> Reasons)
{
    public bool IsRunning => Phase == PluginPhase.Running && Reasons.IsEmpty;

    /// <summary>Whether it is installed and somebody took it out of service.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>Whether it ran and its hooks were detached, because it failed or hung.</summary>
    public bool IsSwitchedOff => Phase == PluginPhase.Running && !Reasons.IsEmpty;

    public bool IsRefused => Phase != PluginPhase.Running && !Reasons.IsEmpty;

    /// <summary>One that cannot run, of which not even the manifest may be known.</summary>
    public static PluginState Refused(string id, PluginVersion? version, PluginPhase phase, ImmutableArray<Label> reasons) => new(id, version, Label.Of(id, id), phase, reasons);
}
