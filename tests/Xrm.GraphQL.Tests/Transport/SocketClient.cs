using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>A client that sends just what a test says, and reads only when told to.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private byte[] _bytes = new byte[4 * 1024];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SocketClient> Connect(TransportServer server, string? protocol = "graphql-transport-ws", params (string Name, string Value)[] headers)
    {
        var client = new SocketClient();
        if (protocol is not null)
            client._socket.Options.AddSubProtocol(protocol);
        client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        client._socket.Options.SetRequestHeader("Accept-Language", "en");
        foreach (var (name, value) in headers)
            client._socket.Options.SetRequestHeader(name, value);
        using var handler = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                // What is not read soon fills up.
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }, disposeHandler: false);
        await client._socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws" }.Uri, handler, Cancellation);
        return client;
    }

    /// <summary>One that said who it is and was let in.</summary>
    public static async Task<SocketClient> Open(TransportServer server, params (string Name, string Value)[] headers)
    {
        var client = await Connect(server, headers: headers);
        await client.Send("""{"type":"connection_init"}""");
        (await client.Read()).ShouldBe("""{"type":"connection_ack"}""");
        return client;
    }

    public Task Send(string text, bool isBinary = false) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), isBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, endOfMessage: true, Cancellation);

    public Task Subscribe(string id, string query) =>
        Send(new JsonObject { ["id"] = id, ["type"] = "subscribe", ["payload"] = new JsonObject { ["query"] = query } }.ToJsonString());

    /// <summary>The next message; null when it is closed.</summary>
    public async Task<string?> Read()
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_bytes.AsMemory(length), Cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (length == _bytes.Length)
                Array.Resize(ref _bytes, length * 2);
            if (part.EndOfMessage)
                return Encoding.UTF8.GetString(_bytes, 0, length);
        }
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>The last message, and why it was closed.</returns>
    public async Task<(string? Last, int Code, string? Reason)> End()
    {
        string? last = null;
        while (await Read() is { } message)
            last = message;
        var end = (last, (int)_socket.CloseStatus!.Value, _socket.CloseStatusDescription);
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        return end;
    }

    public Task Close() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

    public void Dispose() => _socket.Dispose();
}
