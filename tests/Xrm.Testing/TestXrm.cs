using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>A whole XRM in memory: the real engine on a store that forgets, a clock that a test moves, the plugins described and attached.</summary>
public sealed class TestXrm : IAsyncDisposable
{
    private readonly Engine _engine;
    private readonly List<IDisposable> _attached = [];

    private TestXrm(Engine engine, TestClock clock)
    {
        _engine = engine;
        Clock = clock;
        Xrm = _engine.As(Actor.Of("user:test", Role.Administrator));
    }

    /// <summary>The clock of engine and plugins.</summary>
    public TestClock Clock { get; }

    /// <summary>The data as an administrator.</summary>
    public IXrm Xrm { get; }

    /// <summary>The authority's day (Europe/Paris).</summary>
    public DateOnly Today => _engine.Today;

    /// <summary>The engine, for tests of the core and the host.</summary>
    internal Engine Engine => _engine;

    /// <summary>An XRM with one plugin.</summary>
    /// <exception cref="Problem">Invalid: the plugin's model has faults; all of them are told.</exception>
    public static Task<TestXrm> With<TPlugin>(DateTimeOffset? at = null) where TPlugin : Plugin, new() => With([new TPlugin()], at);

    /// <summary>An XRM with plugins, those that others require first.</summary>
    /// <exception cref="Problem">Invalid: the model has faults; all of them are told.</exception>
    public static Task<TestXrm> With(params Plugin[] plugins) => With(plugins, null);

    /// <summary>An XRM with plugins, at a time, with settings by plugin and name (<c>elus/office</c>) and a log.</summary>
    /// <exception cref="Problem">Invalid: the model has faults; all of them are told.</exception>
    public static async Task<TestXrm> With(IReadOnlyList<Plugin> plugins, DateTimeOffset? at, IReadOnlyDictionary<string, string>? settings = null, ILogger? log = null)
    {
        var clock = new TestClock(at ?? TestClock.Monday);
        var engine = await Engine.Open(Store(clock), new EngineOptions { Time = clock, Log = log ?? NullLogger.Instance }, CancellationToken.None);
        var xrm = new TestXrm(engine, clock);
        try
        {
            await xrm.Describe(plugins);
            foreach (var plugin in plugins)
                xrm.Attach(plugin, settings ?? ImmutableDictionary<string, string>.Empty, log ?? NullLogger.Instance);
            return xrm;
        }
        catch
        {
            await xrm.DisposeAsync();
            throw;
        }
    }

    /// <summary>The data as somebody with these roles.</summary>
    public IXrm As(params ReadOnlySpan<string> roles) => _engine.As(Actor.Of($"user:{string.Join('+', roles)}", roles));

    /// <summary>The data as an actor.</summary>
    public IXrm As(Actor actor) => _engine.As(actor);

    /// <summary>Makes a thing and answers it as it is then.</summary>
    public async Task<Entity> Create(EntityType type, Values values)
    {
        var id = EntityId.New(Clock.GetUtcNow());
        await Xrm.Commit(Sdk.Commit.New().Create(type, id, values));
        return (await Xrm.Find(type, id))!;
    }

    /// <summary>Makes a thing without values.</summary>
    public Task<Entity> Create(EntityType type) => Create(type, Values.None);

    /// <summary>Makes a thing with a value.</summary>
    public Task<Entity> Create<T>(EntityType type, (Field<T> Field, T Value) value) => Create(type, Values.None.With(value.Field, value.Value));

    /// <summary>Makes a thing with two values.</summary>
    public Task<Entity> Create<T1, T2>(EntityType type, (Field<T1> Field, T1 Value) first, (Field<T2> Field, T2 Value) second) =>
        Create(type, Values.None.With(first.Field, first.Value).With(second.Field, second.Value));

    /// <summary>Makes a thing with three values.</summary>
    public Task<Entity> Create<T1, T2, T3>(EntityType type, (Field<T1> Field, T1 Value) first, (Field<T2> Field, T2 Value) second, (Field<T3> Field, T3 Value) third) =>
        Create(type, Values.None.With(first.Field, first.Value).With(second.Field, second.Value).With(third.Field, third.Value));

    /// <summary>Commits as an administrator.</summary>
    public async Task<Receipt> Commit(Commit commit) => await Xrm.Commit(commit);

    /// <summary>Asks as an administrator.</summary>
    public async Task<ImmutableArray<Entity>> Query(Query query) => (await Xrm.Query(query)).Entities;

    /// <summary>One thing as an administrator sees it; null when it is not there.</summary>
    public async Task<Entity?> Find(EntityType type, EntityId id) => await Xrm.Find(type, id);

    /// <summary>All that was recorded so far, oldest first.</summary>
    public async Task<ImmutableArray<Change>> Changes(Cursor after = default)
    {
        var changes = ImmutableArray.CreateBuilder<Change>();
        await foreach (var change in Xrm.Changes(after))
            changes.Add(change);
        return changes.ToImmutable();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var attached in _attached)
            attached.Dispose();
        await _engine.DisposeAsync();
    }

    private static ImageStore Store(TestClock clock) => ImageStore.Open(new MemoryJournal(), new ImageStoreOptions { Time = clock });

    private async Task Describe(IReadOnlyList<Plugin> plugins)
    {
        var descriptions = ImmutableArray.CreateBuilder<ModelDescription>();
        foreach (var plugin in plugins)
        {
            var model = new ModelBuilder(plugin.Id);
            plugin.Describe(model);
            descriptions.Add(model.Build());
        }
        await _engine.ChangeModel(descriptions.ToImmutable(), Actor.System, CancellationToken.None);
    }

    private void Attach(Plugin plugin, IReadOnlyDictionary<string, string> settings, ILogger log)
    {
        var hooks = new Hooks();
        var prefix = plugin.Id + "/";
        plugin.Attach(hooks, new PluginContext(
            _engine.As(Actor.Of($"plugin:{plugin.Id}", Role.Administrator)),
            Clock,
            NoServices.Instance,
            settings.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal)).ToImmutableDictionary(s => s.Key[prefix.Length..], s => s.Value),
            log,
            name => SHA256.HashData(Encoding.UTF8.GetBytes($"test/{plugin.Id}/{name}")), new HttpClient()));
        _attached.Add(_engine.Attach(plugin.Id, hooks));
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
