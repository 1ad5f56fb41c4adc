using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Host.Settings;
using Xrm.Host.SignIn;
using Xrm.PluginLoading;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;

namespace Xrm.Host;

/// <summary>The one place where the parts are put together: folder, store, engine, plugins, credentials. Whoever holds it holds the data folder.</summary>
internal sealed class Composition : IAsyncDisposable
{
    private static readonly string Bundled = Path.Combine(AppContext.BaseDirectory, "bundled");

    private readonly PluginHost _plugins;

    private Composition(HostSettings settings, DataFolder folder, ILoggerFactory logs, Engine engine, PluginHost plugins)
    {
        Settings = settings;
        Folder = folder;
        Logs = logs;
        Engine = engine;
        _plugins = plugins;
        Credentials = new(folder.Credentials, Time);
    }

    public HostSettings Settings { get; }
    public DataFolder Folder { get; }
    public ILoggerFactory Logs { get; }
    public TimeProvider Time => TimeProvider.System;
    public Engine Engine { get; }
    public Credentials Credentials { get; }

    /// <summary>Where each plugin stands.</summary>
    public ImmutableArray<PluginState> Plugins => _plugins.States;

    /// <summary>The import formats that plugins bring.</summary>
    public ImmutableArray<ImportFormat> Imports => [.. _plugins.Running.SelectMany(p => p.Hooks.Imports.Handlers)];

    /// <summary>Opens everything.</summary>
    /// <exception cref="Problem">The folder, the store or the secret cannot be used. A plugin's own failure is no exception: see <see cref="Plugins"/>.</exception>
    public static async Task<Composition> Open(HostSettings settings, ILoggerFactory logs, CancellationToken cancellation)
    {
        var folder = new DataFolder(settings.Data);
        folder.Open();
        var engine = await OpenEngine(settings, logs, cancellation);
        try
        {
            var plugins = await PluginHost.Start(PluginOptions(settings, folder, logs), engine, cancellation);
            return new(settings, folder, logs, engine, plugins);
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether opening failed because another process holds the folder.</summary>
    public static bool IsLocked(Exception e) => e is StoreFault { IsLocked: true };

    public async ValueTask DisposeAsync()
    {
        await _plugins.DisposeAsync();
        await Engine.DisposeAsync();
    }

    private static async Task<Engine> OpenEngine(HostSettings settings, ILoggerFactory logs, CancellationToken cancellation)
    {
        var journal = LiteDbJournal.Open(settings.Store);
        try
        {
            var store = ImageStore.Open(journal);
            return await Engine.Open(store, new EngineOptions { Zone = settings.Zone, Log = logs.CreateLogger<Engine>() }, cancellation);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private static PluginHostOptions PluginOptions(HostSettings settings, DataFolder folder, ILoggerFactory logs) => new()
    {
        BundledFolder = Bundled,
        PluginFolder = folder.Plugins,
        Wanted = InstalledPlugins.Wanted(folder.Installed, settings.Plugins, settings.PluginsAreExplicit, Bundled),
        MasterKey = folder.Key("plugins"),
        Settings = plugin => settings.OfPlugins.TryGetValue(plugin, out var own) ? own : ImmutableDictionary<string, string>.Empty,
        Logs = logs,
    };
}
