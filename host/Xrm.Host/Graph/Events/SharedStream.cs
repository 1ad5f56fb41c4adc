using Microsoft.AspNetCore.Http;
using Xrm.Sdk;

namespace Xrm.Host.Graph.Events;

/// <summary>A response that several operations of one actor share: reserved, then open, then over.</summary>
internal sealed class SharedStream
{
    private readonly StreamParts _parts;
    private readonly Func<Actor> _who;
    private readonly string _actor;
    private readonly Action _gone;
    private readonly ITimer _unopened;
    private EventStream? _stream;
    private volatile RunningOperations? _operations;

    /// <param name="gone">Called when it is over, or was not opened in time.</param>
    public SharedStream(StreamParts parts, Func<Actor> who, Action gone)
    {
        (_parts, _who, _gone, _actor) = (parts, who, gone, who().Id);
        _unopened = parts.Time.CreateTimer(_ => GiveUp(), null, parts.Limits.Init, Timeout.InfiniteTimeSpan);
    }

    public bool IsOf(Actor actor) => actor.Id == _actor;

    /// <summary>Sends what the operations tell, until the client is gone or the host stops.</summary>
    /// <exception cref="BadRequest">It is open already.</exception>
    public async Task Open(HttpContext context, string language)
    {
        using var stream = new EventStream(context, _parts, language) { Running = () => _operations?.Ids ?? [] };
        if (Interlocked.CompareExchange(ref _stream, stream, null) is not null)
            throw new BadRequest(StatusCodes.Status409Conflict, "token", "Ce flux est déjà ouvert.", "This stream is open already.", ProblemCode.Conflict);
        await _unopened.DisposeAsync();
        try
        {
            _operations = new(_parts, language, stream.Over);
            await stream.Begin();
            await stream.KeepAlive();
        }
        catch (OperationCanceledException)
        {
            // The client was told, or is gone; or the host stops.
        }
        finally
        {
            _gone();
            stream.End();
            await _operations!.Ended();
        }
    }

    /// <summary>Starts an operation; what it tells comes by the open response.</summary>
    /// <param name="body">Its <c>extensions.operationId</c> says what it is called. Disposed of when it is over.</param>
    /// <exception cref="BadRequest">It has no id or that of another, there are too many, or nothing is open to answer by.</exception>
    public void Start(RequestBody body)
    {
        if (body.OperationId is not { Length: > 0 } id)
            throw new BadRequest(StatusCodes.Status400BadRequest, "operationId", "« extensions.operationId » est obligatoire.", "\"extensions.operationId\" is required.");
        if (_operations is not { } operations || _stream!.Over.IsCancellationRequested)
            throw new BadRequest(StatusCodes.Status409Conflict, "token", "Ouvrez d'abord le flux (Accept: text/event-stream).", "Open the stream first (Accept: text/event-stream).", ProblemCode.Conflict);
        switch (operations.Start(id, body, _who, new EventReceiver(_stream, id)))
        {
            case Beginning.IsTaken:
                throw new BadRequest(StatusCodes.Status409Conflict, "operationId", $"L'opération {id} est déjà en cours.", $"Operation {id} runs already.", ProblemCode.Conflict);
            case Beginning.TooMany:
                var fault = RunningOperations.TooMany(_parts.Limits);
                throw new BadRequest(StatusCodes.Status429TooManyRequests, fault.Rule!, fault.Message.Fr, fault.Message.En, fault.Code);
        }
    }

    /// <summary>Stops an operation; nothing when it ended already.</summary>
    public void Stop(string id) => _operations?.Stop(id);

    private void GiveUp()
    {
        if (Volatile.Read(ref _stream) is null)
            _gone();
    }
}
