using System.Collections.Immutable;
using System.Runtime;
using Xrm.Core;
using Xrm.Core.Administration;
using Xrm.Core.Log;
using Xrm.GraphQL;
using Xrm.GraphQL.Documents;
using Xrm.Host.Graph.Documents;
using Xrm.Host.Operations;
using Xrm.Host.Settings;
using Xrm.Host.SignIn;
using Xrm.Host.Trust;
using Xrm.Host.Uploads;
using Xrm.PluginLoading;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;
using ImageStore = Xrm.Core.Image.ImageStore;
using ImageStoreOptions = Xrm.Core.Image.ImageStoreOptions;

namespace Xrm.Host;

/// <summary>The one place where the parts are put together: folder, store, engine, plugins, credentials. Whoever holds it holds the data folder.</summary>
internal sealed class Composition : IAsyncDisposable
{
    private static readonly string Bundled = Path.Combine(AppContext.BaseDirectory, "bundled");

    private readonly PluginHost _plugins;

    private Composition(HostSettings settings, DataFolder folder, ILoggerFactory logs, IJournal journal, ImageStore store, Engine engine, PluginHost plugins, Credentials credentials, TrustList trusted, TrustedFolder documents)
    {
        Journal = journal;
        Store = store;
        Settings = settings;
        Folder = folder;
        Logs = logs;
        Engine = engine;
        _plugins = plugins;
        Credentials = credentials;
        Trusted = trusted;
        Uploads = new(folder.Incoming, new(Bundled), new Notary(trusted, Time).Look, Time);
        Uploads.Clear();
        GraphQL = new(engine, new GraphQLOptions
        {
            CursorKey = folder.Key("cursors"),
            Limits = Limits(settings),
            Time = Time,
            Slow = settings.Slow,
            Log = logs.CreateLogger<GraphQLService>(),
            Administration = plugins,
            Packages = Uploads.Find,
            NameOf = Credentials.NameOf,
            Documents = Documents(settings.Graph, documents),
            IsSchemaOpen = settings.Graph.IsSchemaOpen,
        });
    }

    public HostSettings Settings { get; }
    public DataFolder Folder { get; }
    public ILoggerFactory Logs { get; }
    public TimeProvider Time { get; } = TimeProvider.System;
    public IJournal Journal { get; }
    public ImageStore Store { get; }
    public Engine Engine { get; }
    public GraphQLService GraphQL { get; }
    public Credentials Credentials { get; }

    /// <summary>The packages and certificates that the authority trusts.</summary>
    public TrustList Trusted { get; }

    /// <summary>Packages that administrators sent.</summary>
    public PackageUploads Uploads { get; }

    /// <summary>How each plugin stands, and what administrators do with them.</summary>
    public IPluginAdministration Administration => _plugins;

    /// <summary>How each plugin stands.</summary>
    public ImmutableArray<PluginStatus> Plugins => _plugins.Plugins;

    /// <summary>The file formats of one kind that plugins bring.</summary>
    public ImmutableArray<BroughtFormat<T>> Formats<T>(Func<Hooks, Hook<T>> hook) where T : class =>
        [.. Engine.Force.Attachments.SelectMany(a => hook(a.Hooks).Handlers.Select(f => new BroughtFormat<T>(f, a)))];

    /// <summary>Opens everything.</summary>
    /// <exception cref="Problem">The folder, the store or the secret cannot be used. A plugin's own failure is no exception: see <see cref="Plugins"/>.</exception>
    public static Task<Composition> Open(HostSettings settings, CancellationToken cancellation) => Open(settings, TimeProvider.System, cancellation);

    /// <summary>The same.</summary>
    /// <param name="recording">By which it is told when changes are recorded.</param>
    public static async Task<Composition> Open(HostSettings settings, TimeProvider recording, CancellationToken cancellation)
    {
        var folder = new DataFolder(settings.Data);
        folder.Open();
        // The log is made while the folder is locked and its store opened; nothing else in it is read before.
        var logging = Task.Run(() => Host.Logs.Of(settings), CancellationToken.None);
        var journal = await Task.Run(() => LiteDbJournal.Open(settings.Store), CancellationToken.None);
        // The data are read while all else is made that needs none.
        var opening = Task.Run(() => OpenEngine(settings, journal, logging, recording, cancellation), CancellationToken.None);
        try
        {
            var logs = await logging;
            var documents = new TrustedFolder(folder.Documents, TimeProvider.System, logs.CreateLogger<TrustedFolder>());
            documents.Open();
            var trusted = new TrustList(folder.Trust);
            var credentials = new Credentials(folder.Credentials, TimeProvider.System, settings.IsDemo);
            var plugins = await PluginHost.Start(PluginOptions(settings, folder, trusted, logs), EngineOf(opening), cancellation);
            var (store, engine) = await opening;
            return new(settings, folder, logs, journal, store, engine, plugins, credentials, trusted, documents);
        }
        catch
        {
            await Task.WhenAny(opening);
            if (opening.IsCompletedSuccessfully)
                await (await opening).Engine.DisposeAsync();
            throw;
        }
    }

    private static async Task<Engine> EngineOf(Task<(ImageStore Store, Engine Engine)> opening) => (await opening).Engine;

    /// <summary>The store and its engine; when that fails, the journal is closed.</summary>
    private static async Task<(ImageStore Store, Engine Engine)> OpenEngine(HostSettings settings, LiteDbJournal journal, Task<ILoggerFactory> logging, TimeProvider recording, CancellationToken cancellation)
    {
        ImageStore? store = null;
        try
        {
            var logs = await logging;
            store = ImageStore.Open(journal, StoreOptions(logs.CreateLogger<ImageStore>()) with { Time = recording });
            // What was read for it left holes between large arrays, which the next full collection that stops everybody closes (decision 0045).
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            return (store, await Engine.Open(store, new EngineOptions { Zone = settings.Zone, Log = logs.CreateLogger<Engine>() }, cancellation));
        }
        catch
        {
            if (store is not null)
                await store.DisposeAsync();
            else
                journal.Dispose();
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

    private static ImageStoreOptions StoreOptions(ILogger log) => new()
    {
        CheckpointFailed = e => log.LogWarning(e, "A checkpoint could not be written; nothing is lost, the next start takes longer"),
    };

    /// <summary>Bundled plugins to install at this start: those of the settings at the first, later only those that somebody named.</summary>
    private static ImmutableArray<string> Wanted(HostSettings settings, DataFolder folder)
    {
        if (File.Exists(folder.Installed) && !settings.PluginsAreExplicit)
            return [];
        return settings.Plugins ?? [.. TrustedPackages.Read(Bundled).Select(t => t.Id).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The limits that the settings say.</summary>
    internal static GraphQLLimits Limits(HostSettings settings) => new()
    {
        BodyBytes = settings.LimitBody,
        Depth = settings.LimitDepth,
        Cost = settings.LimitCost,
        Scan = settings.LimitScan,
        PageSize = settings.LimitPage,
        Batch = settings.LimitBatch,
        PastChanges = settings.LimitPast,
        Time = TimeSpan.FromSeconds(settings.LimitSeconds),
        DocumentLength = settings.Graph.LimitDocument,
        Nesting = settings.Graph.LimitNesting,
        Tokens = settings.Graph.LimitTokens,
        Fields = settings.Graph.LimitFields,
        Mutations = settings.Graph.LimitMutations,
        Requests = settings.Graph.LimitRequests,
        Streams = settings.Graph.Streams,
    };

    private static DocumentRules Documents(GraphSettings settings, TrustedFolder trusted) => new()
    {
        Trusted = trusted.Now,
        PersistedLength = settings.PersistedLength,
        MaySendOthers = settings.Documents == DocumentAccess.Everybody ? null
            : actor => Peer.IsOperator(actor) || settings.Documents == DocumentAccess.Administrators && actor.IsAdministrator,
    };

    private static PluginHostOptions PluginOptions(HostSettings settings, DataFolder folder, TrustList trusted, ILoggerFactory logs) => new()
    {
        BundledFolder = Bundled,
        PluginFolder = folder.Plugins,
        InstalledFile = folder.Installed,
        Wanted = Wanted(settings, folder),
        MasterKey = folder.Key("plugins"),
        Settings = plugin => settings.OfPlugins.TryGetValue(plugin, out var own) ? own : ImmutableDictionary<string, string>.Empty,
        Trust = new Notary(trusted, TimeProvider.System).Look,
        Logs = logs,
    };
}
