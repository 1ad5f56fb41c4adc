using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xrm.GraphQL;
using Xrm.GraphQL.Running;

namespace Xrm.Host.Graph.Events;

/// <summary>A response of server-sent events, by the protocol graphql-sse. All members may be used from several threads at once.</summary>
internal sealed class EventStream : IDisposable
{
    public const string MediaType = "text/event-stream";

    private readonly HttpContext _context;
    private readonly StreamParts _parts;
    private readonly string _language;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _over;

    public EventStream(HttpContext context, StreamParts parts, string language)
    {
        (_context, _parts, _language) = (context, parts, language);
        _over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, parts.Streams.Stopping);
        Over = _over.Token;
    }

    /// <summary>Ends when the client is gone or too slow, or the host stops.</summary>
    public CancellationToken Over { get; }

    /// <summary>The ids of operations that are told when the client is too slow; one null where the whole response is one operation.</summary>
    public required Func<IEnumerable<string?>> Running { get; init; }

    /// <summary>Sends what makes it a stream of events.</summary>
    public async ValueTask Begin()
    {
        var response = _context.Response;
        _context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = MediaType + "; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // Proxies that collect answers would keep events back.
        response.Headers["X-Accel-Buffering"] = "no";
        await Put(":\n\n"u8.ToArray());
    }

    /// <summary>Gives signs of life until it is over.</summary>
    public async Task KeepAlive()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_parts.Limits.KeepAlive, _parts.Time, Over);
                await Put(":\n\n"u8.ToArray());
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    /// <summary>Sends an event.</summary>
    /// <param name="id">The operation's; null where the whole response is one.</param>
    /// <param name="payload">JSON on one line; empty = none.</param>
    /// <exception cref="OperationCanceledException">The client is gone or too slow, or the host stops.</exception>
    public async ValueTask Send(string name, string? id, ReadOnlyMemory<byte> payload)
    {
        using var text = new AnswerBuffer();
        Write(text, name, id, payload.Span);
        await Put(text.Memory);
    }

    /// <summary>Ends it; nothing more is sent.</summary>
    public void End() => _over.Cancel();

    public void Dispose()
    {
        _over.Dispose();
        _turn.Dispose();
    }

    private async ValueTask Put(ReadOnlyMemory<byte> bytes)
    {
        await _turn.WaitAsync(Over);
        try
        {
            Over.ThrowIfCancellationRequested();
            if (await Taken(bytes))
                return;
            await TellTooSlow();
            await _over.CancelAsync();
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            _context.Abort();
            await _over.CancelAsync();
        }
        finally
        {
            _turn.Release();
        }
        throw new OperationCanceledException();
    }

    private async ValueTask TellTooSlow()
    {
        using var answer = GraphQLAnswer.Of([new AnswerError(_parts.Patience.TooSlow)], _language);
        using var text = new AnswerBuffer();
        foreach (var id in Running())
        {
            Write(text, "next", id, answer.Body.Span);
            Write(text, "complete", id, default);
        }
        await Taken(text.Memory);
    }

    private ValueTask<bool> Taken(ReadOnlyMemory<byte> bytes) => _parts.Patience.Taken(new ValueTask(_context.Response.Body.WriteAsync(bytes, _context.RequestAborted).AsTask()));

    private static void Write(AnswerBuffer text, string name, string? id, ReadOnlySpan<byte> payload)
    {
        text.Write("event: "u8);
        text.Write(System.Text.Encoding.ASCII.GetBytes(name));
        text.Write("\ndata: "u8);
        if (id is null)
            text.Write(payload);
        else
        {
            text.Write("{\"id\":"u8);
            text.WriteText(id);
            if (!payload.IsEmpty)
            {
                text.Write(",\"payload\":"u8);
                text.Write(payload);
            }
            text.Write("}"u8);
        }
        text.Write("\n\n"u8);
    }
}
