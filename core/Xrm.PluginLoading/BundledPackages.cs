using System.Collections.Concurrent;
using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>The packages that came with the host: of each plugin the newest.</summary>
internal sealed class BundledPackages
{
    private readonly ImmutableDictionary<string, ImmutableArray<TrustedPackage>> _newest;
    private readonly PackageLimits _limits;
    private readonly ConcurrentDictionary<string, Label> _titles = new(StringComparer.Ordinal);

    private BundledPackages(IEnumerable<TrustedPackage> packages, PackageLimits limits, ImmutableArray<PluginState> faults)
    {
        _limits = limits;
        Faults = faults;
        _newest = packages.GroupBy(p => p.Id, StringComparer.Ordinal).ToImmutableDictionary(g => g.Key, g => g.Where(p => p.Version == g.Max(o => o.Version)).DistinctBy(p => p.Sha256).ToImmutableArray(), StringComparer.Ordinal);
    }

    /// <summary>What is wrong with the list itself.</summary>
    public ImmutableArray<PluginState> Faults { get; }

    public IEnumerable<string> Ids => _newest.Keys.Order(StringComparer.Ordinal);

    /// <param name="folder">Null = none came.</param>
    public static BundledPackages In(string? folder, PackageLimits limits)
    {
        if (folder is null)
            return new([], limits, []);
        try
        {
            return new(TrustedPackages.Read(folder), limits, []);
        }
        catch (Problem problem)
        {
            return new([], limits, [PluginState.Refused(TrustedPackages.BundledList, null, PluginPhase.Package, [.. Refusal.Reasons(problem)])]);
        }
    }

    /// <summary>The newest version of a plugin; null when none came.</summary>
    public PluginVersion? VersionOf(string id) => _newest.TryGetValue(id, out var packages) ? packages[0].Version : null;

    /// <summary>What a plugin is called, as its package says; its id when none came, or it cannot be read.</summary>
    public Label TitleOf(string id) => _titles.GetOrAdd(id, one =>
    {
        try
        {
            return _newest.ContainsKey(one) ? Read(one).Manifest.Title : Label.Of(one, one);
        }
        catch (Problem)
        {
            return Label.Of(one, one);
        }
    });

    /// <summary>Whether its newest package is another one than this.</summary>
    public bool IsOther(string id, string sha256) => _newest.TryGetValue(id, out var packages) && packages.All(p => p.Sha256 != sha256);

    /// <summary>Whether a package of this hash came with the host.</summary>
    public bool Has(string sha256) => _newest.Values.Any(packages => packages.Any(p => p.Sha256 == sha256));

    /// <exception cref="Problem">Invalid: it cannot be read, was changed, or two different ones are the newest.</exception>
    public PluginPackage Read(string id)
    {
        var packages = _newest[id];
        if (packages.Length == 1)
            return PluginPackage.Read(packages[0], _limits);
        var files = string.Join(", ", packages.Select(p => Path.GetFileName(p.Path)));
        throw new Problem(ProblemCode.Invalid, Label.Of(
            $"Plusieurs paquets différents sont le module « {id} » {packages[0].Version} : {files}. Gardez-en un.",
            $"Several different packages are the plugin \"{id}\" {packages[0].Version}: {files}. Keep one."));
    }
}
