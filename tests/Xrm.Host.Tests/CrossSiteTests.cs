using System.Net;
using System.Text;

namespace Xrm.Host.Tests;

/// <summary>What a page elsewhere can do with the session of somebody who is signed in here: nothing. And who is shown the explorer.</summary>
public sealed class CrossSiteTests : IAsyncLifetime
{
    private const string Json = "application/json";
    private const string Page = "text/html,*/*;q=0.8";

    private readonly TemporaryFolder _folder = new();
    private ServingHost _host = null!;
    private HttpClient _browser = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ServingHost.Start(_folder.Path, environment: ("XRM_GRAPHQL_EXPLORER", "administrators"));
        _browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = _host.Address };
        var link = _host.Greeting.Split('\n').First(l => l.Contains("/sign-in", StringComparison.Ordinal)).Split(' ')[^1].Trim();
        (await _browser.GetAsync(new Uri(link), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_session_is_good_for_JSON_from_our_own_pages_alone()
    {
        (await Post(Json)).ShouldBe(HttpStatusCode.OK);
        (await Post(Json, ("Sec-Fetch-Site", "same-origin"))).ShouldBe(HttpStatusCode.OK);
        (await Post(Json, ("Origin", _host.Address.GetLeftPart(UriPartial.Authority)))).ShouldBe(HttpStatusCode.OK);
        foreach (var type in (string[])[Json, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
        {
            (await Post(type, ("Sec-Fetch-Site", "cross-site"))).ShouldBe(HttpStatusCode.Forbidden);
            (await Post(type, ("Sec-Fetch-Site", "same-site"))).ShouldBe(HttpStatusCode.Forbidden);
            (await Post(type, ("Origin", "https://elsewhere.example"))).ShouldBe(HttpStatusCode.Forbidden);
            (await Post(type, ("Origin", "null"))).ShouldBe(HttpStatusCode.Forbidden);
            if (type != Json)
                (await Post(type)).ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task A_page_elsewhere_is_not_let_in_when_it_asks_first_and_cannot_read_by_GET()
    {
        using var asks = new HttpRequestMessage(HttpMethod.Options, "/graphql");
        asks.Headers.Add("Origin", "https://elsewhere.example");
        asks.Headers.Add("Access-Control-Request-Method", "POST");
        asks.Headers.Add("Access-Control-Request-Headers", "content-type");
        using var answer = await _browser.SendAsync(asks, Cancellation);
        answer.IsSuccessStatusCode.ShouldBeFalse();
        answer.Headers.Any(h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)).ShouldBeFalse();
        (await Get("/graphql?query={me{id}}", "*/*", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_explorer_is_shown_to_administrators_who_are_signed_in_where_the_setting_says_so()
    {
        var (status, text) = await Get("/graphql", Page);
        status.ShouldBe(HttpStatusCode.OK);
        text.ShouldContain("/graphql/explorer/explorer.js");
        (await Get("/graphql/explorer/explorer.js", "*/*")).Status.ShouldBe(HttpStatusCode.OK);

        using var nobody = new HttpRequestMessage(HttpMethod.Get, "/graphql");
        nobody.Headers.Add("Accept", Page);
        using var answer = await _host.Http.SendAsync(nobody, Cancellation);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldSatisfyAllConditions(t => t.ShouldContain("xrm user link"), t => t.ShouldNotContain("explorer.js"));
    }

    private async Task<HttpStatusCode> Post(string type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"query":"{ me { roles } }"}""")) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await _browser.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private async Task<(HttpStatusCode Status, string Text)> Get(string path, string accept, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await _browser.SendAsync(request, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
