using Xrm.Core;
using Xrm.Core.Running;
using Xrm.PluginLoading;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>A plugin that runs as in a host.</summary>
/// <param name="Plugin">The plugin itself.</param>
/// <param name="Model">What it says.</param>
/// <param name="Attached">Its services, hooks and jobs.</param>
internal sealed record HostedPlugin(Plugin Plugin, ModelDescription Model, AttachedPlugin Attached)
{
    public Attachment Attachment => Attached.Attachment;

    /// <summary>Has it describe itself, gives it its services and has it attach; its hooks do not run yet.</summary>
    public static HostedPlugin Make(Plugin plugin, Engine engine, PluginHostOptions options)
    {
        var builder = new ModelBuilder(plugin.Id);
        plugin.Describe(builder);
        var model = builder.Build();
        return new(plugin, model, AttachedPlugin.Make(plugin, PluginPermissions.For(model), engine, options));
    }
}
