using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Host.Tests.Plugins;

/// <summary><c>/plugins/&lt;id&gt;/…</c>, seen from outside, answered by a plugin that was installed while the host served.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServingHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ServingHost.Start(_folder.Path, environment: [("XRM_LIMIT_SECONDS", "1"), ("XRM_PLUGINS", "parties")]);
        (await Command.Run(_folder.Path, $"plugin install {Packages.Fixture("Quay")} --trust-once")).ShouldBeDone();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_Endpoints_hook_answers_whoever_signed_in_with_what_they_may_see()
    {
        (await Send("boats")).ShouldBeRefused(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        await _host.SignIn();
        await Create("Zéphyr");
        await Create("Alizé");

        var boats = await Send("boats/by/name?q=a%20b&q=c");
        (boats.Status, boats.Text).ShouldBe((HttpStatusCode.OK, "Alizé\nZéphyr\nby/name; a b,c; False\n"));
        (boats.Header("Content-Security-Policy"), boats.Header("X-Content-Type-Options"), boats.Header("Cache-Control")).ShouldBe(("sandbox", "nosniff", "no-store"));
        // Of several paths that lead there the longest answers.
        (await Send("boats/count")).Text.ShouldBe("2");
        var posted = await Send("boats", "POST", "{\"é\":1}");
        (posted.Status, posted.Text, posted.Header("Content-Type")).ShouldBe((HttpStatusCode.Created, "{\"é\":1}", "application/json; charset=utf-8"));
        await _host.SignIn("token create --name portal --role integrator");
        (await Send("boats/count")).Text.ShouldBe("0");
    }

    [Fact]
    public async Task The_Endpoints_hook_answers_everybody_only_where_it_was_granted_as_public()
    {
        var tide = await Send("tide");

        (tide.Status, tide.Text, tide.Header("X-Quay"), tide.Header("Set-Cookie")).ShouldBe((HttpStatusCode.OK, "high", "1", null));
        (await Send("tide", language: "fr")).Text.ShouldBe("haute");
        foreach (var path in new[] { "boats", "boats/count", "refuses", "fails", "breaks", "hangs" })
            (await Send(path)).Status.ShouldBe(HttpStatusCode.Unauthorized, path);
    }

    [Fact]
    public async Task The_Endpoints_hook_is_asked_for_no_other_address_or_method()
    {
        await _host.SignIn();

        foreach (var path in new[] { "", "boatsmen", "Tide", "tid", "../quay2/tide" })
            (await Send(path)).ShouldBeRefused(HttpStatusCode.NotFound, "NOT_FOUND");
        (await Send("/plugins/parties/tide")).ShouldBeRefused(HttpStatusCode.NotFound, "NOT_FOUND");
        (await Send("/plugins/nobody/tide")).ShouldBeRefused(HttpStatusCode.NotFound, "NOT_FOUND");
        var deleted = await Send("boats", "DELETE");
        deleted.ShouldBeRefused(HttpStatusCode.MethodNotAllowed, "INVALID").Single().ShouldContain("GET, HEAD, POST");
        deleted.Header("Allow").ShouldBe("GET, HEAD, POST");
        var head = await Send("tide", "HEAD");
        (head.Status, head.Text, head.Header("Content-Length")).ShouldBe((HttpStatusCode.OK, "", "4"));
        (await Send("boats", "HEAD")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_Endpoints_hook_tells_a_Problem_and_nothing_of_an_exception()
    {
        await _host.SignIn();

        var refused = await Send("refuses");
        refused.ShouldBeRefused(HttpStatusCode.Conflict, "CONFLICT").ShouldBe(["The quay is taken."]);
        refused.Json["errors"]![0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"CONFLICT","field":"berth","rule":"taken"}""");
        var failed = await Send("fails");
        failed.ShouldBeRefused(HttpStatusCode.InternalServerError, "INTERNAL");
        failed.Text.ShouldNotContain("1234");
        failed.Json["errors"]![0]!["extensions"]!["traceId"]!.GetValue<string>().ShouldMatch("^[0-9a-f]{32}$");
        // Half of an answer is no answer: the connection is broken off.
        await Should.ThrowAsync<HttpRequestException>(() => Send("breaks"));
    }

    [Fact]
    public async Task The_Endpoints_hook_that_fails_again_and_again_switches_its_plugin_off_whatever_goes_well_elsewhere()
    {
        await _host.SignIn();
        for (var i = 0; i < 10; i++)
        {
            (await Send("fails")).Status.ShouldBe(HttpStatusCode.InternalServerError);
            (await Send("tide")).Status.ShouldBe(i < 9 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
        }

        (await Send("tide")).ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "UNAVAILABLE").Single().ShouldContain("10 failures in a row in The endpoint /plugins/quay/fails");
        (await Command.Run(_folder.Path, "plugin list")).ShouldBeDone().Out.ShouldContain("Quay  switched off after failures\n  10 failures in a row");
        (await Command.Run(_folder.Path, "plugin enable quay")).ShouldBeDone();
        (await Send("tide")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_Endpoints_hook_that_hangs_is_cut_and_its_plugin_switched_off()
    {
        await _host.SignIn();

        (await Send("hangs")).ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "UNAVAILABLE").Single().ShouldContain("within 1 seconds");

        (await Send("tide")).ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "UNAVAILABLE").Single().ShouldContain("/plugins/quay/hangs did not end");
        _host.Http.DefaultRequestHeaders.Authorization = null;
        // Why is for administrators.
        (await Send("tide")).ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "UNAVAILABLE").Single().ShouldNotContain("hangs");
        (await Send("/health/live")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task Create(string name) =>
        (await _host.Ask($"mutation {{ createBoat(input: {{ name: \"{name}\" }}) {{ boat {{ name }} }} }}"))["data"]!["createBoat"]!["boat"]!["name"]!.GetValue<string>().ShouldBe(name);

    private async Task<Told> Send(string path, string method = "GET", string? body = null, string language = "en")
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path.StartsWith('/') ? path : "/plugins/quay/" + path, UriKind.Relative));
        request.Headers.AcceptLanguage.Add(new(language));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _host.Http.SendAsync(request, Cancellation);
        var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation), headers);
    }

    private sealed record Told(HttpStatusCode Status, string Text, Dictionary<string, string> Headers)
    {
        public JsonNode Json => JsonNode.Parse(Text)!;

        public string? Header(string name) => Headers.GetValueOrDefault(name);

        public string[] ShouldBeRefused(HttpStatusCode status, string code) => (Status, Json).ShouldBeRefused(status, code);
    }
}
