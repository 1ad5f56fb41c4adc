using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>Server-sent events by graphql-sse, request by request.</summary>
public sealed class EventTests(TransportServer server) : IClassFixture<TransportServer>
{
    private const string Changes = "subscription { changes { id } }";
    private const string Token = "X-GraphQL-Event-Stream-Token";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("text/event-stream; charset=utf-8, text/html;q=0.1")]
    public async Task A_query_is_answered_by_one_event_and_its_end(string accept)
    {
        using var posted = await Send(HttpMethod.Post, "", "{ me { id } }", ("Accept", accept));
        posted.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream; charset=utf-8");
        posted.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await Text(posted)).ShouldBe(":\n\nevent: next\ndata: {\"data\":{\"me\":{\"id\":\"user:admin\"}}}\n\nevent: complete\ndata: \n\n");
        using var got = await Send(HttpMethod.Get, "?query=" + Uri.EscapeDataString("{ me { id } }"), null, ("Accept", accept));
        (await Text(got)).ShouldBe(await Text(posted));
    }

    [Theory]
    [InlineData("text/event-stream, application/json")]
    [InlineData("text/event-stream;q=0, application/json")]
    [InlineData("*/*")]
    public async Task Who_takes_json_too_is_answered_in_json(string accept)
    {
        using var answer = await Send(HttpMethod.Post, "", Changes, ("Accept", accept));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await Text(answer)).ShouldContain("\"rule\":\"transport\"");
    }

    [Fact]
    public async Task What_graphql_refuses_is_an_event_and_what_the_transport_refuses_a_status()
    {
        using var wrong = await Send(HttpMethod.Post, "", "subscription { nothing }", Events);
        (await Text(wrong)).ShouldStartWith(":\n\nevent: next\ndata: {\"errors\":[{\"message\":\"Requête GraphQL invalide : ");
        using var write = await Send(HttpMethod.Get, "?query=" + Uri.EscapeDataString("mutation { createPerson(input: {}) { commit { id } } }"), null, Events);
        (await Text(write)).ShouldContain("\"rule\":\"method\"");
        foreach (var (method, query, headers, status) in ((HttpMethod, string, (string, string)[], HttpStatusCode)[])
        [
            (HttpMethod.Get, "", [Events], HttpStatusCode.BadRequest), (HttpMethod.Patch, "", [Events], HttpStatusCode.MethodNotAllowed),
            (HttpMethod.Get, "?query={__typename}", [Events, ("X-Nobody", "1")], HttpStatusCode.Unauthorized), (HttpMethod.Get, "", [Events, (Token, "unknown")], HttpStatusCode.NotFound),
            (HttpMethod.Get, "?token=unknown", [Events], HttpStatusCode.NotFound), (HttpMethod.Delete, "?operationId=1", [(Token, "unknown")], HttpStatusCode.NotFound), (HttpMethod.Put, "", [("X-Nobody", "1")], HttpStatusCode.Unauthorized),
        ])
        {
            using var answer = await Send(method, query, null, headers);
            answer.StatusCode.ShouldBe(status, $"{method} {query}");
            JsonNode.Parse(await Text(answer))!["errors"]!.AsArray().Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Operations_share_a_response_that_was_reserved()
    {
        using var reserved = await Send(HttpMethod.Put, "", null);
        reserved.StatusCode.ShouldBe(HttpStatusCode.Created);
        var token = (Token, await Text(reserved));
        using var early = await Ask("1", "{ me { id } }", token);
        early.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var stream = await Send(HttpMethod.Get, "", null, Events, token);
        using var events = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancellation));
        (await Read(events)).ShouldBe(":");

        using var query = await Ask("1", "{ me { id } }", token);
        query.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await Read(events)).ShouldBe("event: next\ndata: {\"id\":\"1\",\"payload\":{\"data\":{\"me\":{\"id\":\"user:admin\"}}}}");
        (await Read(events)).ShouldBe("event: complete\ndata: {\"id\":\"1\"}");
        using var changes = await Ask("2", Changes, token);
        foreach (var (id, text, status) in ((string, string, HttpStatusCode)[])[("", Changes, HttpStatusCode.BadRequest), ("2", Changes, HttpStatusCode.Conflict)])
        {
            using var refused = await Ask(id, text, token);
            refused.StatusCode.ShouldBe(status);
        }
        using var again = await Send(HttpMethod.Get, "", null, Events, token);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        server.Callers.Tokens["other"] = TownServer.Reader;
        using var stranger = await Ask("3", "{ me { id } }", token, ("X-Token", "other"));
        stranger.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var stopped = await Send(HttpMethod.Delete, "?operationId=2", null, token);
        stopped.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var same = await Ask("2", "{ __typename }", token);
        (await Read(events)).ShouldBe("event: next\ndata: {\"id\":\"2\",\"payload\":{\"data\":{\"__typename\":\"Query\"}}}");
    }

    [Fact]
    public async Task A_reservation_that_is_not_used_is_given_up_and_counts_until_then()
    {
        var clock = new HandClock();
        await using var own = await TransportServer.Start(new() { Connections = 1 }, clock);
        using var reserved = await own.Client.PutAsync(own.Address, null, Cancellation);
        using var tooMany = await own.Client.PutAsync(own.Address, null, Cancellation);
        ((int)tooMany.StatusCode).ShouldBe(429);

        clock.Ring(new StreamLimits().Init);

        own.Parts.Streams.Count.ShouldBe(0);
        using var other = await own.Client.PutAsync(own.Address, null, Cancellation);
        other.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task One_on_which_nothing_happens_gives_signs_of_life_and_ends_with_the_host()
    {
        var clock = new HandClock();
        await using var own = await TransportServer.Start(new(), clock);
        using var request = new HttpRequestMessage(HttpMethod.Get, own.Address + "?query=" + Uri.EscapeDataString(Changes));
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var stream = await own.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var events = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancellation));
        (await Read(events)).ShouldBe(":");
        for (var i = 0; i < 2; i++)
        {
            await clock.IsWaitedFor(new StreamLimits().KeepAlive);
            clock.Ring(new StreamLimits().KeepAlive);
            (await Read(events)).ShouldBe(":");
        }

        var stopping = own.Stop();

        (await events.ReadToEndAsync(Cancellation)).ShouldBe("");
        await stopping;
    }

    private static (string, string) Events => ("Accept", "text/event-stream");

    private Task<HttpResponseMessage> Ask(string id, string query, params (string Name, string Value)[] headers) =>
        SendJson(HttpMethod.Post, "", new JsonObject { ["query"] = query, ["extensions"] = new JsonObject { ["operationId"] = id } }, headers);

    private Task<HttpResponseMessage> Send(HttpMethod method, string query, string? document, params (string Name, string Value)[] headers) =>
        SendJson(method, query, document is null ? null : new JsonObject { ["query"] = document }, headers);

    private async Task<HttpResponseMessage> SendJson(HttpMethod method, string query, JsonObject? body, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, server.Address + query);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    /// <summary>The next event, or sign of life.</summary>
    private static async Task<string> Read(StreamReader events)
    {
        var lines = new List<string>();
        while (await events.ReadLineAsync(Cancellation) is { Length: > 0 } line)
            lines.Add(line);
        return string.Join('\n', lines);
    }

    private static Task<string> Text(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Cancellation);
}
