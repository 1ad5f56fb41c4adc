using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xrm.Core;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>A plugin as a host runs it: what it says, services of its own, and a door and hosts as far as it asked for them.</summary>
internal sealed class HostedPlugin : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HttpClient _http;
    private DueJobs? _jobs;

    private HostedPlugin(Plugin plugin, ModelDescription model, Attachment attachment, IXrm door, ServiceProvider services, HttpClient http)
    {
        Plugin = plugin;
        Model = model;
        Attachment = attachment;
        Door = door;
        _services = services;
        _http = http;
    }

    public Plugin Plugin { get; }

    public ModelDescription Model { get; }

    public Attachment Attachment { get; }

    /// <summary>What it holds as <see cref="PluginContext.Xrm"/>.</summary>
    public IXrm Door { get; }

    /// <summary>Has it describe itself, gives it its services and has it attach; its hooks do not run yet.</summary>
    public static HostedPlugin Make(Plugin plugin, Engine engine, TestClock clock, TestOptions options, TestLog log)
    {
        var id = plugin.Id;
        var builder = new ModelBuilder(id);
        plugin.Describe(builder);
        var model = builder.Build();
        var attachment = new Attachment(id, new Hooks()) { Granted = PluginPermissions.For(model) };
        var door = attachment.Narrow(engine.As(Actor.Of("plugin:" + id, Role.Administrator)), () => engine.Model);
        var own = log.CreateLogger("Xrm.Plugin." + id);
        var services = Services(plugin, clock, door, own, log);
        var http = new HttpClient(new HostFence(id, attachment.Granted.Hosts, options.Http));
        try
        {
            var prefix = id + "/";
            plugin.Attach(attachment.Hooks, new PluginContext(door, clock, services,
                options.Settings.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal)).ToImmutableDictionary(s => s.Key[prefix.Length..], s => s.Value),
                own, name => Secret(id, name), http));
            return new(plugin, model, attachment, door, services, http);
        }
        catch
        {
            http.Dispose();
            services.Dispose();
            throw;
        }
    }

    /// <summary>A key of 32 bytes for a plugin, the same in every test.</summary>
    public static byte[] Secret(string plugin, string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"test/{plugin}/{name}"));

    /// <summary>Begins what it does again and again, once its part of the model is in force.</summary>
    public void StartJobs(TestClock clock, TestLog log) => _jobs ??= new(clock, Attachment, log.CreateLogger("Xrm.Plugin." + Plugin.Id));

    public async ValueTask DisposeAsync()
    {
        _jobs?.Dispose();
        await _services.DisposeAsync();
        _http.Dispose();
    }

    // Instances, not types: the plugin's provider must not dispose of what is the test's.
    private static ServiceProvider Services(Plugin plugin, TestClock clock, IXrm door, ILogger own, TestLog log)
    {
        var services = new ServiceCollection();
        plugin.AddServices(services);
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(door);
        services.AddSingleton(own);
        services.AddSingleton<ILoggerFactory>(log);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        return services.BuildServiceProvider(validateScopes: true);
    }
}
