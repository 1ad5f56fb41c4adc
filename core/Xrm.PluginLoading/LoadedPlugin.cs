using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>A plugin whose code was loaded, made, and said what it adds: as its manifest told.</summary>
/// <param name="Model">With the version that says so.</param>
internal sealed record LoadedPlugin(PluginPackage Package, PluginCode Code, Plugin Plugin, ModelDescription Model)
{
    public PluginManifest Manifest => Package.Manifest;

    /// <summary>What its manifest says of the model, with the version that says so.</summary>
    public static ModelDescription ModelOf(PluginManifest manifest) => manifest.Model with { Version = manifest.Version.ToString() };

    /// <summary>Unpacks a package, loads its code, makes the plugin and has it describe itself. When it fails, its code is let go.</summary>
    /// <param name="required">The code of the plugins that it requires.</param>
    /// <param name="phase">Told how far it is.</param>
    /// <exception cref="Problem">All that is wrong; other exceptions are the plugin's own.</exception>
    public static async Task<LoadedPlugin> Load(PluginPackage package, string folder, ImmutableArray<PluginCode> required, PluginHostOptions options, Action<PluginPhase> phase)
    {
        var manifest = package.Manifest;
        phase(PluginPhase.Package);
        var path = package.Unpack(folder);
        phase(PluginPhase.Loading);
        var code = PluginCode.Load(manifest, path, required);
        try
        {
            var plugin = await Refusal.Within(PluginPhase.Loading, options.TimeLimit, options.Time, code.Make).ConfigureAwait(false);
            phase(PluginPhase.Describing);
            var (model, migrations) = await Refusal.Within(PluginPhase.Describing, options.TimeLimit, options.Time, () =>
            {
                var builder = new ModelBuilder(manifest.Id);
                plugin.Describe(builder);
                return (builder.Build(), MigrationSummary.Of(plugin));
            }).ConfigureAwait(false);
            Description.Compare(model, manifest.Model);
            if (!migrations.SequenceEqual(manifest.Migrations))
                throw new Problem(ProblemCode.Invalid, Label.Of(
                    "Le module a d'autres migrations que celles de son manifeste. Le paquet n'est pas ce qu'il annonce : demandez-en un autre à son auteur.",
                    "The plugin has other migrations than its manifest tells. The package is not what it says: ask its author for another."));
            return new(package, code, plugin, model with { Version = manifest.Version.ToString() });
        }
        catch
        {
            code.Dispose();
            throw;
        }
    }
}
