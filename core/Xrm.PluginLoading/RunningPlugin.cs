using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xrm.Core;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>A plugin whose hooks run: all of it that has to go when it goes.</summary>
internal sealed class RunningPlugin : IAsyncDisposable
{
    private readonly PluginCode _code;
    private readonly ServiceProvider _services;
    private readonly IDisposable _attached;

    private RunningPlugin(PluginCode code, ServiceProvider services, Hooks hooks, IDisposable attached)
    {
        _code = code;
        _services = services;
        _attached = attached;
        Hooks = hooks;
    }

    public PluginManifest Manifest => _code.Manifest;

    /// <summary>What it takes part in.</summary>
    public Hooks Hooks { get; }

    /// <summary>Gives a plugin its services and has it attach; its hooks run when this answers. When it fails, nothing of it is left.</summary>
    /// <exception cref="Problem">It failed, or took too long.</exception>
    public static async Task<RunningPlugin> Start(PluginCode code, Plugin plugin, Engine engine, PluginHostOptions options)
    {
        var id = code.Manifest.Id;
        var xrm = engine.As(Actor.Of("plugin:" + id, Role.Administrator));
        var log = options.Logs.CreateLogger("Xrm.Plugin." + id);
        var key = options.MasterKey;
        var hooks = new Hooks();
        var services = await Refusal.Within(PluginPhase.Attaching, options.TimeLimit, options.Time, () =>
        {
            var collection = new ServiceCollection();
            plugin.AddServices(collection);
            var provider = Shared(collection, xrm, log, options).BuildServiceProvider(validateScopes: true);
            try
            {
                plugin.Attach(hooks, new PluginContext(xrm, options.Time, provider, options.Settings(id), log, name => Secret(key, id, name), new HttpClient()));
                return provider;
            }
            catch
            {
                provider.Dispose();
                throw;
            }
        }).ConfigureAwait(false);
        return new(code, services, hooks, engine.Attach(id, hooks));
    }

    public async ValueTask DisposeAsync()
    {
        _attached.Dispose();
        await _services.DisposeAsync().ConfigureAwait(false);
        _code.Dispose();
    }

    /// <summary>A key of 32 bytes from the authority's, by HKDF with SHA-256: of no use to another plugin, or under another name.</summary>
    internal static byte[] Secret(ReadOnlyMemory<byte> key, string plugin, string name)
    {
        // An id holds no zero byte, so that no two pairs make the same purpose.
        var secret = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Span, secret, [], Encoding.UTF8.GetBytes($"xrm plugin\0{plugin}\0{name}"));
        return secret;
    }

    // Instances, not types: the plugin's provider must not dispose of what is the host's.
    private static ServiceCollection Shared(ServiceCollection services, IXrm xrm, ILogger log, PluginHostOptions options)
    {
        services.AddSingleton(options.Time);
        services.AddSingleton(xrm);
        services.AddSingleton(log);
        services.AddSingleton(options.Logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        return services;
    }
}
