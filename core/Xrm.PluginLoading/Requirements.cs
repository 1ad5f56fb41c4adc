using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Puts plugins in an order in which each comes behind those it requires, and tells those for which there is none.</summary>
internal static class Requirements
{
    /// <param name="manifests">At most one of an id.</param>
    /// <param name="refused">Plugins that are wanted and were refused before.</param>
    /// <returns>The order, by id where requirements leave it open; and the rest with its reasons.</returns>
    public static (ImmutableArray<PluginManifest> Order, ImmutableArray<(PluginManifest Manifest, ImmutableArray<Label> Reasons)> Refused) Sort(IEnumerable<PluginManifest> manifests, IEnumerable<string> refused)
    {
        var left = manifests.ToImmutableSortedDictionary(m => m.Id, m => m, StringComparer.Ordinal);
        var gone = refused.ToHashSet(StringComparer.Ordinal);
        var order = ImmutableArray.CreateBuilder<PluginManifest>();
        var failed = ImmutableArray.CreateBuilder<(PluginManifest, ImmutableArray<Label>)>();
        while (!left.IsEmpty)
        {
            var unmet = left.Values.Select(m => (Manifest: m, Reasons: Unmet(m, left, order, gone))).Where(u => !u.Reasons.IsEmpty).ToList();
            var next = left.Values.FirstOrDefault(m => m.Requires.All(r => order.Any(o => o.Id == r.Id)));
            if (unmet.Count == 0 && next is null)
                unmet = [.. Circle(left).Select(c => (c.Manifest, ImmutableArray.Create(c.Reason)))];
            foreach (var (manifest, reasons) in unmet)
            {
                failed.Add((manifest, reasons));
                gone.Add(manifest.Id);
                left = left.Remove(manifest.Id);
            }
            if (unmet.Count > 0)
                continue;
            order.Add(next!);
            left = left.Remove(next!.Id);
        }
        return (order.ToImmutable(), failed.ToImmutable());
    }

    /// <summary>Why a plugin cannot go on; empty when all that it requires can.</summary>
    public static ImmutableArray<Label> Refused(PluginManifest manifest, Predicate<string> goesOn) =>
        [.. manifest.Requires.Where(r => !goesOn(r.Id)).Select(WasRefused)];

    private static ImmutableArray<Label> Unmet(PluginManifest manifest, ImmutableSortedDictionary<string, PluginManifest> left, IEnumerable<PluginManifest> ordered, HashSet<string> gone)
    {
        var reasons = ImmutableArray.CreateBuilder<Label>();
        foreach (var requirement in manifest.Requires)
        {
            var there = left.GetValueOrDefault(requirement.Id) ?? ordered.FirstOrDefault(o => o.Id == requirement.Id);
            if (gone.Contains(requirement.Id))
                reasons.Add(WasRefused(requirement));
            else if (there is null)
                reasons.Add(Label.Of(
                    $"Il lui faut le module « {requirement.Id} » {requirement.Versions}, qui n'est pas installé. Installez-le.",
                    $"It requires the plugin \"{requirement.Id}\" {requirement.Versions}, which is not installed. Install it."));
            else if (!requirement.Versions.Contains(there.Version))
                reasons.Add(Label.Of(
                    $"Il lui faut le module « {requirement.Id} » {requirement.Versions} ; la version installée est {there.Version}. Installez des versions qui vont ensemble.",
                    $"It requires the plugin \"{requirement.Id}\" {requirement.Versions}; the version installed is {there.Version}. Install versions that go together."));
        }
        return reasons.ToImmutable();
    }

    private static Label WasRefused(PluginRequirement requirement) => Label.Of(
        $"Il lui faut le module « {requirement.Id} », qui a été refusé.",
        $"It requires the plugin \"{requirement.Id}\", which was refused.");

    /// <summary>The members of one circle; every plugin left requires another that is left, so there is one.</summary>
    private static IEnumerable<(PluginManifest Manifest, Label Reason)> Circle(ImmutableSortedDictionary<string, PluginManifest> left)
    {
        var path = new List<string> { left.Keys.First() };
        while (true)
        {
            var next = left[path[^1]].Requires.Select(r => r.Id).First(left.ContainsKey);
            var start = path.IndexOf(next);
            path.Add(next);
            if (start < 0)
                continue;
            var circle = path[start..];
            var text = string.Join(" → ", circle);
            var reason = Label.Of($"Les modules se requièrent en cercle : {text}.", $"The plugins require one another in a circle: {text}.");
            return circle.Distinct().Select(id => (left[id], reason));
        }
    }
}
