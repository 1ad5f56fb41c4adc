using System.Net;
using System.Net.Http.Headers;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>The page that a browser is shown at /graphql.</summary>
public sealed class ExplorerTests(TransportServer server) : IClassFixture<TransportServer>
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Fact]
    public async Task It_works_in_a_browser()
    {
        var pictures = Environment.GetEnvironmentVariable("XRM_PICTURES") is { Length: > 0 } folder ? Path.GetFullPath(folder) : "";
        (await NodeScript.Run("explorer.mjs", "playwright-core@1.65.1", server.Address.AbsoluteUri, Chromium(), pictures)).ShouldContain("ok it fits a desk and a telephone, dark");
    }

    [Theory]
    [InlineData(Browser, "", "text/html")]
    [InlineData(Browser, "?query={__typename}", "application/json")]
    [InlineData(Browser, "?documentId=x", "application/json")]
    [InlineData("application/json, text/html;q=0.5", "", "application/json")]
    [InlineData("application/json", "", "application/json")]
    [InlineData("*/*", "", "application/json")]
    public async Task It_is_shown_to_who_wants_a_page_and_asks_for_nothing(string accept, string query, string mediaType)
    {
        using var answer = await Get("/graphql" + query, accept);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType);
    }

    [Theory]
    [InlineData("fr-FR", "<html lang=\"fr\">")]
    [InlineData("en", "<html lang=\"en\">")]
    public async Task It_is_in_the_language_asked_for_and_lets_nothing_from_elsewhere_in(string language, string begins)
    {
        using var answer = await Get("/graphql", Browser, language);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        page.ShouldContain(begins);
        page.ShouldNotContain("http:");
        page.ShouldNotContain("https:");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';");
        policy.ShouldNotContain("unsafe");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Its_parts_are_kept_by_the_browser_until_they_change()
    {
        using var first = await Get("/graphql/explorer/explorer.js", "*/*");
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/graphql/explorer/explorer.js"));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        foreach (var name in (string[])["explorer.html", "nothing.js", "..%2Fexplorer.js"])
        {
            using var none = await Get("/graphql/explorer/" + name, "*/*");
            none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    private async Task<HttpResponseMessage> Get(string path, string accept, string language = "fr")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path));
        request.Headers.Add("Accept", accept);
        request.Headers.AcceptLanguage.Add(StringWithQualityHeaderValue.Parse(language));
        return await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Chromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("There is no Chromium; test.sh installs it.");
}
