using System.Net.WebSockets;
using Xrm.GraphQL.Running;

namespace Xrm.Host.Graph.Sockets;

/// <summary>Sends messages over one socket, one after the other. All members may be used from several threads at once.</summary>
internal sealed class SocketWriter(WebSocket socket, Patience patience) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isOver;

    /// <summary>Sends a message.</summary>
    /// <param name="id">The operation's; null = of none.</param>
    /// <param name="payload">JSON; empty = none.</param>
    /// <param name="stop">When its turn is no longer waited for; what is being sent is sent whole.</param>
    /// <returns>False when the client is too slow, or the socket is being closed: nothing is sent any more but what <see cref="Close"/> sends.</returns>
    /// <exception cref="WebSocketException">The client is gone.</exception>
    public async ValueTask<bool> Send(string type, string? id, ReadOnlyMemory<byte> payload, CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            if (!_isOver)
                _isOver = !await Put(type, id, payload);
            return !_isOver;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends the last messages and begins to close.</summary>
    /// <param name="error">What each of the operations is told.</param>
    public async ValueTask Close(SocketEnd end, IEnumerable<string> operations, ReadOnlyMemory<byte> error)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            _isOver = true;
            foreach (var id in operations)
                await Put("error", id, error);
            await Taken(new(socket.CloseOutputAsync((WebSocketCloseStatus)end.Code, end.Reason, CancellationToken.None)));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask<bool> Put(string type, string? id, ReadOnlyMemory<byte> payload)
    {
        using var frame = new AnswerBuffer();
        frame.Write("{"u8);
        if (id is not null)
        {
            frame.Write("\"id\":"u8);
            frame.WriteText(id);
            frame.Write(","u8);
        }
        frame.Write("\"type\":"u8);
        frame.WriteText(type);
        if (!payload.IsEmpty)
        {
            frame.Write(",\"payload\":"u8);
            frame.Write(payload.Span);
        }
        frame.Write("}"u8);
        return await Taken(socket.SendAsync(frame.Memory, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None));
    }

    private async ValueTask<bool> Taken(ValueTask sending)
    {
        try
        {
            return await patience.Taken(sending);
        }
        catch (TimeoutException)
        {
            socket.Abort();
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        }
    }
}
