using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Finds the packages of the plugins that are wanted.</summary>
internal static class PackageSearch
{
    /// <returns>The good ones of those wanted; and a state for each that is not good, not wanted, or not there.</returns>
    public static (ImmutableArray<PluginPackage> Packages, ImmutableArray<PluginState> States) Find(PluginHostOptions options)
    {
        var packages = ImmutableArray.CreateBuilder<PluginPackage>();
        var states = ImmutableArray.CreateBuilder<PluginState>();
        var trusted = List(options.BundledFolder, TrustedPackages.BundledList, states).AddRange(List(options.PluginFolder, TrustedPackages.AddedList, states));
        foreach (var plugin in trusted.GroupBy(t => t.Id, StringComparer.Ordinal))
        {
            var newest = plugin.Where(p => p.Version == plugin.Max(o => o.Version)).DistinctBy(p => p.Sha256).ToImmutableArray();
            var version = newest[0].Version;
            if (!options.Wanted.Contains(plugin.Key))
                states.Add(new(plugin.Key, version, Plain(plugin.Key), PluginPhase.Package, []));
            else if (newest.Length > 1)
                states.Add(Refused(plugin.Key, version, Twice(plugin.Key, newest)));
            else
                try
                {
                    packages.Add(PluginPackage.Read(newest[0], options.Limits));
                }
                catch (Exception e)
                {
                    states.Add(Refused(plugin.Key, version, [.. Refusal.Reasons(Refusal.Of(PluginPhase.Package, e))]));
                }
        }
        foreach (var id in options.Wanted.Distinct().Where(id => trusted.All(t => t.Id != id)))
            states.Add(Refused(id, null, Label.Of(
                $"Aucun paquet du module « {id} » n'est là. Installez-le, ou retirez-le de la liste des modules.",
                $"There is no package of the plugin \"{id}\". Install it, or take it off the list of plugins.")));
        return (packages.ToImmutable(), states.ToImmutable());
    }

    private static ImmutableArray<TrustedPackage> List(string? folder, string list, ImmutableArray<PluginState>.Builder states)
    {
        if (folder is null)
            return [];
        var listed = ImmutableArray<TrustedPackage>.Empty;
        try
        {
            listed = TrustedPackages.Read(folder, list);
        }
        catch (Problem problem)
        {
            states.Add(Refused(list, null, [.. Refusal.Reasons(problem)]));
        }
        foreach (var stray in TrustedPackages.Strays(folder, listed))
            states.Add(Refused(Path.GetFileName(stray), null, Label.Of(
                $"Le paquet « {Path.GetFileName(stray)} » n'est pas dans la liste de ceux qui ont été vérifiés. Installez-le par la commande « plugin install ».",
                $"The package \"{Path.GetFileName(stray)}\" is not on the list of those that were checked. Install it with the command \"plugin install\".")));
        return listed;
    }

    private static Label Twice(string id, ImmutableArray<TrustedPackage> packages)
    {
        var files = string.Join(", ", packages.Select(p => Path.GetFileName(p.Path)));
        return Label.Of(
            $"Plusieurs paquets différents sont le module « {id} » {packages[0].Version} : {files}. Gardez-en un.",
            $"Several different packages are the plugin \"{id}\" {packages[0].Version}: {files}. Keep one.");
    }

    private static PluginState Refused(string id, PluginVersion? version, params ImmutableArray<Label> reasons) => new(id, version, Plain(id), PluginPhase.Package, reasons);

    private static Label Plain(string id) => Label.Of(id, id);
}
