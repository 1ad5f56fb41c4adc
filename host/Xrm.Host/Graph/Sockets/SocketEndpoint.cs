using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WebSocketOptions = Microsoft.AspNetCore.Builder.WebSocketOptions;

namespace Xrm.Host.Graph.Sockets;

/// <summary>GraphQL over WebSockets, by the protocol <c>graphql-transport-ws</c>.</summary>
internal sealed class SocketEndpoint
{
    public const string Protocol = "graphql-transport-ws";
    private readonly StreamParts _parts;
    private readonly WebSocketMiddleware _handshake;

    public SocketEndpoint(StreamParts parts)
    {
        _parts = parts;
        // Used for this one path: on every request it would cost something.
        _handshake = new(Accept, Options.Create(new WebSocketOptions
        {
            KeepAliveInterval = parts.Limits.KeepAlive,
            KeepAliveTimeout = parts.Limits.KeepAlive + 2 * parts.Limits.Patience,
        }), NullLoggerFactory.Instance);
    }

    /// <summary>Whether a request asks for a socket.</summary>
    public static bool IsMeant(HttpContext context) =>
        context.Request.Headers.Upgrade.Count > 0 && context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
        || HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;

    public Task Answer(HttpContext context) => _handshake.Invoke(context);

    private async Task Accept(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var isOurs = context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(isOurs ? Protocol : null);
        using var connection = new SocketConnection(socket, context, _parts);
        await connection.Run(isOurs ? null : SocketEnd.NotAcceptable);
    }
}
