using System.Collections.Immutable;
using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Which plugins there are and how each stands: immutable, swapped whole.</summary>
internal sealed record Standing
{
    public InstalledList List { get; init; } = new();

    /// <summary>Those whose hooks are in force, in the order of their requirements.</summary>
    public ImmutableArray<RunningPlugin> Running { get; init; } = [];

    /// <summary>How far each came, by id.</summary>
    public ImmutableDictionary<string, PluginState> States { get; init; } = ImmutableDictionary.Create<string, PluginState>(StringComparer.Ordinal);

    /// <summary>What holds code that should be gone, by the id of its plugin.</summary>
    public ImmutableDictionary<string, Label> Held { get; init; } = ImmutableDictionary.Create<string, Label>(StringComparer.Ordinal);

    public RunningPlugin? Of(string id) => Running.FirstOrDefault(r => r.Manifest.Id == id);

    /// <summary>As people are shown it.</summary>
    /// <param name="bundled">Packages that are there without being installed are shown too.</param>
    public ImmutableArray<PluginStatus> Status(BundledPackages bundled)
    {
        var ids = States.Keys.Concat(List.Plugins.Select(p => p.Id)).Concat(bundled.Ids).Concat(Held.Keys).Distinct().Order(StringComparer.Ordinal);
        return [.. ids.Select(id => Of(id, bundled))];
    }

    private PluginStatus Of(string id, BundledPackages bundled)
    {
        var (state, running, installed) = (States.GetValueOrDefault(id), Of(id), List.Find(id));
        var condition = state is { IsSwitchedOff: true } ? PluginCondition.SwitchedOff
            : running is not null ? PluginCondition.Running
            : state is { IsRefused: true } ? PluginCondition.Refused
            : installed is not null ? PluginCondition.Disabled
            : bundled.VersionOf(id) is null ? PluginCondition.Left : PluginCondition.Available;
        return new(id, running?.Manifest.Version ?? state?.Version ?? installed?.Package?.Version ?? bundled.VersionOf(id), running?.Manifest.Title ?? state?.Title ?? bundled.TitleOf(id), condition, state?.Reasons ?? [])
        {
            Permissions = running?.Loaded.Package.Permissions ?? PluginPermissions.None,
            Restorable = installed?.Before?.Version,
            Held = Held.GetValueOrDefault(id),
        };
    }
}
