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
    /// <summary>Those of a plugin that lead from the version whose data are there to its own.</summary>
    public static ImmutableArray<Migration> Of(LoadedPlugin plugin, CompiledModel model)
    {
        if (VersionOf(plugin.Manifest.Id, model) is not { } from)
            return [];
        return [.. plugin.Plugin.Migrations.Where(m => m.To > from && m.To <= plugin.Manifest.Version).OrderBy(m => m.To)];
    }

    /// <summary>The version of a plugin whose data are there, in force or parked; null when there are none, or nobody wrote it down.</summary>
    public static PluginVersion? VersionOf(string plugin, CompiledModel model) =>
        model.Descriptions.Concat(model.Parked).FirstOrDefault(d => d.Plugin == plugin)?.Version is { } text && PluginVersion.TryParse(text, out var version) ? version : null;

    /// <summary>What runs them all in one commit with the model; null when none is due.</summary>
    public static Migrate? Of(IEnumerable<LoadedPlugin> plugins, CompiledModel model)
    {
        var due = plugins.Select(p => (Plugin: p, Migrations: Of(p, model))).Where(d => !d.Migrations.IsEmpty).ToArray();
        if (due.Length == 0)
            return null;
        return async (before, after, snapshot, cancellation) =>
        {
            var all = new MigratedData([], []);
            foreach (var (plugin, migrations) in due)
                try
                {
                    var one = await MigrationRun.For(plugin.Manifest.Id, plugin.Package.Permissions, migrations)(before, after, snapshot, cancellation);
                    all = new([.. all.Edits, .. one.Edits], [.. all.Guards, .. one.Guards]);
                }
                catch (Problem problem)
                {
                    throw new MigrationFailed(plugin.Manifest.Id, problem);
                }
            return all;
        };
    }
}
