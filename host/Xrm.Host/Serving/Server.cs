using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xrm.Host.Graph;
using Xrm.Host.Graph.Explorer;
using Xrm.Host.Settings;
using Xrm.Host.SignIn;
using Xrm.Host.Staff;
using Xrm.Host.Uploads;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>Serves one authority over HTTP, and to commands of this machine over the operator socket.</summary>
internal static class Server
{
    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="started">Called once requests are answered, with the addresses as they are.</param>
    public static async Task Serve(Composition host, Func<IReadOnlyCollection<string>, Task> started, CancellationToken cancellation)
    {
        using var socket = OperatorSocket.Choose(host.Folder);
        await using var app = Build(host, socket);
        Map(app, host);
        await app.StartAsync(cancellation);
        try
        {
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
                .Where(a => !a.StartsWith("http://unix:", StringComparison.Ordinal)).ToArray();
            socket.Announce(addresses, host.Time.GetUtcNow());
            await started(addresses);
            await app.WaitForShutdownAsync(cancellation);
        }
        finally
        {
            socket.Withdraw();
        }
    }

    private static WebApplication Build(Composition host, OperatorSocket socket)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        Logs.Configure(builder.Logging, host.Settings);
        builder.Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = CallBody.Most;
            foreach (var url in host.Settings.Urls)
                Listen(kestrel, url);
            kestrel.ListenUnixSocket(socket.Path, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(next => connection =>
                {
                    OperatorSocket.Identify(connection);
                    return next(connection);
                });
            });
        });
        if (host.Settings.Urls.Any(u => u.Scheme == "https"))
            builder.WebHost.UseKestrelHttpsConfiguration();
        return builder.Build();
    }

    private static void Listen(KestrelServerOptions kestrel, BindingAddress url)
    {
        void Configure(ListenOptions listen)
        {
            if (url.Scheme == "https")
                listen.UseHttps();
        }
        if (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address))
            kestrel.Listen(address, url.Port, Configure);
        else if (url.Host == "localhost" && url.Port != 0)
            kestrel.ListenLocalhost(url.Port, Configure);
        else if (url.Host == "localhost")
            kestrel.Listen(IPAddress.Loopback, url.Port, Configure);
        else
            kestrel.ListenAnyIP(url.Port, Configure);
    }

    private static void Map(WebApplication app, Composition host)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Xrm");
        var actor = new RequestActor(host.Credentials, new FailedTries(host.Time));
        var operators = new OperatorEndpoints(host, log);
        var pages = new Pages(host);
        var staff = new StaffFiles(Path.Combine(AppContext.BaseDirectory, "staff"));
        var endpoints = new PluginEndpoints(host.Engine, TimeSpan.FromSeconds(host.Settings.LimitSeconds), host.Time, log);
        var graphs = new GraphQLExchange(host.GraphQL, context => ValueTask.FromResult(RequestActor.Of(context)), host.Settings.Graph.CompressedFrom);
        var explorer = new ExplorerPage(host.Settings.Graph.Explorer
            ?? (host.Settings.IsDemo || app.Environment.IsDevelopment() ? ExplorerAccess.Everybody : ExplorerAccess.Nobody));
        var transports = new GraphQLTransports(graphs, new(host.GraphQL, actor, new OpenStreams(host.GraphQL.Limits.Streams, app.Lifetime.ApplicationStopping), host.Time));
        // No routing: it would cost a request by id a fifth of its time, and there are few paths.
        app.Run(async context =>
        {
            var path = context.Request.Path.Value ?? "";
            if (path == GraphQLEndpoints.Path)
            {
                if (!await actor.Identify(context))
                    return;
                if (!explorer.IsMeant(context.Request))
                    await transports.Answer(context);
                else if (explorer.IsOpenTo(RequestActor.Of(context)))
                    await explorer.Answer(context);
                else
                    await pages.SignIn(context, wasTried: false);
            }
            else if (path.StartsWith(ExplorerPage.Root, StringComparison.Ordinal))
                await explorer.File(context);
            else if (path.StartsWith(OperatorEndpoints.Root, StringComparison.Ordinal))
                await operators.Answer(context);
            else if (path.StartsWith("/health/", StringComparison.Ordinal))
                await Health.Answer(context, host);
            else if (path == SignInEndpoint.Path)
                await SignInEndpoint.Answer(context, host.Credentials, pages);
            else if (staff.Has(path) && path != "/")
                await staff.Answer(context);
            else if (!await actor.Identify(context))
                return;
            else if (path == GraphQLEndpoints.SchemaPath && HttpMethods.IsGet(context.Request.Method))
                await graphs.Schema(context);
            else if (path.StartsWith(PluginEndpoints.Root, StringComparison.Ordinal))
                await endpoints.Answer(context);
            else if (path == UploadEndpoint.Path)
                await UploadEndpoint.Answer(context, host.Uploads);
            else if (!staff.IsPage(path))
                await pages.Answer(context);
            else if (RequestActor.Of(context) == Actor.Anonymous)
                SignInEndpoint.Lead(context);
            else
                await staff.Page(context);
        });
    }
}
