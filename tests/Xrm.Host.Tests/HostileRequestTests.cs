using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Xrm.Host.Tests;

/// <summary>Requests that no well-meaning program sends: each is told what is wrong with it, and the host goes on.</summary>
public sealed class HostileRequestTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServingHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ServingHost.Start(_folder.Path);
        await _host.SignIn();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("""{"query":"query($a: String) { __typename }","variables":{"\ud800":1}}""")]
    [InlineData("""{"query":"query($w: PersonFilter) { persons(where: $w) { totalCount } }","variables":{"w":{"\udc00":1}}}""")]
    [InlineData("""{"query":"mutation($e: [EditInput!]!) { commit(input: { id: \"9b7951f4-4270-48f9-85a3-4df8a62ea994\", edits: $e }) { commit { id } } }","variables":{"e":[{"create":{"type":"Person","id":"9b7951f4-4270-48f9-85a3-4df8a62ea995","values":{"familyName":"A","\ud800":1}}}]}}""")]
    [InlineData("""{"query":"mutation { createPerson(input: { familyName: \"\\ud800\" }) { person { familyName } } }"}""")]
    [InlineData("""{"query":"mutation { createPerson(input: { familyName: \"\\ud83d.\" }) { person { familyName } } }"}""")]
    [InlineData("""{"query":"subscription { changes { id } }"}""")]
    public async Task What_is_no_text_or_cannot_be_run_is_INVALID(string body)
    {
        var answer = await Send(body);
        answer.ShouldContain("\"code\":\"INVALID\"");
        answer.ShouldNotContain("INTERNAL");
        await GoesOn();
        _host.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_character_written_as_a_pair_of_surrogates_is_text() =>
        (await Send("""{"query":"mutation { createPerson(input: { familyName: \"\\ud83d\\ude00\" }) { person { familyName } } }"}""")).ShouldContain("""{"familyName":"\uD83D\uDE00"}""");

    [Fact]
    public async Task A_body_that_is_not_transferred_as_HTTP_has_it_is_400_and_no_alarm()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _host.Address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /graphql HTTP/1.1\r\nHost: here\r\nAuthorization: {_host.Http.DefaultRequestHeaders.Authorization}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n{{\r\n0\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(stream);

        (await reader.ReadToEndAsync(Cancellation)).ShouldStartWith("HTTP/1.1 400");

        await GoesOn();
        _host.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Behind_a_proxy_with_TLS_a_page_of_the_same_origin_may_use_its_session_and_no_other_page()
    {
        var link = new Uri(_host.Greeting.Split('\n').First(l => l.Contains("/sign-in", StringComparison.Ordinal)).Split(' ')[^1].Trim());
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = _host.Address };
        (await browser.GetAsync(link, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        (await Post("same-origin", "application/json")).ShouldBe(HttpStatusCode.OK);
        (await Post("same-site", "application/json")).ShouldBe(HttpStatusCode.Forbidden);
        (await Post("cross-site", "application/json")).ShouldBe(HttpStatusCode.Forbidden);
        (await Post("same-origin", "application/x-www-form-urlencoded")).ShouldBe(HttpStatusCode.Forbidden);
        (await Post(null, "application/json")).ShouldBe(HttpStatusCode.Forbidden);

        async Task<HttpStatusCode> Post(string? site, string type)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new StringContent("""{"query":"{ me { id } }"}""", Encoding.UTF8, new MediaTypeHeaderValue(type)) };
            request.Headers.Host = "xrm.example";
            request.Headers.Add("Origin", "https://xrm.example");
            if (site is not null)
                request.Headers.Add("Sec-Fetch-Site", site);
            using var answer = await browser.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
    }

    private async Task<string> Send(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _host.Http.PostAsync(new Uri("/graphql", UriKind.Relative), content, Cancellation);
        ((int)answer.StatusCode).ShouldBeLessThan(500);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task GoesOn() => (await _host.Ask("{ __typename }")).ToJsonString().ShouldBe("""{"data":{"__typename":"Query"}}""");
}
