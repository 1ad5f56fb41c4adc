using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Xrm.Host.Connections;
using Xrm.Host.Files;
using Xrm.Host.Graph;
using Xrm.Host.Graph.Explorer;
using Xrm.Host.Settings;
using Xrm.Host.SignIn;
using Xrm.Host.Staff;
using Xrm.Host.Uploads;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>Serves one authority over HTTP, and to commands of this machine over the operator socket.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly StaffFiles _staff = new(Path.Combine(AppContext.BaseDirectory, "staff"));

    /// <summary>Makes all that needs no data, so that it is there when they are.</summary>
    public Server(HostSettings settings) => _app = Build(settings);

    /// <summary>Serves until it is told to stop; once.</summary>
    /// <param name="started">Called once requests are answered, with the addresses as they are.</param>
    public async Task Serve(Composition host, Func<IReadOnlyCollection<string>, Task> started, CancellationToken cancellation)
    {
        using var socket = OperatorSocket.Choose(host.Folder);
        // However this ends, nobody is answered any more when the caller closes the host.
        await using var app = _app;
        host.GraphQL.MakeReady();
        Listen(socket);
        Map(host);
        if (app.Services.GetRequiredService<EpollTransport>().Threads is { } threads)
            host.Store.ResumeOn(threads.Post);
        await app.StartAsync(cancellation);
        using var beside = OldObjects.OfProcess.BesideRequests();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sweeping = FileSweeper.Run(host.Engine.Files, host.Time, Log, ending.Token);
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
            host.Store.ResumeOn(null);
            await ending.CancelAsync();
            await sweeping;
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(HostSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        Logs.Configure(builder.Logging, settings);
        builder.Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = CallBody.Most;
            foreach (var url in settings.Urls)
                Listen(kestrel, url);
        });
        builder.Services.AddSingleton<EpollTransport>().AddSingleton<IConnectionListenerFactory>(services => services.GetRequiredService<EpollTransport>());
        if (settings.Urls.Any(u => u.Scheme == "https"))
            builder.WebHost.UseKestrelHttpsConfiguration();
        return builder.Build();
    }

    private void Listen(OperatorSocket socket) => _app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.ListenUnixSocket(socket.Path, listen =>
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            OperatorSocket.Identify(connection);
            return next(connection);
        });
    });

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

    private void Map(Composition host)
    {
        var log = Log;
        var actor = new RequestActor(host.Credentials, new FailedTries(host.Time));
        var operators = new OperatorEndpoints(host, log);
        var pages = new Pages(host);
        var endpoints = new PluginEndpoints(host.Engine, TimeSpan.FromSeconds(host.Settings.LimitSeconds), host.Time, log);
        var files = new FileEndpoints(host.Engine, host.Settings.LimitFile, pages.Answer);
        var graphs = new GraphQLExchange(host.GraphQL, context => ValueTask.FromResult(RequestActor.Of(context)), host.Settings.Graph.CompressedFrom);
        var explorer = new ExplorerPage(host.Settings.Graph.Explorer
            ?? (host.Settings.IsDemo || _app.Environment.IsDevelopment() ? ExplorerAccess.Everybody : ExplorerAccess.Nobody));
        var transports = new GraphQLTransports(graphs, new(host.GraphQL, actor, new OpenStreams(host.GraphQL.Limits.Streams, _app.Lifetime.ApplicationStopping), host.Time));
        // No routing: it would cost a request by id a fifth of its time, and there are few paths.
        _app.Run(async context =>
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
            else if (_staff.Has(path) && path != "/")
                await _staff.Answer(context);
            else if (!await actor.Identify(context))
                return;
            else if (path == GraphQLEndpoints.SchemaPath && HttpMethods.IsGet(context.Request.Method))
                await graphs.Schema(context);
            else if (path.StartsWith(PluginEndpoints.Root, StringComparison.Ordinal))
                await endpoints.Answer(context);
            else if (path == FileEndpoints.Path || path.StartsWith(FileEndpoints.Root, StringComparison.Ordinal))
                await files.Answer(context);
            else if (path == UploadEndpoint.Path)
                await UploadEndpoint.Answer(context, host.Uploads);
            else if (!_staff.IsPage(path))
                await pages.Answer(context);
            else if (RequestActor.Of(context) == Actor.Anonymous)
                SignInEndpoint.Lead(context);
            else
                await _staff.Page(context);
        });
    }

    private ILogger Log => _app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Xrm");
}
