using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Running;
using Xrm.PluginLoading;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>A whole XRM in memory: the real engine on a store that forgets, a clock that a test moves, and plugins run as a host runs them.</summary>
/// <remarks>A plugin has services of its own, and a door and hosts as far as it asked for them in <see cref="Plugin.Describe"/>: what it forgot to ask for is refused here too.</remarks>
public sealed partial class TestXrm : IAsyncDisposable
{
    private static readonly Actor Tester = Actor.Of("user:test", Role.Administrator);

    private static readonly byte[] MasterKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly PluginHostOptions _options;
    private readonly TestLog _log;
    private readonly Engine _engine;
    private ImmutableArray<HostedPlugin> _plugins = [];

    private TestXrm(Engine engine, TestClock clock, TestOptions options, TestLog log)
    {
        _engine = engine;
        _log = log;
        Clock = clock;
        _options = new()
        {
            PluginFolder = "",
            Wanted = [],
            MasterKey = MasterKey,
            Settings = id => Settings(options, id),
            Http = () => new AnsweredHttp(options.Http),
            Begun = clock.WaitFor,
            Time = clock,
            Logs = log,
        };
        Xrm = _engine.As(Tester);
    }

    /// <summary>The clock of engine and plugins. Moving it runs the jobs that fall due.</summary>
    public TestClock Clock { get; }

    /// <summary>The data as an administrator.</summary>
    public IXrm Xrm { get; }

    /// <summary>The authority's day (Europe/Paris).</summary>
    public DateOnly Today => _engine.Today;

    /// <summary>All that engine and plugins logged so far, oldest first.</summary>
    public ImmutableArray<LogLine> Log => _log.Lines;

    /// <summary>The engine, for tests of the core and the host.</summary>
    internal Engine Engine => _engine;

    /// <summary>An XRM with one plugin.</summary>
    /// <exception cref="Problem">Invalid: the plugin's model has faults; all of them are told.</exception>
    public static Task<TestXrm> With<TPlugin>(DateTimeOffset? at = null) where TPlugin : Plugin, new() => With([new TPlugin()], at);

    /// <summary>An XRM with plugins, those that others require first.</summary>
    /// <exception cref="Problem">Invalid: the model has faults; all of them are told.</exception>
    public static Task<TestXrm> With(params Plugin[] plugins) => With(plugins, new TestOptions());

    /// <summary>An XRM with plugins, at a time, with settings by plugin and name (<c>elus/office</c>) and a log that is told as well.</summary>
    /// <exception cref="Problem">Invalid: the model has faults; all of them are told.</exception>
    public static Task<TestXrm> With(IReadOnlyList<Plugin> plugins, DateTimeOffset? at, IReadOnlyDictionary<string, string>? settings = null, ILogger? log = null)
    {
        var options = new TestOptions { At = at ?? TestClock.Monday };
        return Open(plugins, settings is null ? options : options with { Settings = settings }, log);
    }

    /// <summary>An XRM with plugins, set up in full; null = with nothing special.</summary>
    /// <exception cref="Problem">Invalid: the model has faults; all of them are told.</exception>
    public static Task<TestXrm> With(IReadOnlyList<Plugin> plugins, TestOptions? options) => Open(plugins, options ?? new(), null);

    private static async Task<TestXrm> Open(IReadOnlyList<Plugin> plugins, TestOptions options, ILogger? besides)
    {
        var clock = new TestClock(options.At);
        var log = new TestLog();
        var engine = await Engine.Open(ImageStore.Open(new MemoryJournal(), new ImageStoreOptions { Time = clock }),
            new EngineOptions { Time = clock, Log = log.CreateLogger("Xrm", besides) }, CancellationToken.None);
        var xrm = new TestXrm(engine, clock, options, log);
        try
        {
            await xrm.Add([.. plugins]);
            return xrm;
        }
        catch
        {
            await xrm.DisposeAsync();
            throw;
        }
    }

    /// <summary>Installs more plugins beside those that run, in one swap: all of them, or none.</summary>
    /// <exception cref="Problem">Invalid: the model of all has faults. A plugin takes part in what it did not ask for.</exception>
    public async Task Add(params Plugin[] plugins)
    {
        var made = new List<HostedPlugin>();
        try
        {
            foreach (var plugin in plugins)
                made.Add(HostedPlugin.Make(plugin, _engine, _options));
            await PutInForce([.. _plugins, .. made]);
            foreach (var plugin in made)
                plugin.Attached.StartJobs();
        }
        catch
        {
            if (!_plugins.Any(made.Contains))
                foreach (var plugin in made)
                    await plugin.Attached.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes a plugin: its part of the model is parked with its data, its hooks and jobs end, its services are disposed of. Adding it again brings the data back.</summary>
    /// <exception cref="ArgumentException">There is no such plugin.</exception>
    /// <exception cref="Problem">Invalid: what the others describe needs it.</exception>
    public async Task Remove(string plugin)
    {
        var gone = Hosted(plugin);
        await PutInForce(_plugins.Remove(gone));
        await gone.Attached.DisposeAsync();
    }

    /// <summary>Puts another version of a plugin in the place of the one that runs: its migrations that lead from the one version to the other are run, in one commit with the model.</summary>
    /// <param name="plugin">The later version: another instance, or another class with the same id.</param>
    /// <param name="from">The version that the data are of: <c>1.0.0</c>.</param>
    /// <param name="to">The version that they are to be of.</param>
    /// <exception cref="ArgumentException">There is no such plugin.</exception>
    /// <exception cref="FormatException">A version is none.</exception>
    /// <exception cref="Problem">What a host would tell: faults of the model, or of what the migrations do. All is as it was then.</exception>
    public async Task Update(Plugin plugin, string from, string to)
    {
        var gone = Hosted(plugin.Id);
        var due = MigrationRun.Due(plugin.Migrations, PluginVersion.Parse(from), PluginVersion.Parse(to));
        var made = HostedPlugin.Make(plugin, _engine, _options);
        try
        {
            await PutInForce(_plugins.Replace(gone, made), due.IsEmpty ? null : new MigrationRun(_engine, plugin.Id, due) { Granted = made.Attachment.Granted }.Run);
        }
        catch
        {
            await made.Attached.DisposeAsync();
            throw;
        }
        await gone.Attached.DisposeAsync();
        made.Attached.StartJobs();
    }

    /// <summary>Why a plugin was switched off after failing too often; null while it was not.</summary>
    /// <exception cref="ArgumentException">There is no such plugin.</exception>
    public Label? WhyOff(string plugin) => Hosted(plugin).Attachment.Health.Off;

    /// <summary>The data as somebody with these roles.</summary>
    public IXrm As(params ReadOnlySpan<string> roles) => _engine.As(WithRoles(roles));

    /// <summary>The data as an actor.</summary>
    public IXrm As(Actor actor) => _engine.As(actor);

    /// <summary>The data as a plugin sees and changes them, as far as it asked for: what it holds as <see cref="PluginContext.Xrm"/>.</summary>
    /// <exception cref="ArgumentException">There is no such plugin.</exception>
    public IXrm AsPlugin(string plugin) => Hosted(plugin).Attached.Door;

    /// <summary>The key that a plugin is given under a name: 32 bytes, the same in every test.</summary>
    public static byte[] Secret(string plugin, string name) => AttachedPlugin.Secret(MasterKey, plugin, name);

    /// <summary>Loads the data that the plugins invent for a demonstration, recorded at the time of the clock: into an empty XRM, or what is missing of what was loaded before.</summary>
    /// <returns>How many commits were written.</returns>
    /// <exception cref="Problem">A commit was refused.</exception>
    public async Task<int> LoadSamples(int seed = 1) =>
        await new SampleLoader(_engine, seed, author => author == SampleAuthor.Clerk ? "user:clerk" : "user:administrator", _ => { }).Load(CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (var i = _plugins.Length - 1; i >= 0; i--)
            await _plugins[i].Attached.DisposeAsync();
        _plugins = [];
        await _engine.DisposeAsync();
    }

    private async ValueTask PutInForce(ImmutableArray<HostedPlugin> plugins, Migrate? migrate = null)
    {
        await _engine.ChangeModel(new ModelChange([.. plugins.Select(p => p.Model)]) { Attachments = [.. plugins.Select(p => p.Attachment)], Migrate = migrate }, Actor.System, CancellationToken.None);
        _plugins = plugins;
    }

    private static ImmutableDictionary<string, string> Settings(TestOptions options, string plugin)
    {
        var prefix = plugin + "/";
        return options.Settings.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal)).ToImmutableDictionary(s => s.Key[prefix.Length..], s => s.Value);
    }

    private HostedPlugin Hosted(string plugin) =>
        _plugins.FirstOrDefault(p => p.Plugin.Id == plugin) ?? throw new ArgumentException($"There is no plugin \"{plugin}\"; there are: {string.Join(", ", _plugins.Select(p => p.Plugin.Id))}.", nameof(plugin));

    private static Actor WithRoles(ReadOnlySpan<string> roles) => Actor.Of($"user:{string.Join('+', roles)}", roles);
}
