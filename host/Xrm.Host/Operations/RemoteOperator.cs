using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Runs operations in the host that serves the data folder, through its socket.</summary>
internal sealed class RemoteOperator : IOperator
{
    private readonly EndPoint _host;

    private RemoteOperator(EndPoint host) => _host = host;

    /// <summary>Connects to a host's socket.</summary>
    /// <returns>Null when nobody listens there.</returns>
    public static RemoteOperator? Connect(string socket)
    {
        var host = new UnixDomainSocketEndPoint(socket);
        try
        {
            using var trial = OperatorCall.Open(host);
        }
        catch (SocketException e) when (e.SocketErrorCode is not SocketError.AccessDenied)
        {
            return null;
        }
        return new(host);
    }

    /// <remarks>The calling thread blocks, if it is not one of the pool, for which others wait.</remarks>
    public async Task<JsonObject> Run(string operation, JsonObject arguments, Stream? input, IReceiver receiver, CancellationToken cancellation) => Thread.CurrentThread.IsThreadPoolThread
        ? await Task.Factory.StartNew(() => Call(operation, arguments, input, receiver, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()
        : await Call(operation, arguments, input, receiver, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<JsonObject> Call(string operation, JsonObject arguments, Stream? input, IReceiver receiver, CancellationToken cancellation)
    {
        var run = EntityId.New().ToString();
        var sending = Task.CompletedTask;
        try
        {
            using var call = OperatorCall.Open(_host);
            // Being stopped is asked of the host, and its answer waited for: only it knows whether the commit was written before.
            await using var stopping = cancellation.Register(() => _ = Task.Run(() => Stop(run)));
            // What is still being sent when the answer is whole is wanted no more; where sending fails before, so does reading.
            sending = Task.Run(() => call.Send($"operator/{operation}?run={run}", arguments, input), CancellationToken.None);
            var status = call.ReadStatus();
            if (status != HttpStatusCode.OK)
                throw new Problem(ProblemCode.Unavailable, Label.Of(
                    $"Le service a répondu {(int)status} ; est-ce la même version de xrm ?", $"The host answered {(int)status}; is it the same version of xrm?"));
            return await Read(call, receiver, cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or JsonException)
        {
            throw Gone(sending.Exception?.InnerException ?? e);
        }
    }

    private static async Task<JsonObject> Read(OperatorCall call, IReceiver receiver, CancellationToken cancellation)
    {
        while (call.ReadLine() is { } line)
        {
            var message = JsonNode.Parse(line)!.AsObject();
            if (message["progress"] is { } progress)
                receiver.Progress(Wire.Progress(progress));
            else if (message["data"] is { } data)
                await receiver.Data(Encoding.UTF8.GetBytes(data.GetValue<string>()), CancellationToken.None);
            else if (message["bytes"] is { } bytes)
                await receiver.Bytes(Convert.FromBase64String(bytes.GetValue<string>()), CancellationToken.None);
            else if (message["faults"] is JsonArray faults)
                throw Wire.Problem(faults);
            else if (message["stopped"] is not null)
                throw new OperationCanceledException(cancellation);
            else if (message["result"] is JsonObject result)
            {
                message.Remove("result");
                return result;
            }
        }
        throw Gone(null);
    }

    private void Stop(string run)
    {
        try
        {
            using var call = OperatorCall.Open(_host);
            call.Send($"operator/stop?run={run}", [], null);
            call.ReadStatus();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The host is gone; the run's own answer tells so.
        }
    }

    private static Problem Gone(Exception? e) => new(ProblemCode.Unavailable, Label.Of(
        $"La liaison avec le service est coupée{(e is null ? "" : $" ({e.Message})")} : l'opération est faite en entier ou pas du tout ; relancez le service puis la commande pour le savoir.",
        $"The connection to the host broke{(e is null ? "" : $" ({e.Message})")}: the operation was done whole or not at all; start the host and give the command again to find out."));
}
