using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Components;
using Xrm.Sdk;

namespace Xrm.Staff.Door;

/// <summary>One WebSocket of the protocol graphql-transport-ws for all that is watched. It is opened when something is, and opened again when it was lost.</summary>
internal sealed class Socket(NavigationManager navigation, Connection connection, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _sending = new(1);
    private ClientWebSocket? _open;
    private bool _runs;
    private int _next;

    private sealed record Watched(string Document, Func<JsonObject?> Variables, Channel<JsonElement> Events);

    /// <summary>The payloads of a subscription until it is told to stop.</summary>
    /// <param name="variables">Asked for at each beginning: where to go on may be another by then.</param>
    /// <exception cref="Problem">The subscription was refused.</exception>
    public async IAsyncEnumerable<JsonElement> Watch(string document, Func<JsonObject?> variables, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var id = (++_next).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var watched = new Watched(document, variables, Channel.CreateUnbounded<JsonElement>());
        _watched[id] = watched;
        try
        {
            if (!_runs)
                _ = Run();
            else if (_open is { State: WebSocketState.Open } open)
                await Begin(open, id, watched);
            await foreach (var payload in watched.Events.Reader.ReadAllAsync(cancellation))
            {
                if (payload.TryGetProperty("errors", out var errors))
                    throw Wire.Wrong(errors);
                yield return payload.GetProperty("data");
            }
        }
        finally
        {
            if (_watched.TryRemove(id, out _) && _open is { State: WebSocketState.Open } open)
                await Send(open, new JsonObject { ["id"] = id, ["type"] = "complete" });
        }
    }

    public void Dispose() => _sending.Dispose();

    private async Task Run()
    {
        _runs = true;
        var pause = TimeSpan.FromSeconds(1);
        while (!_watched.IsEmpty)
        {
            try
            {
                using var socket = new ClientWebSocket();
                socket.Options.AddSubProtocol("graphql-transport-ws");
                await socket.ConnectAsync(new UriBuilder(navigation.BaseUri) { Scheme = navigation.BaseUri.StartsWith("https", StringComparison.Ordinal) ? "wss" : "ws", Path = "/graphql" }.Uri, CancellationToken.None);
                await Send(socket, new JsonObject { ["type"] = "connection_init" });
                await Listen(socket, () => pause = TimeSpan.FromSeconds(1));
                if (socket.CloseStatus is (WebSocketCloseStatus)4401)
                    End(new SignedOutException());
            }
            catch (Exception e) when (e is WebSocketException or IOException or JsonException)
            {
                // Tried again below.
            }
            _open = null;
            if (_watched.IsEmpty)
                break;
            connection.Lost();
            await Task.Delay(pause, time);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
        _runs = false;
    }

    private async Task Listen(ClientWebSocket socket, Action opened)
    {
        var buffer = new ArraySegment<byte>(new byte[16 * 1024]);
        using var message = new MemoryStream();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
                return;
            message.Write(buffer.AsSpan(0, part.Count));
            if (!part.EndOfMessage)
                continue;
            using var json = JsonDocument.Parse(message.ToArray());
            message.SetLength(0);
            await Hear(socket, json.RootElement, opened);
        }
    }

    private async Task Hear(ClientWebSocket socket, JsonElement message, Action opened)
    {
        switch (message.GetProperty("type").GetString())
        {
            case "connection_ack":
                opened();
                _open = socket;
                connection.Found();
                foreach (var (id, watched) in _watched)
                    await Begin(socket, id, watched);
                break;
            case "ping":
                await Send(socket, new JsonObject { ["type"] = "pong" });
                break;
            case "next" when Of(message) is { } watched:
                watched.Events.Writer.TryWrite(message.GetProperty("payload").Clone());
                break;
            case "error" when Of(message) is { } watched:
                watched.Events.Writer.TryComplete(Wire.Wrong(message.GetProperty("payload").Clone()));
                break;
            case "complete" when Of(message) is { } watched:
                watched.Events.Writer.TryComplete();
                break;
        }
    }

    private Watched? Of(JsonElement message) => _watched.GetValueOrDefault(message.GetProperty("id").GetString()!);

    private void End(Exception reason)
    {
        foreach (var watched in _watched.Values)
            watched.Events.Writer.TryComplete(reason);
        _watched.Clear();
    }

    private Task Begin(ClientWebSocket socket, string id, Watched watched) => Send(socket, new JsonObject
    {
        ["id"] = id,
        ["type"] = "subscribe",
        ["payload"] = new JsonObject { ["query"] = watched.Document, ["variables"] = watched.Variables() },
    });

    private async Task Send(ClientWebSocket socket, JsonObject message)
    {
        await _sending.WaitAsync();
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException)
        {
            // The listener sees the same and opens another.
        }
        finally
        {
            _sending.Release();
        }
    }
}
