using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Xrm.Sdk;

namespace Xrm.PluginWriter;

/// <summary>Loads a built plugin, has it describe itself, and writes what it said into its <c>plugin.json</c>.</summary>
internal static class ManifestCommand
{
    public static void Run(Arguments arguments)
    {
        var assembly = Path.GetFullPath(arguments.One("assembly"));
        var references = arguments.All("reference").ToImmutableArray();
        if (!PluginVersion.TryParse(arguments.One("version"), out var version))
            throw new BuildFailure("XRM0002", $"the version \"{arguments.One("version")}\" is not one: write it as 1.2.3 or 1.2.3-beta.1");
        foreach (var copied in arguments.All("copied").Where(c => RequiredPlugin.Find(c) is not null))
            throw new BuildFailure("XRM0003", $"\"{Path.GetFileName(copied)}\" is a plugin of its own and must not be copied into this one: reference its project with Private=\"false\" ExcludeAssets=\"runtime\", or its package");
        ImmutableArray<RequiredPlugin> required = [.. references.Select(RequiredPlugin.Find).OfType<RequiredPlugin>().OrderBy(r => r.Manifest.Id, StringComparer.Ordinal)];
        CheckAllAreThere(required);
        var manifest = Describe(Load(new BuildContext(assembly, references, required), assembly), version, Path.GetFileName(assembly), Sdk(arguments.Find("sdk")), required);
        foreach (var late in manifest.Migrations.Where(m => m.To.Release > version.Release))
            throw new BuildFailure("XRM0011", $"the migration of {late.Type} leads to {late.To}, which is later than the package ({version}): it would never run");
        var json = manifest.ToJson();
        try
        {
            // What cannot be read back would be refused by every host: it is told now instead.
            _ = PluginManifest.Parse(json);
        }
        catch (Problem problem)
        {
            throw new BuildFailure("XRM0007", [.. problem.Faults.Select(f => f.Message.En)]);
        }
        File.WriteAllText(arguments.One("out"), json, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>A required plugin's types may name those of the plugins that it requires in turn; its package brings none of them along.</summary>
    private static void CheckAllAreThere(ImmutableArray<RequiredPlugin> required)
    {
        var lacking = required.SelectMany(r => r.Manifest.Requires.Where(n => required.All(o => o.Manifest.Id != n.Id))
            .Select(n => $"\"{r.Manifest.Id}\" requires the plugin \"{n.Id}\" {n.Versions}: reference that one too")).ToArray();
        if (lacking.Length > 0)
            throw new BuildFailure("XRM0010", lacking);
    }

    private static Plugin Load(BuildContext context, string path)
    {
        try
        {
            var assembly = context.LoadFromAssemblyPath(path);
            var types = assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Plugin)) && !t.IsAbstract).ToArray();
            if (types is not [var type] || type.GetConstructor(Type.EmptyTypes) is null)
                throw new BuildFailure("XRM0004", $"{Path.GetFileName(path)} must have exactly one public class that derives from Xrm.Sdk.Plugin, with a constructor without parameters; it has {types.Length}: {string.Join(", ", types.Select(t => t.FullName))}");
            return (Plugin)Activator.CreateInstance(type)!;
        }
        catch (Exception e) when (e is TargetInvocationException or FileNotFoundException or FileLoadException or BadImageFormatException or TypeLoadException)
        {
            throw new BuildFailure("XRM0005", $"{Path.GetFileName(path)} cannot be loaded: {(e.InnerException ?? e).Message}");
        }
    }

    private static PluginManifest Describe(Plugin plugin, PluginVersion version, string assembly, PluginVersionRange sdk, ImmutableArray<RequiredPlugin> required)
    {
        PluginManifest first, second;
        try
        {
            first = Say();
            second = Say();
        }
        catch (Exception e)
        {
            var cause = e is TypeInitializationException { InnerException: { } inner } ? inner : e;
            throw new BuildFailure("XRM0005", $"{plugin.GetType().FullName} failed to describe itself: {cause.GetType().Name}: {cause.Message}");
        }
        return first.ToJson() == second.ToJson() ? first
            : throw new BuildFailure("XRM0006", $"{plugin.GetType().FullName} says something else of itself the second time (Describe, Title, Migrations); it must say the same each time");

        PluginManifest Say()
        {
            var model = new ModelBuilder(plugin.Id);
            plugin.Describe(model);
            return new(plugin.Id, version, assembly)
            {
                Title = plugin.Title,
                Description = plugin.Description,
                Sdk = sdk,
                Requires = [.. required.Select(r => new PluginRequirement(r.Manifest.Id, PluginVersionRange.CompatibleWith(r.Manifest.Version)))],
                Permissions = PluginPermissions.For(model.Build()),
                Migrations = MigrationSummary.Of(plugin),
                Model = model.Build(),
            };
        }
    }

    private static PluginVersionRange Sdk(string? given)
    {
        if (given is null)
            return PluginVersionRange.CompatibleWith(PluginManifest.SdkVersion);
        return PluginVersionRange.TryParse(given, out var range) ? range : throw new BuildFailure("XRM0002", $"XrmSdkVersions \"{given}\" is not a range: write it as [1.2.0,2.0.0)");
    }
}
