using System.Reflection;
using System.Reflection.Metadata;

namespace Xrm.PluginLoading;

/// <summary>What shared libraries remember of the types that they met, System.Text.Json by reflection before all: it would hold a plugin's code in memory.</summary>
/// <remarks>Type descriptors (System.ComponentModel) offer no way to forget: a plugin that uses them does not go, and is told.</remarks>
internal static class SharedCaches
{
    /// <summary>Has them forget, by the way that is there for code changed while it runs; what they still need they find out again.</summary>
    public static void Forget()
    {
        foreach (var handler in AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsCollectible && !a.IsDynamic).SelectMany(Handlers))
            handler.GetMethod("ClearCache", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Type[])])?.Invoke(null, [null]);
    }

    private static IEnumerable<Type> Handlers(Assembly assembly) => assembly.GetCustomAttributes<MetadataUpdateHandlerAttribute>().Select(a => a.HandlerType);
}
