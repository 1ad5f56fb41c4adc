using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices.JavaScript;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Xrm.Sdk;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Door;

/// <summary>One WebSocket of the protocol graphql-transport-ws for all that is watched. It is opened when something is, and opened again when it was lost.</summary>
internal sealed class Socket(Connection connection, TimeProvider time)
{
    /// <summary>The code by which the server closes for whoever is not signed in.</summary>
    private const int SignedOut = 4401;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private JSObject? _open;
    private bool _runs;
    private int _next;

    private sealed record Watched(string Document, JsonObject? Variables, bool IsOnce, Channel<JsonElement> Events)
    {
        /// <summary>Whether the server was asked for it, by this connection or one before.</summary>
        public bool HasBegun { get; set; }
    }

    /// <summary>The payloads of a subscription until it is told to stop.</summary>
    /// <param name="isOnce">Whether it ends once the connection was lost and is there again; otherwise it is begun anew then.</param>
    /// <exception cref="Problem">The subscription was refused.</exception>
    public async IAsyncEnumerable<JsonElement> Watch(string document, JsonObject? variables, bool isOnce, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var id = (++_next).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var watched = new Watched(document, variables, isOnce, Channel.CreateUnbounded<JsonElement>());
        _watched[id] = watched;
        try
        {
            if (!_runs)
                _ = Run();
            else if (_open is { } open)
                Begin(open, id, watched);
            await foreach (var payload in watched.Events.Reader.ReadAllAsync(cancellation))
            {
                if (payload.TryGetProperty("errors", out var errors))
                    throw Wire.Wrong(errors);
                yield return payload.GetProperty("data");
            }
        }
        finally
        {
            if (_watched.TryRemove(id, out _) && _open is { } open)
                Send(open, new JsonObject { ["id"] = id, ["type"] = "complete" });
        }
    }

    private async Task Run()
    {
        _runs = true;
        var pause = TimeSpan.FromSeconds(1);
        while (!_watched.IsEmpty)
        {
            if (await Connected(() => pause = TimeSpan.FromSeconds(1)) == SignedOut)
                End(new SignedOutException());
            _open = null;
            if (_watched.IsEmpty)
                break;
            connection.Lost();
            await Task.Delay(pause, time);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
        _runs = false;
    }

    /// <summary>Connects, and listens until the connection is closed; answers with which code.</summary>
    private async Task<int> Connected(Action opened)
    {
        var closed = new TaskCompletionSource<int>();
        JSObject? socket = null;
        socket = Browser.Connect("graphql-transport-ws", () => Send(socket!, new JsonObject { ["type"] = "connection_init" }), heard, code => closed.TrySetResult(code));
        using (socket)
            return await closed.Task;

        void heard(string text)
        {
            try
            {
                Hear(socket!, JsonElement.Parse(text), opened);
            }
            catch (JsonException)
            {
                // Not what we speak with: tried again like any that was lost.
                Browser.HangUp(socket!);
            }
        }
    }

    private void Hear(JSObject socket, JsonElement message, Action opened)
    {
        switch (message.GetProperty("type").GetString())
        {
            case "connection_ack":
                opened();
                _open = socket;
                connection.Found();
                foreach (var (id, watched) in _watched)
                    Begin(socket, id, watched);
                break;
            case "ping":
                Send(socket, new JsonObject { ["type"] = "pong" });
                break;
            case "next" when Of(message) is { } watched:
                watched.Events.Writer.TryWrite(message.GetProperty("payload"));
                break;
            case "error" when Of(message) is { } watched:
                watched.Events.Writer.TryComplete(Wire.Wrong(message.GetProperty("payload")));
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

    private static void Begin(JSObject socket, string id, Watched watched)
    {
        if (watched is { IsOnce: true, HasBegun: true })
        {
            watched.Events.Writer.TryComplete();
            return;
        }
        watched.HasBegun = true;
        Send(socket, new JsonObject
        {
            ["id"] = id,
            ["type"] = "subscribe",
            ["payload"] = new JsonObject { ["query"] = watched.Document, ["variables"] = watched.Variables?.DeepClone() },
        });
    }

    // One that is closed by now sends nothing; who listens is told the same and opens another.
    private static void Send(JSObject socket, JsonObject message) => Browser.Send(socket, message.ToJsonString());
}
