using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Data of an earlier version of a plugin could not be taken along.</summary>
internal sealed class MigrationFailed(string plugin, Problem problem) : Exception(problem.Message, problem)
{
    public string Plugin { get; } = plugin;

    public Problem Problem { get; } = problem;
}

/// <summary>Which migrations have to run. What says so is the version in the model's record in the log: an update that was cut short is found by it, whatever lists say.</summary>
internal static class DueMigrations
{
    /// <summary>The version of a plugin whose data are there, in force or parked; null when there are none, or nobody wrote it down.</summary>
    public static PluginVersion? VersionOf(string plugin, CompiledModel model) =>
        model.Descriptions.Concat(model.Parked).FirstOrDefault(d => d.Plugin == plugin)?.Version is { } text && PluginVersion.TryParse(text, out var version) ? version : null;

    /// <summary>What runs all that are due in one commit with the model; null when none is.</summary>
    /// <param name="plugins">Those whose code is loaded anew.</param>
    public static Migrate? Of(IEnumerable<LoadedPlugin> plugins, Engine engine)
    {
        var due = new List<(string Plugin, MigrationRun Run)>();
        foreach (var plugin in plugins)
            if (VersionOf(plugin.Manifest.Id, engine.Model) is { } from && MigrationRun.Due(plugin.Plugin.Migrations, from, plugin.Manifest.Version) is { IsEmpty: false } migrations)
                due.Add((plugin.Manifest.Id, new(engine, plugin.Manifest.Id, migrations) { Granted = plugin.Package.Permissions }));
        return due.Count == 0 ? null : async (before, after, snapshot, cancellation) =>
        {
            var all = new MigratedData([], []);
            foreach (var (plugin, run) in due)
                try
                {
                    var one = await run.Run(before, after, snapshot, cancellation);
                    // A thing has one owner whose migrations go over it; two plugins that write one thing at once cannot both be right.
                    if (one.Edits.FirstOrDefault(e => all.Edits.Any(o => o.Id == e.Id)) is { } twice)
                        throw new Problem(ProblemCode.Conflict, Label.Of(
                            $"Le module {plugin} et un autre veulent migrer la même fiche {twice.Type.Name} {twice.Id}.", $"Plugin {plugin} and another one both migrate the thing {twice.Type.Name} {twice.Id}."), plugin, "migration");
                    all = new([.. all.Edits, .. one.Edits], [.. all.Guards, .. one.Guards]);
                }
                catch (Problem problem)
                {
                    throw new MigrationFailed(plugin, problem);
                }
            return all;
        };
    }
}
