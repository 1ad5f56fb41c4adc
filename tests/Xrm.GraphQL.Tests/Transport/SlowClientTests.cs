using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>Clients that stop reading what they asked for.</summary>
public sealed class SlowClientTests
{
    private static readonly StreamLimits Limits = new() { Patience = TimeSpan.FromMinutes(7) };

    private readonly HandClock _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_reads_again_is_told_on_its_socket_and_cut()
    {
        await using var server = await TransportServer.Start(Limits, _clock);
        using var client = await SocketClient.Open(server);
        await Stall(server, query => client.Subscribe("1", query));

        var (last, code, reason) = await client.End();

        (code, reason).ShouldBe((4408, "The client reads too slowly"));
        var error = JsonNode.Parse(last!)!;
        (error["id"]!.GetValue<string>(), error["type"]!.GetValue<string>(), error["payload"]![0]!["extensions"]!.ToJsonString()).ShouldBe(("1", "error", """{"code":"LIMIT","rule":"patience"}"""));
        await SocketTests.Until(() => server.Parts.Streams.Count == 0);
    }

    [Fact]
    public async Task One_that_never_reads_again_is_cut()
    {
        await using var server = await TransportServer.Start(Limits, _clock);
        using var client = await SocketClient.Open(server);
        await Stall(server, query => client.Subscribe("1", query));

        _clock.Ring(Limits.Patience);

        await SocketTests.Until(() => server.Parts.Streams.Count == 0);
        await Should.ThrowAsync<WebSocketException>(client.End);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_stops_reading_events_is_told_among_them_if_it_reads_again_and_cut(bool readsAgain)
    {
        await using var server = await TransportServer.Start(Limits, _clock);
        using var client = new TcpClient { ReceiveBufferSize = 8 * 1024 };
        await Stall(server, query => Ask(client, server, query));

        if (!readsAgain)
            _clock.Ring(Limits.Patience);
        else
        {
            using var reader = new StreamReader(client.GetStream());
            var text = await reader.ReadToEndAsync(Cancellation);
            var told = text[text.LastIndexOf("event: next", StringComparison.Ordinal)..];
            told.ShouldContain("\"code\":\"LIMIT\",\"rule\":\"patience\"");
            told.ShouldContain("event: complete\ndata: \n\n");
        }

        await SocketTests.Until(() => server.Parts.Streams.Count == 0);
    }

    /// <summary>Subscribes, and writes what no buffer on the way can hold, so that the server waits for the client; longer than it has patience.</summary>
    private async Task Stall(TransportServer server, Func<string, Task> subscribe)
    {
        var many = string.Join(' ', Enumerable.Range(0, 16).Select(i => $"a{i}: after"));
        await subscribe($$"""subscription { changes(after: "{{await server.Town.Head()}}") { {{many}} } }""");
        var much = JsonSerializer.SerializeToElement(new string('x', 1_000_000));
        await server.Town.Engine.Commit(Commit.New().And(new Edit.Update("Person", TownServer.At(1), 1, Values.None.With(Town.Extra, much))), TownServer.Admin, Cancellation);
        await _clock.IsWaitedFor(Limits.Patience);
        _clock.Ring(Limits.Patience);
        await _clock.IsWaitedFor(Limits.Patience);
    }

    private static async Task Ask(TcpClient client, TransportServer server, string query)
    {
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /graphql?query={Uri.EscapeDataString(query)} HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n"), Cancellation);
        var beginning = new StringBuilder();
        var bytes = new byte[1];
        while (!beginning.ToString().EndsWith(":\n\n", StringComparison.Ordinal))
            beginning.Append((char)bytes[await client.GetStream().ReadAsync(bytes, Cancellation) - 1]);
    }
}
