using Microsoft.AspNetCore.Http;
using Xrm.Host.Graph.Events;
using Xrm.Host.Graph.Sockets;

namespace Xrm.Host.Graph;

/// <summary>Answers a request at <c>/graphql</c> by the transport that it asks for: a socket, server-sent events, or an answer of its own.</summary>
internal sealed class GraphQLTransports(GraphQLExchange exchange, StreamParts parts)
{
    private readonly SocketEndpoint _sockets = new(parts);
    private readonly EventEndpoint _events = new(parts);

    public Task Answer(HttpContext context) =>
        SocketEndpoint.IsMeant(context) ? _sockets.Answer(context)
        : EventEndpoint.IsMeant(context.Request) ? _events.Answer(context)
        : exchange.Answer(context);
}
