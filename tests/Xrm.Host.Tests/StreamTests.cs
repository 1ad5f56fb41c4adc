using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Host.Tests.Plugins;

namespace Xrm.Host.Tests;

/// <summary>Clients that stay connected to a host.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const string Changes = "subscription { changes { type } }";
    private readonly TemporaryFolder _folder = new();
    private ServingHost _host = null!;
    private string _token = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ServingHost.Start(_folder.Path);
        _token = await _host.SignIn();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_use_a_session_to_open_a_socket()
    {
        var link = new Uri(_host.Greeting.Split('\n').First(l => l.Contains("/sign-in", StringComparison.Ordinal)).Split(' ')[^1].Trim());
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        using var browser = new HttpClient(handler);
        (await browser.GetAsync(link, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var cookie = ("Cookie", handler.CookieContainer.GetCookieHeader(_host.Address));
        var own = _host.Address.GetLeftPart(UriPartial.Authority);

        foreach (var (origin, site, status) in ((string?, string?, HttpStatusCode)[])
        [
            (own, null, HttpStatusCode.SwitchingProtocols), (null, null, HttpStatusCode.SwitchingProtocols), ("https://xrm.example", "same-origin", HttpStatusCode.SwitchingProtocols),
            ("https://evil.example", null, HttpStatusCode.Forbidden), ("null", null, HttpStatusCode.Forbidden), (own, "cross-site", HttpStatusCode.Forbidden), (own, "same-site", HttpStatusCode.Forbidden),
        ])
        {
            var headers = new List<(string, string)> { cookie };
            if (origin is not null)
                headers.Add(("Origin", origin));
            if (site is not null)
                headers.Add(("Sec-Fetch-Site", site));
            using var socket = new ClientWebSocket();
            (await Connect(socket, headers)).ShouldBe(status, $"{origin} {site}");
        }
        using var stranger = new ClientWebSocket();
        (await Connect(stranger, [("Authorization", "Bearer nobody")])).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_that_is_revoked_hears_nothing_more()
    {
        var portal = (await Command.Run(_folder.Path, "token create --name portal")).ShouldBeDone().Out.Trim();
        using var socket = new ClientWebSocket();
        (await Connect(socket, [])).ShouldBe(HttpStatusCode.SwitchingProtocols);
        await Send(socket, new JsonObject { ["type"] = "connection_init", ["payload"] = new JsonObject { ["authorization"] = "Bearer " + portal } });
        (await Read(socket)).ShouldBe("""{"type":"connection_ack"}""");
        await Subscribe(socket, "1", Changes);
        await Subscribe(socket, "2", "{ me { roles } }");
        (await Read(socket)).ShouldBe("""{"id":"2","type":"next","payload":{"data":{"me":{"roles":["administrator"]}}}}""");
        (await Read(socket)).ShouldBe("""{"id":"2","type":"complete"}""");

        (await Command.Run(_folder.Path, "token revoke portal")).ShouldBeDone();
        await _host.Ask("mutation { createPerson(input: { familyName: \"SECRET\" }) { commit { id } } }");

        JsonNode.Parse((await Read(socket))!)!["payload"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("UNAUTHENTICATED");
        (await Read(socket)).ShouldBeNull();
        ((int)socket.CloseStatus!.Value).ShouldBe(4401);
    }

    [Fact]
    public async Task Open_subscriptions_hold_no_plugin_in_memory()
    {
        (await Command.Run(_folder.Path, $"plugin install {Packages.Fixture("LedgerOne")} --trust-once")).ShouldBeDone();
        using var socket = await Open();
        var head = (await _host.Ask("{ changes(first: 0) { head } }"))["data"]!["changes"]!["head"]!.GetValue<string>();
        await Subscribe(socket, "changes", $$"""subscription { changes(after: "{{head}}") { type } }""");
        await Subscribe(socket, "entry", "subscription { entry(id: \"00000001-0000-4000-8000-000000000000\") { amountText } }");
        (await Read(socket)).ShouldBe("""{"id":"entry","type":"next","payload":{"data":{"entry":null}}}""");

        (await Command.Run(_folder.Path, "plugin remove ledger")).ShouldBeDone().Out.ShouldContain("gone from memory: proven");

        var told = ((string[])[(await Read(socket))!, (await Read(socket))!]).Order(StringComparer.Ordinal).ToArray();
        told[0].ShouldBe("""{"id":"changes","type":"next","payload":{"data":{"changes":{"type":"Model"}}}}""");
        told[1].ShouldStartWith("""{"id":"entry","type":"error","payload":[{"message":"The model changed""");
        await _host.Ask("mutation { createPerson(input: { familyName: \"AFTER\" }) { commit { id } } }");
        (await Read(socket)).ShouldBe("""{"id":"changes","type":"next","payload":{"data":{"changes":{"type":"Person"}}}}""");
    }

    [Fact]
    public async Task Events_come_over_http_too_and_a_host_that_is_told_to_stop_closes_all_and_stops()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new StringContent(new JsonObject { ["query"] = Changes }.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        (await events.ReadLineAsync(Cancellation)).ShouldBe(":");
        using var socket = await Open();
        await Subscribe(socket, "1", Changes);
        await Subscribe(socket, "2", "{ me { isAdministrator } }");
        (await Read(socket))!.ShouldContain("true");
        (await Read(socket)).ShouldBe("""{"id":"2","type":"complete"}""");

        var exit = _host.Stop();

        (await Read(socket)).ShouldBeNull();
        ((int)socket.CloseStatus!.Value).ShouldBe(1001);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        (await events.ReadToEndAsync(Cancellation)).ShouldNotContain("complete");
        (await exit).ShouldBe(0);
        _host.Error.ShouldBeEmpty();
    }

    private async Task<ClientWebSocket> Open()
    {
        var socket = new ClientWebSocket();
        (await Connect(socket, [("Authorization", "Bearer " + _token), ("Accept-Language", "en")])).ShouldBe(HttpStatusCode.SwitchingProtocols);
        await Send(socket, new JsonObject { ["type"] = "connection_init" });
        (await Read(socket)).ShouldBe("""{"type":"connection_ack"}""");
        return socket;
    }

    private async Task<HttpStatusCode> Connect(ClientWebSocket socket, IEnumerable<(string Name, string Value)> headers)
    {
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.AddSubProtocol("graphql-transport-ws");
        foreach (var (name, value) in headers)
            socket.Options.SetRequestHeader(name, value);
        try
        {
            await socket.ConnectAsync(new UriBuilder(_host.Address) { Scheme = "ws", Path = "/graphql" }.Uri, Cancellation);
        }
        catch (WebSocketException)
        {
            // The status tells.
        }
        return socket.HttpStatusCode;
    }

    private static Task Subscribe(ClientWebSocket socket, string id, string query) =>
        Send(socket, new JsonObject { ["id"] = id, ["type"] = "subscribe", ["payload"] = new JsonObject { ["query"] = query } });

    private static Task Send(ClientWebSocket socket, JsonObject message) => socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, Cancellation);

    /// <summary>The next message, short ones only; null when the socket is closed.</summary>
    private static async Task<string?> Read(ClientWebSocket socket)
    {
        var bytes = new byte[8 * 1024];
        var read = await socket.ReceiveAsync(bytes, Cancellation);
        read.EndOfMessage.ShouldBeTrue();
        return read.MessageType == WebSocketMessageType.Close ? null : Encoding.UTF8.GetString(bytes, 0, read.Count);
    }
}
