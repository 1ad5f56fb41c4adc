using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Xrm.Core;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Works out what doing something with a plugin would do: from manifests, the model in force and the data, with every reason to refuse.</summary>
internal sealed class PluginDrafting(Engine engine, PluginHostOptions options, PackageStore store, BundledPackages bundled, Standing standing)
{
    private readonly List<Fault> _refusals = [];

    /// <exception cref="Problem">Invalid or NotFound: the request names no plugin, or its package is none.</exception>
    public async ValueTask<PluginDraft> Draft(PluginRequest request, CancellationToken cancellation)
    {
        var on = engine.Model.Fingerprint;
        var package = Package(request);
        var id = package?.Manifest.Id ?? request.Id ?? throw Refused(ProblemCode.Invalid, "Un identifiant ou un paquet est nécessaire.", "An id or a package is needed.", "id");
        var entry = standing.List.Find(id);
        Check(request, id, entry, package);
        var trust = request.Action is PluginAction.Install or PluginAction.Update ? Trust(request, package!, entry) : null;
        var (list, target) = Target(request, id, entry, package, trust);
        var (order, breaks) = Sort(id, target, request);
        foreach (var broken in breaks)
            list = list.With(list.Find(broken)! with { IsEnabled = false });
        var fresh = Fresh(request, id, package, order, target);
        var models = order.Select(m => fresh.ContainsKey(m.Id) ? LoadedPlugin.ModelOf(m) : standing.Of(m.Id)!.Loaded.Model).ToImmutableArray();
        var manifest = target.GetValueOrDefault(id) ?? package?.Manifest ?? standing.Of(id)?.Manifest;
        var migrations = Migrations(request, manifest, target.ContainsKey(id));
        var model = await ModelPlanner.Plan(engine, models, migrates: !migrations.IsEmpty || request.Action == PluginAction.Restore, cancellation).ConfigureAwait(false);
        _refusals.AddRange(model.Refusals);
        var before = standing.Of(id)?.Loaded.Package.Permissions ?? PluginPermissions.None;
        var asked = target.ContainsKey(id) ? manifest!.Permissions : PluginPermissions.None;
        var state = standing.States.GetValueOrDefault(id);
        var plan = new PluginPlan(Hash(request, on, package, order.Select(m => m.Id + m.Version)), request.Action, id, manifest?.Title ?? state?.Title ?? Label.Of(id, id))
        {
            Description = manifest?.Description ?? Label.Of(id, id),
            From = entry is null ? null : standing.Of(id)?.Manifest.Version ?? entry.Package?.Version,
            To = request.Action == PluginAction.Remove ? null : package?.Manifest.Version ?? entry?.Package?.Version,
            Sha256 = package?.Sha256,
            TrustedBy = trust,
            Lines = model.Lines,
            Permissions = asked,
            NewPermissions = Beyond(asked, before),
            Migrations = migrations,
            PersonalData = target.ContainsKey(id) ? manifest!.Model.PersonalData : [],
            Affected = [.. breaks.Concat(fresh.Keys.Where(f => f != id)).Distinct().Order(StringComparer.Ordinal)],
            Refusals = [.. _refusals],
        };
        return new(plan, list) { Order = [.. order.Select(m => m.Id)], Fresh = fresh, On = on };
    }

    /// <summary>The package that is to be put in service; null where none is.</summary>
    private PluginPackage? Package(PluginRequest request)
    {
        switch (request.Action)
        {
            case PluginAction.Install or PluginAction.Update when request.Package is { } bytes:
                return PluginPackage.Read(bytes.ToArray(), request.PackageName, options.Limits);
            case PluginAction.Install or PluginAction.Update:
                var id = request.Id ?? throw Refused(ProblemCode.Invalid, "Un identifiant ou un paquet est nécessaire.", "An id or a package is needed.", "id");
                return bundled.VersionOf(id) is not null ? bundled.Read(id) : throw Refused(ProblemCode.NotFound,
                    $"Aucun module « {id} » n'est livré avec l'application. Donnez son paquet.", $"No plugin \"{id}\" comes with the application. Give its package.", "id");
            case PluginAction.Enable when request.Id is { } enabled && standing.List.Find(enabled)?.Package is { } kept:
                return store.Read(enabled, kept);
            case PluginAction.Restore when request.Id is { } restored && standing.List.Find(restored)?.Before is { } before:
                return store.Read(restored, before);
            default:
                return null;
        }
    }

    private void Check(PluginRequest request, string id, InstalledPlugin? entry, PluginPackage? package)
    {
        if (request.Action != PluginAction.Install && entry is null)
        {
            var known = standing.States.ContainsKey(id) || bundled.VersionOf(id) is not null || package is not null;
            throw Refused(ProblemCode.NotFound, known ? $"Le module « {id} » n'est pas installé." : $"Il n'y a pas de module « {id} ».", known ? $"The plugin \"{id}\" is not installed." : $"There is no plugin \"{id}\".", "id");
        }
        var isRunning = standing.Of(id) is not null && standing.States[id].IsRunning;
        switch (request.Action)
        {
            case PluginAction.Install when entry is not null:
                Refuse("installed", $"Le module « {id} » est déjà installé ({entry.Package?.Version}) : mettez-le à jour (update), ou remettez-le en service (enable).",
                    $"The plugin \"{id}\" is installed already ({entry.Package?.Version}): update it, or enable it.");
                break;
            case PluginAction.Update when entry!.Package?.Sha256 == package!.Sha256:
                Refuse("installed", $"Ce paquet est celui qui est installé ({package.Manifest.Version}).", $"This package is the one that is installed ({package.Manifest.Version}).");
                break;
            case PluginAction.Install or PluginAction.Update when DueMigrations.VersionOf(id, engine.Model) is { } version && package!.Manifest.Version < version:
                Refuse("downgrade",
                    $"La version {package.Manifest.Version} est plus ancienne que celle des données ({version}). " + (entry?.Before is { } before
                        ? $"« xrm plugin restore {id} » rétablit la version {before.Version}, avec les données d'alors." : "Il n'y a rien à rétablir : prenez une version au moins aussi récente."),
                    $"Version {package.Manifest.Version} is older than that of the data ({version}). " + (entry?.Before is { } kept
                        ? $"\"xrm plugin restore {id}\" brings back version {kept.Version}, with the data of that time." : "There is nothing to restore: take a version at least as recent."));
                break;
            case PluginAction.Disable when !entry!.IsEnabled:
                Refuse("disabled", $"Le module « {id} » est déjà hors service.", $"The plugin \"{id}\" is disabled already.");
                break;
            case PluginAction.Enable when entry!.IsEnabled && isRunning:
                Refuse("enabled", $"Le module « {id} » est déjà en service.", $"The plugin \"{id}\" is enabled already.");
                break;
            case PluginAction.Restore when entry!.Before is null:
                Refuse("restore", $"Il n'y a pas de version précédente du module « {id} » à rétablir.", $"There is no version of the plugin \"{id}\" to restore.");
                break;
        }
    }

    /// <summary>Why the package may be installed; null = it may not.</summary>
    private string? Trust(PluginRequest request, PluginPackage package, InstalledPlugin? entry)
    {
        if (bundled.Has(package.Sha256))
            return "bundled";
        var trust = options.Trust?.Invoke(package.Bytes, package.Sha256) ?? new(null, []);
        _refusals.AddRange(trust.Faults);
        if (trust.By is not null)
            return trust.By;
        if (entry?.Before?.Sha256 == package.Sha256)
            return "installed";
        if (request.TrustOnce)
            return "once";
        if (trust.Faults.IsEmpty)
            Refuse("trust", $"Personne n'a dit que ce paquet est de confiance (SHA-256 {package.Sha256}). Faites-le noter (xrm plugin trust add), ou prenez-en la responsabilité cette fois (--trust-once).",
                $"Nobody said that this package is trusted (SHA-256 {package.Sha256}). Have it noted (xrm plugin trust add), or answer for it this once (--trust-once).", ProblemCode.Forbidden);
        return null;
    }

    /// <summary>What is installed then, and the manifests of what is to be in service.</summary>
    private (InstalledList List, Dictionary<string, PluginManifest> Target) Target(PluginRequest request, string id, InstalledPlugin? entry, PluginPackage? package, string? trust)
    {
        var target = standing.Running.ToDictionary(r => r.Manifest.Id, r => r.Manifest, StringComparer.Ordinal);
        var list = standing.List;
        switch (request.Action)
        {
            case PluginAction.Install or PluginAction.Update:
                target[id] = package!.Manifest;
                list = list.With(new InstalledPlugin(id, PackageStore.NameOf(package)) { TrustedBy = trust ?? "once", Before = entry?.Package });
                break;
            case PluginAction.Enable:
                target[id] = package!.Manifest;
                list = list.With(entry! with { IsEnabled = true });
                break;
            case PluginAction.Restore when package is not null:
                target[id] = package.Manifest;
                list = list.With(entry! with { Package = entry.Before, Before = null, IsEnabled = true });
                break;
            case PluginAction.Disable:
                target.Remove(id);
                list = list.With(entry! with { IsEnabled = false });
                break;
            case PluginAction.Remove:
                target.Remove(id);
                list = list.Without(id);
                break;
        }
        return (list, target);
    }

    /// <summary>The order of what can be in service, and the ids of what cannot any more and goes out of service with it.</summary>
    private (ImmutableArray<PluginManifest> Order, ImmutableArray<string> Breaks) Sort(string id, Dictionary<string, PluginManifest> target, PluginRequest request)
    {
        var (order, unmet) = Requirements.Sort(target.Values, []);
        var breaks = ImmutableArray.CreateBuilder<string>();
        foreach (var (manifest, reasons) in unmet)
            if (manifest.Id == id)
                _refusals.AddRange(reasons.Select(r => new Fault(ProblemCode.Invalid, r, id, "requires")));
            else if (request.Cascade)
                breaks.Add(manifest.Id);
            else
                _refusals.AddRange(reasons.Select(r => new Fault(ProblemCode.Invalid, Label.Of(
                    $"Le module « {manifest.Id} » ne pourrait plus fonctionner, ni ses données être modifiées ({string.Join(", ", manifest.Model.EntityTypes.Select(t => t.Name))}). {r.Fr} Avec --cascade, il est mis hors service aussi.",
                    $"The plugin \"{manifest.Id}\" could no longer run, nor its data be changed ({string.Join(", ", manifest.Model.EntityTypes.Select(t => t.Name))}). {r.En} With --cascade it is disabled too."), manifest.Id, "inUse")));
        return (order, breaks.ToImmutable());
    }

    /// <summary>What is loaded anew: the plugin itself, and all that use its code.</summary>
    private ImmutableDictionary<string, PluginPackage> Fresh(PluginRequest request, string id, PluginPackage? package, ImmutableArray<PluginManifest> order, Dictionary<string, PluginManifest> target)
    {
        var fresh = ImmutableDictionary.CreateBuilder<string, PluginPackage>(StringComparer.Ordinal);
        foreach (var manifest in order)
            if (manifest.Id == id && package is not null && target.ContainsKey(id))
                fresh.Add(id, package);
            else if (manifest.Requires.Any(r => fresh.ContainsKey(r.Id)) && standing.Of(manifest.Id) is { } running)
                fresh.Add(manifest.Id, running.Loaded.Package);
        return fresh.ToImmutable();
    }

    private ImmutableArray<MigrationSummary> Migrations(PluginRequest request, PluginManifest? manifest, bool isInService) =>
        isInService && request.Action != PluginAction.Restore && manifest is not null && DueMigrations.VersionOf(manifest.Id, engine.Model) is { } from
            ? [.. manifest.Migrations.Where(m => m.To > from && m.To <= manifest.Version)]
            : [];

    private static PluginPermissions Beyond(PluginPermissions asked, PluginPermissions before) => new()
    {
        Reads = [.. asked.Reads.Except(before.Reads.Concat(before.Writes))],
        Writes = [.. asked.Writes.Except(before.Writes)],
        Endpoints = [.. asked.Endpoints.Except(before.Endpoints)],
        Hosts = [.. asked.Hosts.Except(before.Hosts)],
        Schedules = [.. asked.Schedules.Except(before.Schedules)],
    };

    private static string Hash(PluginRequest request, string on, PluginPackage? package, IEnumerable<string> order) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [on, request.Action.ToString(), request.Id ?? "", package?.Sha256 ?? "", request.Cascade.ToString(), .. order]))));

    private void Refuse(string rule, string french, string english, ProblemCode code = ProblemCode.Invalid) => _refusals.Add(new(code, Label.Of(french, english), null, rule));

    private static Problem Refused(ProblemCode code, string french, string english, string field) => new(code, Label.Of(french, english), field);
}
