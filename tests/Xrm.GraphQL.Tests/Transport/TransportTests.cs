using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests.Transport;

public sealed class TransportTests(TransportServer server) : IClassFixture<TransportServer>
{
    private const string Json = "application/json";
    private const string GraphQL = "application/graphql-response+json";

    [Theory]
    [InlineData(Json, """{"query":"{ __typename }"}""", 200)]
    [InlineData(GraphQL, """{"query":"{ __typename }"}""", 200)]
    [InlineData(Json, """{"query":"{ nope }"}""", 200)]
    [InlineData(GraphQL, """{"query":"{ nope }"}""", 400)]
    [InlineData(GraphQL, """{"query":"{ person(id: \"x\") { id } }"}""", 200)]
    [InlineData(GraphQL, """{"query":"{ persons(first: 9999) { totalCount } }"}""", 400)]
    [InlineData(Json, """{"query":""", 400)]
    [InlineData(GraphQL, """{"query":"\ud800"}""", 400)]
    [InlineData(GraphQL, """{"query":7}""", 400)]
    [InlineData(GraphQL, """{}""", 400)]
    [InlineData(GraphQL, """[]""", 400)]
    [InlineData(GraphQL, """{"query":"{ __typename }","variables":[]}""", 400)]
    [InlineData(GraphQL, """{"query":"{ __typename }","variables":null,"operationName":null,"extensions":null}""", 200)]
    public async Task A_posted_request_has_its_status(string accept, string body, int status)
    {
        using var answer = await Post(body, accept);
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.ToString().ShouldBe(accept + "; charset=utf-8");
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        (json["data"] is not null || json["errors"] is not null).ShouldBeTrue();
    }

    [Fact]
    public async Task Get_reads_and_refuses_to_write()
    {
        using var read = await Get("query=" + Uri.EscapeDataString("query($id: ID!) { person(id: $id) { givenName } }") + "&variables=" + Uri.EscapeDataString($$"""{"id":"{{TownServer.Id(1)}}"}"""));
        (await Text(read)).ShouldBe("""{"data":{"person":{"givenName":"Zoé"}}}""");
        using var write = await Get("query=" + Uri.EscapeDataString($$"""mutation { deletePerson(id: "{{TownServer.Id(1)}}", expectedVersion: 1) { id } }"""));
        write.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        write.Content.Headers.Allow.ShouldBe(["POST"]);
        using var put = await server.Client.PutAsync(server.Address, new StringContent("{}"), TestContext.Current.CancellationToken);
        put.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("text/html", 406)]
    [InlineData("*/*", 200)]
    [InlineData("application/*;q=0.5", 200)]
    public async Task What_is_accepted_is_answered(string accept, int status)
    {
        using var answer = await Post("""{"query":"{ __typename }"}""", accept);
        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/json; charset=latin1", 415)]
    [InlineData("application/json; charset=utf-8", 200)]
    public async Task Bodies_are_json_in_utf_8(string contentType, int status)
    {
        using var content = new ByteArrayContent("""{"query":"{ __typename }"}"""u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var answer = await server.Client.PostAsync(server.Address, content, TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_10_MB_is_refused_with_one_clear_error(bool chunked)
    {
        var body = """{"query":"{ __typename }","variables":{"x":" """ + new string('x', 10 << 20) + "\"}}";
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent(body, Encoding.UTF8, Json) };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var told = await Text(answer);
        told.ShouldStartWith("""{"errors":[{"message":"Le corps dépasse 1048576 octets.","extensions":{"code":"LIMIT","rule":"bodyBytes","limit":1048576""");
        told.Contains("figure", StringComparison.Ordinal).ShouldBe(!chunked);
        using var next = await Post("""{"query":"{ __typename }"}""", Json);
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Variables_of_2_000_levels_are_refused_with_one_clear_error()
    {
        using var answer = await Post("""{"query":"{ __typename }","variables":{"x":""" + new string('[', 2_000) + new string(']', 2_000) + "}}", GraphQL);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await Text(answer))!["errors"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_signed_in_is_401()
    {
        foreach (var accept in (string[])[Json, GraphQL])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent("""{"query":"{ __typename }"}""", Encoding.UTF8, Json) };
            request.Headers.Add("X-Nobody", "1");
            request.Headers.Accept.ParseAdd(accept);
            using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await Text(answer)).ShouldContain("UNAUTHENTICATED");
        }
        using var schema = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/graphql/schema.graphql"));
        schema.Headers.Add("X-Nobody", "1");
        using var refused = await server.Client.SendAsync(schema, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null, "Connectez")]
    [InlineData("en", "Sign in")]
    [InlineData("en-GB,fr;q=0.5", "Sign in")]
    [InlineData("de,fr;q=0.9,en;q=0.8", "Connectez")]
    [InlineData("de", "Connectez")]
    public async Task Messages_are_in_the_language_asked_for(string? language, string begins)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent("""{"query":"{ __typename }"}""", Encoding.UTF8, Json) };
        request.Headers.Add("X-Nobody", "1");
        if (language is not null)
            request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        JsonNode.Parse(await Text(answer))!["errors"]![0]!["message"]!.GetValue<string>().ShouldStartWith(begins);
    }

    [Fact]
    public async Task The_schema_is_there_as_text()
    {
        using var answer = await server.Client.GetAsync(new Uri(server.Address, "/graphql/schema.graphql"), TestContext.Current.CancellationToken);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await Text(answer)).ShouldBe(server.Town.Service.SchemaText);
    }

    private async Task<HttpResponseMessage> Post(string body, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent(body, Encoding.UTF8, Json) };
        request.Headers.Accept.ParseAdd(accept);
        return await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private Task<HttpResponseMessage> Get(string query) => server.Client.GetAsync(new Uri(server.Address, "/graphql?" + query), TestContext.Current.CancellationToken);

    private static Task<string> Text(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
