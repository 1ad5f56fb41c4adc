using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xrm.Core;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>A plugin with its services and hooks: all of it that has to go when it goes, but its code. Its hooks take part once its attachment is in force.</summary>
internal sealed class AttachedPlugin : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HttpClient _http;
    private readonly JobScheduler _jobs;

    private AttachedPlugin(ServiceProvider services, HttpClient http, Attachment attachment, JobScheduler jobs)
    {
        _services = services;
        _http = http;
        _jobs = jobs;
        Attachment = attachment;
    }

    /// <summary>What takes part.</summary>
    public Attachment Attachment { get; }

    /// <summary>The data as it may see and change them: its <see cref="PluginContext.Xrm"/>.</summary>
    public required IXrm Door { get; init; }

    /// <summary>Gives a plugin its services and has it attach, for a limited time. When it fails, nothing of it is left.</summary>
    /// <param name="granted">What it may do.</param>
    /// <exception cref="Problem">Invalid: it failed. Limit: it took too long.</exception>
    public static Task<AttachedPlugin> Start(Plugin plugin, PluginPermissions granted, Engine engine, PluginHostOptions options) =>
        Refusal.Within(PluginPhase.Attaching, options.TimeLimit, options.Time, () => Make(plugin, granted, engine, options));

    /// <summary>The same here and now; what the plugin throws is thrown.</summary>
    public static AttachedPlugin Make(Plugin plugin, PluginPermissions granted, Engine engine, PluginHostOptions options)
    {
        var id = plugin.Id;
        var attachment = new Attachment(id, new Hooks()) { Title = plugin.Title, Granted = granted };
        var xrm = attachment.Narrow(engine.As(Actor.Of("plugin:" + id, Role.Administrator)), () => engine.Model);
        var log = options.Logs.CreateLogger("Xrm.Plugin." + id);
        var http = GrantedHttp.For(id, granted.Hosts, options.Http?.Invoke());
        try
        {
            return new(Attach(plugin, attachment.Hooks, id, xrm, log, http, options), http, attachment, new(options.Time, log, options.Begun)) { Door = xrm };
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>Begins its jobs; once its part of the model is in force.</summary>
    public void StartJobs() => _jobs.Start(Attachment);

    /// <summary>Ends its jobs; what else it does goes on.</summary>
    public ValueTask StopJobs() => _jobs.DisposeAsync();

    /// <summary>Lets go of its services; its attachment is in force no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _services.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _http.Dispose();
        }
    }

    /// <summary>A key of 32 bytes from the authority's, by HKDF with SHA-256: of no use to another plugin, or under another name.</summary>
    internal static byte[] Secret(ReadOnlyMemory<byte> key, string plugin, string name)
    {
        // An id holds no zero byte, so that no two pairs make the same purpose.
        var secret = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Span, secret, [], Encoding.UTF8.GetBytes($"xrm plugin\0{plugin}\0{name}"));
        return secret;
    }

    private static ServiceProvider Attach(Plugin plugin, Hooks hooks, string id, IXrm xrm, ILogger log, HttpClient http, PluginHostOptions options)
    {
        var collection = new ServiceCollection();
        plugin.AddServices(collection);
        var provider = Shared(collection, xrm, log, http, options).BuildServiceProvider(validateScopes: true);
        var key = options.MasterKey;
        try
        {
            plugin.Attach(hooks, new PluginContext(xrm, options.Time, provider, options.Settings(id), log, name => Secret(key, id, name), http));
            return provider;
        }
        catch
        {
            provider.Dispose();
            throw;
        }
    }

    // Instances, not types: the plugin's provider must not dispose of what is the host's.
    private static ServiceCollection Shared(ServiceCollection services, IXrm xrm, ILogger log, HttpClient http, PluginHostOptions options)
    {
        services.AddSingleton(options.Time);
        services.AddSingleton(xrm);
        services.AddSingleton(log);
        services.AddSingleton(http);
        services.AddSingleton(options.Logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        return services;
    }
}
