using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
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
        foreach (var copied in arguments.All("copied").Where(IsPlugin))
            throw new BuildFailure("XRM0003", $"\"{Path.GetFileName(copied)}\" is a plugin of its own and must not be copied into this one: reference its project with Private=\"false\" ExcludeAssets=\"runtime\"");
        var plugin = Load(assembly, references);
        var model = Describe(plugin);
        if (ModelJson.ToJson(model) != ModelJson.ToJson(Describe(plugin)))
            throw new BuildFailure("XRM0006", $"{plugin.GetType().FullName}.Describe says something else the second time; it must say the same each time");
        var manifest = new PluginManifest(plugin.Id, version, Path.GetFileName(assembly))
        {
            Title = plugin.Title,
            Description = plugin.Description,
            Sdk = Sdk(arguments.Find("sdk")),
            Requires = [.. references.Where(IsPlugin).Select(Requirement).OrderBy(r => r.Id, StringComparer.Ordinal)],
            Permissions = PluginPermissions.For(model),
            Migrations = MigrationSummary.Of(plugin),
            Model = model,
        };
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

    private static Plugin Load(string path, ImmutableArray<string> references)
    {
        var context = new BuildContext(path, references);
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

    private static ModelDescription Describe(Plugin plugin)
    {
        var model = new ModelBuilder(plugin.Id);
        try
        {
            plugin.Describe(model);
        }
        catch (Exception e)
        {
            throw new BuildFailure("XRM0005", $"{plugin.GetType().FullName}.Describe failed: {e.GetType().Name}: {e.Message}");
        }
        return model.Build();
    }

    private static PluginVersionRange Sdk(string? given)
    {
        if (given is null)
            return PluginVersionRange.CompatibleWith(PluginManifest.SdkVersion);
        return PluginVersionRange.TryParse(given, out var range) ? range : throw new BuildFailure("XRM0002", $"XrmSdkVersions \"{given}\" is not a range: write it as [1.2.0,2.0.0)");
    }

    private static bool IsPlugin(string reference) => File.Exists(ManifestBeside(reference));

    private static PluginRequirement Requirement(string reference)
    {
        var required = PluginManifest.Parse(File.ReadAllText(ManifestBeside(reference)));
        return new(required.Id, PluginVersionRange.CompatibleWith(required.Version));
    }

    private static string ManifestBeside(string reference) => Path.Combine(Path.GetDirectoryName(reference)!, PluginManifest.FileName);

    /// <summary>Finds what the plugin was compiled against; the sdk and what comes with it is this process's own.</summary>
    private sealed class BuildContext(string plugin, ImmutableArray<string> references) : AssemblyLoadContext(nameof(BuildContext))
    {
        private readonly AssemblyDependencyResolver _resolver = new(plugin);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (Default.Assemblies.Any(a => a.GetName().Name == assemblyName.Name) || assemblyName.Name == typeof(Plugin).Assembly.GetName().Name)
                return null;
            var path = _resolver.ResolveAssemblyToPath(assemblyName)
                ?? references.FirstOrDefault(r => Path.GetFileNameWithoutExtension(r) == assemblyName.Name);
            return path is null ? null : LoadFromAssemblyPath(path);
        }
    }
}
