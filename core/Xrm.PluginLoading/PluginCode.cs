using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>A plugin's code in a load context of its own. The sdk and what its surface names are the host's; a plugin that it requires is the one already loaded.</summary>
internal sealed class PluginCode : IDisposable
{
    private readonly PluginLoader _loader;
    private readonly AssemblyLoadContext _context;
    private readonly ImmutableArray<PluginCode> _required;
    private bool _isGone;

    private PluginCode(PluginManifest manifest, PluginLoader loader, Assembly assembly, ImmutableArray<PluginCode> required)
    {
        Manifest = manifest;
        Assembly = assembly;
        _loader = loader;
        _required = required;
        _context = AssemblyLoadContext.GetLoadContext(assembly)!;
        _context.Resolving += Resolve;
    }

    public PluginManifest Manifest { get; }

    public Assembly Assembly { get; }

    /// <summary>Loads the assembly; none of its code runs yet.</summary>
    /// <param name="manifest">What the package says.</param>
    /// <param name="path">The unpacked assembly; it can be written over while it is loaded.</param>
    /// <param name="required">The code of the plugins that it requires.</param>
    /// <exception cref="Problem">Invalid: it is not an assembly that runs here.</exception>
    public static PluginCode Load(PluginManifest manifest, string path, ImmutableArray<PluginCode> required)
    {
        var loader = PluginLoader.CreateFromAssemblyFile(path, config =>
        {
            config.IsUnloadable = true;
            config.LoadInMemory = true;
            config.PreferSharedTypes = false;
            config.SharedAssemblies.Add(typeof(Plugin).Assembly.GetName());
            config.SharedAssemblies.Add(typeof(IServiceCollection).Assembly.GetName());
            config.SharedAssemblies.Add(typeof(ILogger).Assembly.GetName());
        });
        try
        {
            return new(manifest, loader, loader.LoadDefaultAssembly(), required);
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or FileNotFoundException)
        {
            loader.Dispose();
            throw new Problem(ProblemCode.Invalid, Label.Of($"« {manifest.Assembly} » ne peut pas être chargé : {e.Message}", $"\"{manifest.Assembly}\" cannot be loaded: {e.Message}"));
        }
    }

    /// <summary>Makes the plugin. Runs its code.</summary>
    /// <exception cref="Problem">Invalid: there is not exactly one class to make, or it is another plugin.</exception>
    public Plugin Make()
    {
        var types = Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Plugin)) && !t.IsAbstract).ToArray();
        if (types is not [var type] || type.GetConstructor(Type.EmptyTypes) is null)
            throw new Problem(ProblemCode.Invalid, Label.Of(
                $"« {Manifest.Assembly} » doit avoir une classe publique et une seule qui dérive de Plugin, avec un constructeur sans paramètre ; il en a {types.Length}.",
                $"\"{Manifest.Assembly}\" must have exactly one public class that derives from Plugin, with a constructor without parameters; it has {types.Length}."));
        Plugin plugin;
        try
        {
            plugin = (Plugin)Activator.CreateInstance(type)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            throw Refusal.Of(PluginPhase.Loading, inner);
        }
        if (plugin.Id != Manifest.Id)
            throw new Problem(ProblemCode.Invalid, Label.Of($"Le code est celui du module « {plugin.Id} », et non « {Manifest.Id} ».", $"The code is that of the plugin \"{plugin.Id}\", not \"{Manifest.Id}\"."));
        return plugin;
    }

    /// <summary>Lets go of the code. It is gone once nothing holds any of it.</summary>
    public void Dispose()
    {
        if (_isGone)
            return;
        _isGone = true;
        _context.Resolving -= Resolve;
        SharedCaches.Forget();
        _loader.Dispose();
    }

    // What the plugin's folder does not have is a required plugin, or something that one's surface names.
    private Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        foreach (var required in _required)
            if (required.Assembly.GetName().Name == name.Name)
                return required.Assembly;
        foreach (var required in _required)
            try
            {
                return required._context.LoadFromAssemblyName(name);
            }
            catch (FileNotFoundException)
            {
                // Not there either: the next may have it, and if none has, the runtime tells.
            }
        return null;
    }
}
