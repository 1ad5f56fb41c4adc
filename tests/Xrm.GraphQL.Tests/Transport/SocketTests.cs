using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>Sockets by graphql-transport-ws, message by message.</summary>
public sealed class SocketTests(TransportServer server) : IClassFixture<TransportServer>
{
    private const string Changes = "subscription { changes { id } }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nonsense", 4400)]
    [InlineData("[]", 4400)]
    [InlineData("""{"type":"hello"}""", 4400)]
    [InlineData("""{"type":"subscribe","payload":{"query":"{ me { id } }"}}""", 4400)]
    [InlineData("""{"id":"1","type":"subscribe","payload":{}}""", 4400)]
    [InlineData("""{"id":"1","type":"subscribe","payload":{"query":7}}""", 4400)]
    [InlineData("""{"id":"1","type":"subscribe","payload":{"query":"{ me { id } }","variables":[]}}""", 4400)]
    [InlineData("""{"id":"1","type":"subscribe","payload":{"query":"\ud800"}}""", 4400)]
    [InlineData("""{"type":"connection_init"}""", 4429)]
    public async Task What_is_not_of_the_protocol_closes_the_socket(string message, int code)
    {
        using var client = await SocketClient.Open(server);
        await client.Send(message);
        (await client.End()).Code.ShouldBe(code);
    }

    [Fact]
    public async Task So_does_a_message_that_is_binary_or_too_large()
    {
        using var binary = await SocketClient.Open(server);
        await binary.Send("""{"type":"ping"}""", isBinary: true);
        (await binary.End()).Code.ShouldBe(4400);
        using var large = await SocketClient.Open(server);
        await large.Send($$$"""{"type":"ping","payload":{"x":"{{{new string('x', 1 << 20)}}}"}}""");
        (await large.End()).Code.ShouldBe(1009);
    }

    [Fact]
    public async Task Who_does_not_say_who_it_is_or_is_nobody_is_not_let_in()
    {
        using var early = await SocketClient.Connect(server);
        await early.Subscribe("1", Changes);
        (await early.End()).Code.ShouldBe(4401);
        using var nobody = await SocketClient.Connect(server, headers: ("X-Nobody", "1"));
        await nobody.Send("""{"type":"connection_init"}""");
        (await nobody.End()).Code.ShouldBe(4401);
        using var stranger = await SocketClient.Connect(server);
        await stranger.Send("""{"type":"connection_init","payload":{"Authorization":"Bearer nobody"}}""");
        (await stranger.End()).Code.ShouldBe(4401);
        using var other = await SocketClient.Connect(server, "graphql-ws");
        (await other.End()).ShouldBe((null, 4406, "Subprotocol not acceptable"));
    }

    [Fact]
    public async Task What_is_said_at_the_beginning_comes_before_what_came_with_the_request()
    {
        server.Callers.Tokens["reader"] = TownServer.Reader;
        using var client = await SocketClient.Connect(server, headers: ("X-Nobody", "1"));
        await client.Send("""{"type":"connection_init","payload":{"authorization":"Bearer reader"}}""");
        (await client.Read()).ShouldBe("""{"type":"connection_ack"}""");
        await client.Subscribe("1", "{ me { id } }");
        (await client.Read()).ShouldBe("""{"id":"1","type":"next","payload":{"data":{"me":{"id":"user:reader"}}}}""");
        (await client.Read()).ShouldBe("""{"id":"1","type":"complete"}""");
    }

    [Fact]
    public async Task A_ping_is_answered_with_what_it_brought()
    {
        using var client = await SocketClient.Connect(server);
        await client.Send("""{"type":"ping","payload":{"at":1}}""");
        (await client.Read()).ShouldBe("""{"type":"pong","payload":{"at":1}}""");
        await client.Send("""{"type":"pong"}""");
        await client.Send("""{"type":"ping"}""");
        (await client.Read()).ShouldBe("""{"type":"pong"}""");
        await client.Close();
    }

    [Fact]
    public async Task An_id_is_taken_until_its_operation_is_complete()
    {
        using var client = await SocketClient.Open(server);
        for (var i = 0; i < 3; i++)
        {
            await client.Subscribe("é\"1", Changes);
            await client.Send("""{"id":"é\"1","type":"complete"}""");
        }
        await client.Subscribe("é\"1", "{ nothing }");
        (await client.Read())!.ShouldStartWith("""{"id":"é\"1","type":"error","payload":[{"message":"Cannot query field""");
        await client.Subscribe("é\"1", Changes);
        await client.Subscribe("é\"1", Changes);
        (await client.End()).ShouldBe((null, 4409, "Subscriber for é\"1 already exists"));
        using var other = await SocketClient.Open(server);
        for (var i = 0; i < 2; i++)
            await other.Subscribe("x" + string.Concat(Enumerable.Repeat("😀", 200)), Changes);
        (await other.End()).Reason.ShouldBe($"Subscriber for x{string.Concat(Enumerable.Repeat("😀", 19))} already exists");
    }

    [Fact]
    public async Task Operations_run_side_by_side()
    {
        using var client = await SocketClient.Open(server);
        await client.Subscribe("changes", $$"""subscription { changes(types: ["Complaint"], after: "{{await server.Town.Head()}}") { field after } }""");
        await client.Subscribe("thing", $$"""subscription { complaint(id: "{{TownServer.Id(72)}}") { subject } }""");
        (await client.Read()).ShouldBe("""{"id":"thing","type":"next","payload":{"data":{"complaint":{"subject":"Lampadaire"}}}}""");
        await client.Subscribe("write", $$"""mutation { updateComplaint(id: "{{TownServer.Id(72)}}", set: { subject: "Éclairage" }, onConflict: OVERWRITE) { complaint { subject } } }""");
        var told = new List<string?>();
        for (var i = 0; i < 4; i++)
            told.Add(await client.Read());
        told.ShouldBe(
        [
            """{"id":"changes","type":"next","payload":{"data":{"changes":{"field":"subject","after":"Éclairage"}}}}""",
            """{"id":"thing","type":"next","payload":{"data":{"complaint":{"subject":"Éclairage"}}}}""",
            """{"id":"write","type":"next","payload":{"data":{"updateComplaint":{"complaint":{"subject":"Éclairage"}}}}}""",
            """{"id":"write","type":"complete"}""",
        ], ignoreOrder: true);
        await client.Close();
    }

    [Fact]
    public async Task Who_is_signed_out_is_told_and_the_socket_is_closed()
    {
        await using var own = await TransportServer.Start(new() { Pulse = TimeSpan.FromMilliseconds(5) });
        own.Callers.Tokens["short"] = TownServer.Admin;
        using var client = await SocketClient.Open(own, ("X-Token", "short"));
        await client.Subscribe("1", Changes);

        own.Callers.Tokens.Clear();

        var (last, code, _) = await client.End();
        code.ShouldBe(4401);
        var error = JsonNode.Parse(last!)!;
        (error["id"]!.GetValue<string>(), error["type"]!.GetValue<string>(), error["payload"]![0]!["extensions"]!["code"]!.GetValue<string>()).ShouldBe(("1", "error", "UNAUTHENTICATED"));
    }

    [Fact]
    public async Task There_are_limits_to_how_many_operations_and_connections_one_has()
    {
        await using var own = await TransportServer.Start(new() { Operations = 2, Connections = 1 });
        using var client = await SocketClient.Open(own);
        foreach (var id in (string[])["1", "2", "3"])
            await client.Subscribe(id, Changes);
        JsonNode.Parse((await client.Read())!)!["payload"]![0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"LIMIT","rule":"operations"}""");
        using var second = await SocketClient.Connect(own);
        await second.Send("""{"type":"connection_init"}""");
        (await second.End()).Code.ShouldBe(4503);

        await client.Close();

        await Until(() => own.Parts.Streams.Count == 0);
        using var third = await SocketClient.Open(own);
    }

    [Fact]
    public async Task A_connection_that_does_not_begin_in_time_is_closed()
    {
        var clock = new HandClock();
        await using var own = await TransportServer.Start(new(), clock);
        using var client = await SocketClient.Connect(own);
        await clock.IsWaitedFor(new StreamLimits().Init);
        clock.Ring(new StreamLimits().Init);
        (await client.End()).ShouldBe((null, 4408, "Connection initialisation timeout"));
    }

    [Fact]
    public async Task When_the_host_stops_sockets_are_closed_so_that_clients_come_again()
    {
        await using var own = await TransportServer.Start(new());
        using var client = await SocketClient.Open(own);
        await client.Subscribe("1", $$"""subscription { person(id: "{{TownServer.Id(1)}}") { id } }""");
        (await client.Read())!.ShouldContain("next");

        var stopping = own.Stop();

        (await client.End()).ShouldBe((null, 1001, "The host stops"));
        await stopping;
        own.Parts.Streams.Count.ShouldBe(0);
    }

    internal static async Task Until(Func<bool> isSo)
    {
        while (!isSo())
            await Task.Delay(5, Cancellation);
    }
}
