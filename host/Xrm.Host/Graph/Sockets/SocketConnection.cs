using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xrm.GraphQL;
using Xrm.Sdk;

namespace Xrm.Host.Graph.Sockets;

/// <summary>One socket from its first message to its last: reads what the client says, and runs its operations side by side.</summary>
internal sealed class SocketConnection : IDisposable
{
    /// <summary>How long a client may take to answer that the socket is being closed.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly HttpContext _context;
    private readonly StreamParts _parts;
    private readonly SocketWriter _writer;
    private readonly string _language;
    private readonly TaskCompletionSource<SocketEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly RunningOperations _operations;
    private IDisposable? _place;
    private string[]? _told;
    private volatile Func<Actor>? _who;

    public SocketConnection(WebSocket socket, HttpContext context, StreamParts parts)
    {
        (_socket, _context, _parts) = (socket, context, parts);
        _writer = new(socket, parts.Patience);
        _language = Languages.Preferred(context.Request.Headers.AcceptLanguage.ToString());
        _operations = new(parts, _language, _stop.Token);
    }

    /// <summary>Runs until it is closed by either side.</summary>
    /// <param name="refusal">Why it is closed at once; null = it is not.</param>
    public async Task Run(SocketEnd? refusal)
    {
        if (refusal is { } why)
            End(why);
        await using var init = _parts.Time.CreateTimer(_ => EndUnlessKnown(), null, _parts.Limits.Init, Timeout.InfiniteTimeSpan);
        await using var stopping = _parts.Streams.Stopping.Register(() => End(SocketEnd.Stopping));
        var receiving = Receive();
        var end = await _end.Task;
        await _stop.CancelAsync();
        await Close(end);
        await receiving.WaitAsync(Farewell, _parts.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Abort();
        await receiving;
        await _operations.Ended();
    }

    public void Dispose()
    {
        _place?.Dispose();
        _writer.Dispose();
        _stop.Dispose();
    }

    private void End(SocketEnd end) => _end.TrySetResult(end);

    private void EndUnlessKnown()
    {
        if (_who is null)
            End(SocketEnd.NoInit);
    }

    private async Task Close(SocketEnd end)
    {
        if (end.Code == 0)
            return;
        try
        {
            using var tooSlow = GraphQLAnswer.Of([new AnswerError(_parts.Patience.TooSlow)], _language);
            await _writer.Close(end, end == SocketEnd.TooSlow ? _told! : [], tooSlow.Errors);
        }
        catch (Exception e) when (IsGone(e))
        {
            // It cannot be told then.
        }
    }

    /// <summary>Reads until the client closes or is gone; what comes after the end was decided is passed over.</summary>
    private async Task Receive()
    {
        var bytes = ArrayPool<byte>.Shared.Rent(4 * 1024);
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    if (length == bytes.Length)
                        bytes = Larger(bytes);
                    part = await _socket.ReceiveAsync(bytes.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                    if (length > _parts.Service.Limits.BodyBytes)
                    {
                        End(SocketEnd.TooLarge);
                        length = 0;
                    }
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    End(SocketEnd.Normal);
                    return;
                }
                if (!_end.Task.IsCompleted)
                    await Handle(part.MessageType == WebSocketMessageType.Text ? SocketMessage.Read(bytes.AsMemory(0, length)) : null);
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            End(SocketEnd.Gone);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private async ValueTask Handle(SocketMessage? message)
    {
        switch (message?.Type)
        {
            case null:
                End(SocketEnd.Invalid("Invalid message received"));
                break;
            case "ping":
                await Send("pong", null, message.Payload.ValueKind == JsonValueKind.Undefined ? default : JsonSerializer.SerializeToUtf8Bytes(message.Payload));
                break;
            case "connection_init":
                await Begin(message);
                break;
            case "complete":
                _operations.Stop(message.Id);
                break;
            case "subscribe":
                await Subscribe(message);
                break;
        }
    }

    private async ValueTask Begin(SocketMessage message)
    {
        if (_who is not null)
        {
            End(SocketEnd.TooManyInits);
            return;
        }
        var who = message.Authorization is { } authorization ? _parts.Callers.By(authorization, _context) : _parts.Callers.Of(_context);
        if (who is null || who() is not { } actor || actor.Id == Actor.Anonymous.Id)
            End(SocketEnd.Unauthorized);
        else if ((_place = _parts.Streams.Open(actor)) is null)
            End(SocketEnd.TooManyConnections);
        else
        {
            _who = who;
            await Send("connection_ack", null, default);
        }
    }

    private async ValueTask Subscribe(SocketMessage message)
    {
        if (_who is not { } who)
        {
            End(SocketEnd.Unauthorized);
            return;
        }
        RequestBody body;
        try
        {
            body = RequestBody.OfJson(JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(message.Payload)));
        }
        catch (BadRequest bad)
        {
            End(SocketEnd.Invalid(bad.Label.En));
            return;
        }
        var receiver = new Receiver(this, message.Id);
        switch (_operations.Start(message.Id, body, who, receiver, () => End(SocketEnd.Unauthorized)))
        {
            case Beginning.IsTaken:
                End(SocketEnd.Taken(message.Id));
                break;
            case Beginning.TooMany:
                using (var tooMany = GraphQLAnswer.Of([new AnswerError(RunningOperations.TooMany(_parts.Limits))], _language))
                    await receiver.Refuse(tooMany);
                break;
        }
    }

    private async ValueTask Send(string type, string? id, ReadOnlyMemory<byte> payload)
    {
        try
        {
            if (await _writer.Send(type, id, payload, _stop.Token))
                return;
            // The operation that is told here ends with this, and its id goes.
            Interlocked.CompareExchange(ref _told, [.. _operations.Ids], null);
            End(SocketEnd.TooSlow);
        }
        catch (Exception e) when (IsGone(e))
        {
            End(SocketEnd.Gone);
        }
        throw new OperationCanceledException();
    }

    private static bool IsGone(Exception e) => e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    private static byte[] Larger(byte[] bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        bytes.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(bytes);
        return larger;
    }

    /// <summary>Sends what an operation tells.</summary>
    private sealed class Receiver(SocketConnection connection, string id) : IReceiver
    {
        public ValueTask Next(ReadOnlyMemory<byte> body) => connection.Send("next", id, body);

        public ValueTask Refuse(GraphQLAnswer answer) => connection.Send("error", id, answer.Errors);

        public ValueTask Complete() => connection.Send("complete", id, default);
    }
}
