using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Xrm.Sdk;

namespace Xrm.PluginWriter;

/// <summary>Finds what a plugin was compiled against; the sdk and what its surface names are this process's own.</summary>
internal sealed class BuildContext : AssemblyLoadContext
{
    private static readonly ImmutableHashSet<string> Shared =
        [typeof(Plugin).Assembly.GetName().Name!, .. typeof(Plugin).Assembly.GetReferencedAssemblies().Select(a => a.Name!)];

    private readonly AssemblyDependencyResolver _own;
    private readonly ImmutableArray<(string Assembly, AssemblyDependencyResolver Resolver)> _required;
    private readonly ImmutableArray<string> _others;

    /// <param name="assembly">The built plugin.</param>
    /// <param name="references">What it was compiled against.</param>
    /// <param name="required">Those of the references that are plugins: what runs stands for what was compiled against, and their dependencies are found too.</param>
    public BuildContext(string assembly, ImmutableArray<string> references, ImmutableArray<RequiredPlugin> required) : base(nameof(BuildContext))
    {
        _own = new(assembly);
        _required = [.. required.Select(r => (r.Assembly, new AssemblyDependencyResolver(r.Assembly)))];
        _others = [.. references.Except(required.Select(r => r.Reference))];
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Shared.Contains(assemblyName.Name!))
            return null;
        var path = _own.ResolveAssemblyToPath(assemblyName)
            ?? _required.Select(r => IsNamed(r.Assembly, assemblyName) ? r.Assembly : r.Resolver.ResolveAssemblyToPath(assemblyName)).FirstOrDefault(p => p is not null)
            ?? _others.FirstOrDefault(p => IsNamed(p, assemblyName));
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    private static bool IsNamed(string path, AssemblyName name) => Path.GetFileNameWithoutExtension(path) == name.Name;
}
