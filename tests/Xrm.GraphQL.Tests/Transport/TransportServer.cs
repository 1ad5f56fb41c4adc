using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xrm.GraphQL.Documents;
using Xrm.Host.Graph;
using Xrm.Host.Graph.Explorer;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>The town behind the transport on a free port of this machine; a header says who asks.</summary>
public sealed class TransportServer : IAsyncLifetime
{
    private readonly GraphQLLimits? _limits;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly DocumentRules? _rules;
    private WebApplication? _web;

    public TransportServer()
    {
    }

    private TransportServer(GraphQLLimits limits, TimeProvider time, DocumentRules? rules) => (_limits, _time, _rules) = (limits, time, rules);

    /// <summary>One of its own for a test.</summary>
    internal static Task<TransportServer> Start(StreamLimits limits, TimeProvider? time = null) => Of(new() { Streams = limits }, time);

    /// <summary>One of its own for a test.</summary>
    internal static async Task<TransportServer> Of(GraphQLLimits limits, TimeProvider? time = null, DocumentRules? rules = null)
    {
        var server = new TransportServer(limits, time ?? TimeProvider.System, rules);
        await server.InitializeAsync();
        return server;
    }

    internal TownServer Town { get; private set; } = null!;
    internal StreamParts Parts { get; private set; } = null!;
    /// <summary>Called when a client has gone away during its request.</summary>
    internal Action? Aborted { get; set; }
    internal TestCallers Callers { get; } = new();
    public Uri Address { get; private set; } = null!;
    public HttpClient Client { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Town = await TownServer.Filled(_limits, with: (_, options) => options with { Time = _time, Documents = _rules ?? options.Documents });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.Use((context, next) =>
        {
            if (Aborted is not null)
                context.RequestAborted.Register(Aborted);
            return next(context);
        });
        Parts = _web.MapGraphQL(Town.Service, Callers, _time, ExplorerAccess.Everybody);
        await _web.StartAsync();
        Address = new(_web.Urls.First() + "/graphql");
    }

    /// <summary>Stops as a host does that is told to.</summary>
    public Task Stop() => _web!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_web is not null)
            await _web.DisposeAsync();
        await Town.DisposeAsync();
    }
}

/// <summary>Everybody is the administrator, but for a header; and what a client says when it connects names a token of the test.</summary>
internal sealed class TestCallers : ICallers
{
    /// <summary>Who is behind a token; a test changes it while connections are open.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, Actor> Tokens { get; } = new();

    public Func<Actor> Of(HttpContext context)
    {
        var (isNobody, token) = (context.Request.Headers.ContainsKey("X-Nobody"), context.Request.Headers["X-Token"].ToString());
        return () => isNobody ? Actor.Anonymous : token.Length == 0 ? TownServer.Admin : Tokens.GetValueOrDefault(token, Actor.Anonymous);
    }

    public Func<Actor>? By(string authorization, HttpContext context) =>
        authorization.StartsWith("Bearer ", StringComparison.Ordinal) && Tokens.ContainsKey(authorization[7..]) ? () => Tokens.GetValueOrDefault(authorization[7..], Actor.Anonymous) : null;
}
