using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Xrm.Host.Graph;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>The town behind the transport on a free port of this machine; a header says who asks.</summary>
public sealed class TransportServer : IAsyncLifetime
{
    private WebApplication? _web;

    internal TownServer Town { get; private set; } = null!;
    public Uri Address { get; private set; } = null!;
    public HttpClient Client { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Town = await TownServer.Filled();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.MapGraphQL(Town.Service, context => ValueTask.FromResult(context.Request.Headers.ContainsKey("X-Nobody") ? Actor.Anonymous : TownServer.Admin));
        await _web.StartAsync();
        Address = new(_web.Urls.First() + "/graphql");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_web is not null)
            await _web.DisposeAsync();
        await Town.DisposeAsync();
    }
}
