using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>Runs operations for commands of this machine: <c>POST /operator/NAME?run=ID</c>, only on the operator socket. The answer is JSON lines (<see cref="Wire"/>).</summary>
internal sealed class OperatorEndpoints(Composition host, ILogger log)
{
    public const string Root = "/operator/";
    private const int LongestArguments = 16 << 20;

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _runs = new(StringComparer.Ordinal);
    private readonly LargeOperations _large = new(host.Time);

    public async Task Answer(HttpContext context)
    {
        var name = context.Request.Path.Value![Root.Length..];
        var run = context.Request.Query["run"].ToString();
        if (context.Features.Get<Peer>() is not { IsOwner: true } peer || !HttpMethods.IsPost(context.Request.Method))
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (name == "stop")
            await Stop(run);
        else if (Operation.All.TryGetValue(name, out var operation))
        {
            if (operation.IsLarge)
                await _large.Run(() => Run(context, operation, peer, run));
            else
                await Run(context, operation, peer, run);
        }
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task Stop(string run)
    {
        if (_runs.TryGetValue(run, out var source))
            await source.CancelAsync();
    }

    private async Task Run(HttpContext context, Operation operation, Peer peer, string id)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } slow)
            slow.MinDataRate = null;
        // Whoever is shown an export may look at it for as long as he likes.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } patient)
            patient.MinDataRate = null;
        // Whoever asked may go away in the middle: then the operation stops too.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var known = id.Length > 0 && _runs.TryAdd(id, stop);
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        await context.Response.StartAsync(CancellationToken.None);
        await using var lines = new LineReceiver(context.Response.BodyWriter, host.Time);
        try
        {
            var (arguments, read) = await ReadArguments(context.Request.BodyReader, stop.Token);
            await using var input = context.Request.BodyReader.AsStream(leaveOpen: true);
            var result = await operation.Run(new(host, peer.Actor, arguments, input, lines) { Length = context.Request.ContentLength - read }, stop.Token);
            await lines.End("result", result);
        }
        catch (Problem problem)
        {
            await lines.End("faults", Wire.Of(problem.Faults));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await lines.End("stopped", JsonValue.Create(true));
        }
        catch (BadHttpRequestException)
        {
            // Whoever sent the file went away in the middle; nobody is there to be told.
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            log.LogError(e, "Operation {Operation} failed", operation.Name);
            await lines.End("faults", Wire.Of(Failure.Faults(e)));
        }
        finally
        {
            if (known)
                _runs.TryRemove(id, out _);
        }
    }

    /// <returns>They, and how many bytes they were.</returns>
    private static async Task<(JsonObject Arguments, int Read)> ReadArguments(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return (Parse(line), line.Length + 1);
            }
            if (read.IsCompleted || read.Buffer.Length > LongestArguments)
                throw new Problem(ProblemCode.Invalid, Label.Of("La demande ne commence pas par ses arguments.", "The request does not begin with its arguments."));
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static JsonObject Parse(byte[] line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            throw new Problem(ProblemCode.Invalid, Label.Of("Les arguments ne sont pas du JSON.", "The arguments are not JSON."));
        }
    }
}
