using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Calls over HTTP as far as a plugin was granted: other hosts are refused, and redirects are answered, not followed.</summary>
internal sealed class GrantedHttp : DelegatingHandler
{
    private readonly string _plugin;
    private readonly ImmutableArray<string> _hosts;

    private GrantedHttp(string plugin, ImmutableArray<string> hosts, HttpMessageHandler inner) : base(inner)
    {
        _plugin = plugin;
        _hosts = hosts;
    }

    /// <summary>A client for a plugin.</summary>
    /// <param name="hosts">Those that it asked for.</param>
    /// <param name="inner">What sends; null = the network.</param>
    public static HttpClient For(string plugin, ImmutableArray<string> hosts, HttpMessageHandler? inner = null) =>
        new(new GrantedHttp(plugin, hosts, inner ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })) { Timeout = TimeSpan.FromSeconds(100) };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri?.IdnHost.ToLowerInvariant() ?? "";
        if (_hosts.Any(h => h == host || h.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(h[1..], StringComparison.Ordinal)))
            return base.SendAsync(request, cancellationToken);
        throw new Problem(ProblemCode.Forbidden, Label.Of(
            $"Le module {_plugin} n'a pas demandé à joindre {host} (Permissions, dans Describe).",
            $"Plugin {_plugin} did not ask to call {host} (Permissions, in Describe)."), host, "permission");
    }
}
