using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Xrm.Host.Tests;

/// <summary>A start as a demonstration: who can be tried on, and what is there to be found.</summary>
public sealed partial class DemonstrationTests : IDisposable
{
    private const string Counts = "{ persons { totalCount } organisations { totalCount } }";
    private static readonly (string, string) Demo = ("XRM_DEMO", "1");
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_invents_data_once_and_what_was_cut_off_is_completed_by_the_next_start()
    {
        const string all = """{"data":{"persons":{"totalCount":2000},"organisations":{"totalCount":300}}}""";
        using (var cut = Command.Start(_folder.Path, "serve --urls http://127.0.0.1:0", false, Demo))
        {
            // Killed in the midst: all of it is some seven megabytes.
            var written = new FileInfo(Path.Combine(_folder.Path, "store.log"));
            for (; !written.Exists || written.Length < 1_500_000; written.Refresh())
                await Task.Delay(2, Cancellation);
            cut.Kill();
            await cut.WaitForExitAsync(Cancellation);
        }
        await using (var host = await ServingHost.Start(_folder.Path, environment: Demo))
        {
            host.Greeting.ShouldContain("Invented data loaded");
            await host.SignIn();
            (await host.Ask(Counts)).ToJsonString().ShouldBe(all);
            // What the tasks speak of.
            var mayor = (await host.Ask("""{ electiveFunctions(at: "2026-11-01", where: { functionType: { eq: "mayor" }, mandate: { constituency: { name: { eq: "Aubreval-sur-Sorane" } } } }) { nodes { validFrom mandate { holder { displayName } } } } }"""));
            mayor["data"]!["electiveFunctions"]!["nodes"]!.AsArray().Count.ShouldBe(1, mayor.ToJsonString());
            var history = (await host.Ask("""{ organisations(search: "atelier des trois ponts") { nodes { history(first: 50) { nodes { at actorName field } } } } }"""))["data"]!["organisations"]!["nodes"]![0]!["history"]!["nodes"]!.AsArray();
            var corrected = history.Last(c => c!["field"]?.GetValue<string>() == "preferredLabel")!;
            corrected["actorName"]!.GetValue<string>().ShouldBe("Hugo Lemaire");
            var past = corrected["at"]!.GetValue<string>();
            (await host.Ask("query($at: DateTime!) { organisations(search: \"atelier des\", asOf: $at) { nodes { preferredLabel } } }", new JsonObject { ["at"] = string.Concat(past.AsSpan(0, 10), "T00:00:00Z") }))
                .ToJsonString().ShouldContain("Atelier des 3 ponts");
            (await host.Stop()).ShouldBe(0);
        }
        (await Command.Run(_folder.Path, "check")).ShouldBeDone();
        await using var again = await ServingHost.Start(_folder.Path, environment: Demo);
        again.Greeting.ShouldNotContain("Invented data loaded");
        await again.SignIn("token create --name again");
        (await again.Ask(Counts)).ToJsonString().ShouldBe(all);
    }

    [Fact]
    public async Task Without_it_nothing_is_invented_and_what_is_there_already_is_left_alone()
    {
        await using (var host = await ServingHost.Start(_folder.Path))
        {
            await host.SignIn();
            (await host.Ask("""mutation { createPerson(input: { familyName: "SEULE" }) { person { id } } }"""))["errors"].ShouldBeNull();
            (await host.Http.GetStringAsync(new Uri("/sign-in", UriKind.Relative), Cancellation)).ShouldNotContain("Hugo Lemaire");
            (await host.Stop()).ShouldBe(0);
        }
        await using var demo = await ServingHost.Start(_folder.Path, environment: Demo);
        await demo.SignIn("token create --name later");
        (await demo.Ask(Counts)).ToJsonString().ShouldBe("""{"data":{"persons":{"totalCount":1},"organisations":{"totalCount":0}}}""");
    }

    [Fact]
    public async Task People_can_be_tried_on_by_a_form_of_our_own_page_and_no_more_when_it_is_over()
    {
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies };
        var session = "";
        await using (var host = await ServingHost.Start(_folder.Path, environment: Demo))
        {
            using var browser = new HttpClient(handler, disposeHandler: false) { BaseAddress = host.Address };
            var own = host.Address.GetLeftPart(UriPartial.Authority);
            var page = await browser.GetAsync(new Uri("/sign-in?returnUrl=%2Frecords%2FPerson", UriKind.Relative), Cancellation);
            var text = await page.Content.ReadAsStringAsync(Cancellation);
            page.Headers.GetValues("Content-Security-Policy").Single().ShouldSatisfyAllConditions(p => p.ShouldContain("form-action 'self'"), p => p.ShouldNotContain("unsafe-inline"));
            var token = Token().Match(text).Groups[1].Value;

            (await Post(browser, own, ("demo", "clerk"), ("token", (token[0] == '0' ? "1" : "0") + token[1..]), ("returnUrl", "/"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await Post(browser, "https://elsewhere.example", ("demo", "clerk"), ("token", token))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await Post(browser, null, ("demo", "clerk"), ("token", token))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await Post(browser, own, ("demo", "nobody"), ("token", token))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            using (var other = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address })
                (await Post(other, own, ("demo", "clerk"), ("token", token))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            foreach (var (asked, to) in ((string, string)[])[("https://elsewhere.example", "/"), ("//elsewhere.example", "/"), ("/\\elsewhere.example", "/"), ("/\t/elsewhere.example", "/"), ("/records/Person?q=%C3%A9", "/records/Person?q=%C3%A9")])
                (await Post(browser, own, ("demo", "clerk"), ("token", token), ("returnUrl", asked))).Headers.Location!.OriginalString.ShouldBe(to);

            session = cookies.GetCookies(host.Address)["xrm_session"]!.Value;
            (await Ask(browser)).ShouldBe("""{"data":{"me":{"name":"Hugo Lemaire","roles":["agent","assemblyOffice"]}}}""");
            var signedOut = await Post(browser, own);
            (signedOut.StatusCode, signedOut.Headers.Location!.OriginalString).ShouldBe((HttpStatusCode.SeeOther, "/sign-in"));
            (await Ask(browser)).ShouldContain("UNAUTHENTICATED");
            (await Post(browser, own, ("demo", "reader"), ("token", token))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
            session = cookies.GetCookies(host.Address)["xrm_session"]!.Value;
            (await Ask(browser)).ShouldContain("Odile Vasseur");
        }
        await using var later = await ServingHost.Start(_folder.Path);
        later.Greeting.ShouldContain("/sign-in?code=");
        using var stale = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = later.Address };
        stale.DefaultRequestHeaders.Add("Cookie", "xrm_session=" + session);
        (await Ask(stale)).ShouldContain("UNAUTHENTICATED");
    }

    private static async Task<HttpResponseMessage> Post(HttpClient browser, string? origin, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await browser.SendAsync(request, Cancellation);
    }

    private static async Task<string> Ask(HttpClient browser)
    {
        using var body = new StringContent("""{"query":"{ me { name roles } }"}""", Encoding.UTF8, "application/json");
        return await (await browser.PostAsync(new Uri("/graphql", UriKind.Relative), body, Cancellation)).Content.ReadAsStringAsync(Cancellation);
    }

    [GeneratedRegex("name=\"token\" value=\"([0-9a-f]+)\"")]
    private static partial Regex Token();
}
