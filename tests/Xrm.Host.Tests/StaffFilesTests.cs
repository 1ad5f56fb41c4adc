using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Xrm.Host.Tests;

/// <summary>How the staff app's files are answered.</summary>
public sealed partial class StaffFilesTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServingHost _host = null!;
    private HttpClient _stranger = null!, _browser = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ServingHost.Start(_folder.Path);
        _stranger = Client();
        _browser = Client();
        var link = _host.Greeting.Split('\n').First(l => l.Contains("/sign-in", StringComparison.Ordinal)).Split(' ')[^1].Trim();
        (await _browser.GetAsync(new Uri(link), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    public async ValueTask DisposeAsync()
    {
        _stranger.Dispose();
        _browser.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/records/persons?where=a%20b")]
    [InlineData("/search?text=x")]
    public async Task Who_is_not_signed_in_is_led_to_where_one_does_and_back_afterwards(string path)
    {
        using var answer = await _stranger.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.ToString().ShouldBe("/sign-in?returnUrl=" + Uri.EscapeDataString(path));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/records/persons")]
    [InlineData("/records/persons/01912345-0000-7000-8000-000000000000")]
    [InlineData("/search?text=x")]
    public async Task Every_address_of_the_app_is_answered_by_its_first_page_which_loads_nothing_from_elsewhere(string path)
    {
        using var answer = await _browser.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.Split(';').Single(p => p.Trim().StartsWith("script-src", StringComparison.Ordinal)).ShouldNotContain("unsafe-inline");
        var page = await answer.Content.ReadAsStringAsync(Cancellation);
        Elsewhere().Matches(page).Select(m => m.Value).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_named_by_its_content_is_kept_for_good_and_the_rest_is_asked_about()
    {
        var page = await _browser.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation);
        var script = Runtime().Match(page).Value;
        using var kept = await _stranger.GetAsync(new Uri("/" + script, UriKind.Relative), Cancellation);
        kept.StatusCode.ShouldBe(HttpStatusCode.OK);
        kept.Headers.CacheControl!.MaxAge!.Value.TotalDays.ShouldBeGreaterThan(300);
        kept.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);

        using var asked = await _stranger.GetAsync(new Uri("/app.css", UriKind.Relative), Cancellation);
        asked.Headers.CacheControl!.NoCache.ShouldBeTrue();
        using var again = new HttpRequestMessage(HttpMethod.Get, "/app.css");
        again.Headers.IfNoneMatch.Add(asked.Headers.ETag!);
        using var same = await _stranger.SendAsync(again, Cancellation);
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await same.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Files_are_sent_as_compressed_as_the_build_made_them_to_who_accepts_it()
    {
        foreach (var encoding in (string[])["br", "gzip"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/app.css");
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
            using var answer = await _stranger.SendAsync(request, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            var bytes = await answer.Content.ReadAsByteArrayAsync(Cancellation);
            bytes.Length.ShouldBe((int)answer.Content.Headers.ContentLength!);
            if (answer.Content.Headers.ContentEncoding.Count > 0)
                answer.Content.Headers.ContentEncoding.ShouldBe([encoding]);
        }
        using var head = await _stranger.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/app.css"), Cancellation);
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var post = await _stranger.PostAsync(new Uri("/app.css", UriKind.Relative), new StringContent(""), Cancellation);
        post.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("/../credentials.json")]
    [InlineData("/staff.js/..%2f..%2fcredentials.json")]
    [InlineData("/_framework/nothing.wasm")]
    [InlineData("/Xrm.Staff.staticwebassets.endpoints.json")]
    public async Task Nothing_else_of_the_machine_is_answered(string path)
    {
        using var answer = await _stranger.GetAsync(new Uri(_host.Address + path.TrimStart('/'), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = _host.Address };

    [GeneratedRegex("""(?:src|href)="(?:https?:)?//[^"]*""")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("""_framework/blazor\.webassembly\.\w+\.js""")]
    private static partial Regex Runtime();
}
