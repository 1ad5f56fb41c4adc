using Xrm.Core;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>A plugin out of a package, with its code, services and hooks.</summary>
internal sealed class RunningPlugin : IAsyncDisposable
{
    private readonly AttachedPlugin _attached;

    private RunningPlugin(LoadedPlugin loaded, AttachedPlugin attached)
    {
        Loaded = loaded;
        _attached = attached;
    }

    public LoadedPlugin Loaded { get; }

    public PluginManifest Manifest => Loaded.Manifest;

    /// <summary>What takes part once it is in force.</summary>
    public Attachment Attachment => _attached.Attachment;

    /// <summary>What it takes part in.</summary>
    public Hooks Hooks => Attachment.Hooks;

    /// <summary>Gives a loaded plugin its services and has it attach. When it fails, nothing of it is left but its code.</summary>
    /// <exception cref="Problem">See <see cref="AttachedPlugin.Start"/>.</exception>
    public static async Task<RunningPlugin> Start(LoadedPlugin loaded, Engine engine, PluginHostOptions options) =>
        new(loaded, await AttachedPlugin.Start(loaded.Plugin, loaded.Package.Permissions, engine, options).ConfigureAwait(false));

    public void StartJobs() => _attached.StartJobs();

    public ValueTask StopJobs() => _attached.StopJobs();

    /// <summary>Lets go of its services and its code; its attachment is in force no more.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _attached.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            Loaded.Code.Dispose();
        }
    }
}
