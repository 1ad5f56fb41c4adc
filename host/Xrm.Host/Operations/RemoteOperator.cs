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
    private readonly HttpClient _client;

    private RemoteOperator(HttpClient client) => _client = client;

    /// <summary>Connects to a host's socket.</summary>
    /// <returns>Null when nobody listens there.</returns>
    public static async Task<RemoteOperator?> Connect(string socket, CancellationToken cancellation)
    {
        var endpoint = new UnixDomainSocketEndPoint(socket);
        using (var trial = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            try
            {
                await trial.ConnectAsync(endpoint, cancellation);
            }
            catch (SocketException e) when (e.SocketErrorCode is not SocketError.AccessDenied)
            {
                return null;
            }
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(endpoint, token);
                return new NetworkStream(connection, ownsSocket: true);
            },
            UseProxy = false,
        };
        // HTTP/2, so that answers come while the file is still on its way, and one given early does not tear the connection.
        return new(new HttpClient(handler)
        {
            BaseAddress = new Uri("http://operator/"),
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        });
    }

    public async Task<JsonObject> Run(string operation, JsonObject arguments, Stream? input, IReceiver receiver, CancellationToken cancellation)
    {
        var run = EntityId.New().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"operator/{operation}?run={run}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new OperationContent(arguments, input),
        };
        // Being stopped is asked of the host, and its answer waited for: only it knows whether the commit was written before.
        await using var stopping = cancellation.Register(() => _ = Stop(run));
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
        }
        catch (HttpRequestException e)
        {
            throw Gone(e);
        }
        using (response)
        {
            if (response.StatusCode != HttpStatusCode.OK)
                throw new Problem(ProblemCode.Unavailable, Label.Of(
                    $"Le service a répondu {(int)response.StatusCode} ; est-ce la même version de xrm ?", $"The host answered {(int)response.StatusCode}; is it the same version of xrm?"));
            return await Read(response, receiver, cancellation);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<JsonObject> Read(HttpResponseMessage response, IReceiver receiver, CancellationToken cancellation)
    {
        try
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(CancellationToken.None), Encoding.UTF8);
            while (await lines.ReadLineAsync(CancellationToken.None) is { } line)
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
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
        {
            throw Gone(e);
        }
        throw Gone(null);
    }

    private async Task Stop(string run)
    {
        try
        {
            using var answer = await _client.PostAsync(new Uri($"operator/stop?run={run}", UriKind.Relative), null, CancellationToken.None);
        }
        catch (HttpRequestException)
        {
            // The host is gone; the run's own answer tells so.
        }
    }

    private static Problem Gone(Exception? e) => new(ProblemCode.Unavailable, Label.Of(
        $"La liaison avec le service est coupée{(e is null ? "" : $" ({e.Message})")} : l'opération est faite en entier ou pas du tout ; relancez le service puis la commande pour le savoir.",
        $"The connection to the host broke{(e is null ? "" : $" ({e.Message})")}: the operation was done whole or not at all; start the host and give the command again to find out."));
}

/// <summary>What a command sends: a line of JSON, the arguments, and behind it the file as it is.</summary>
internal sealed class OperationContent(JsonObject arguments, Stream? input) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(arguments.ToJsonString(Wire.Options) + "\n"));
        await stream.FlushAsync();
        if (input is not null)
            await input.CopyToAsync(stream, 1 << 16);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
