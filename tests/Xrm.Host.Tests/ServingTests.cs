using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Host.Tests;

/// <summary>What a host that serves does, seen from outside.</summary>
public sealed class ServingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_demo_serves_every_plugin_and_says_how_to_ask()
    {
        await using var host = await ServingHost.Start(_folder.Path, "--urls http://127.0.0.1:0", ("XRM_DEMO", "1"));

        host.Greeting.ShouldContain("/sign-in?code=");
        var token = host.Greeting.Split("Bearer ")[1].Split('\'')[0];
        host.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        (await host.Ask("{ me { roles } greetings { totalCount } persons { totalCount } }")).ToJsonString()
            .ShouldBe("""{"data":{"me":{"roles":["administrator"]},"greetings":{"totalCount":0},"persons":{"totalCount":2000}}}""");
    }

    [Fact]
    public async Task Health_says_that_it_is_ready_and_how_many_plugins_were_refused_but_not_which()
    {
        await using var host = await ServingHost.Start(_folder.Path, "--urls http://127.0.0.1:0 --plugins parties,nowhere");

        (await host.Http.GetStringAsync(new Uri("/health/live", UriKind.Relative), Cancellation)).ShouldBe("""{"status":"live"}""");
        (await host.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancellation)).ShouldBe("""{"status":"ready","plugins":1,"refused":1}""");
    }

    [Fact]
    public async Task Nobody_signed_in_sees_only_health_and_signing_in()
    {
        await using var host = await ServingHost.Start(_folder.Path);

        (await host.Ask("{ persons { totalCount } }"))["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("UNAUTHENTICATED");
        (await host.Http.GetAsync(new Uri("/graphql/schema.graphql", UriKind.Relative), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Http.GetAsync(new Uri("/", UriKind.Relative), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Http.PostAsync(new Uri("/operator/token-list", UriKind.Relative), null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_carries_its_roles_and_is_worth_nothing_once_revoked()
    {
        await using var host = await ServingHost.Start(_folder.Path);
        await host.SignIn("token create --name portal --role integrator --days 3");
        (await host.Ask("{ me { roles } }")).ToJsonString().ShouldBe("""{"data":{"me":{"roles":["integrator"]}}}""");

        (await Command.Run(_folder.Path, "token revoke portal")).ShouldBeDone();

        (await host.Ask("{ me { roles } }"))["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("UNAUTHENTICATED");
        File.ReadAllText(Path.Combine(_folder.Path, "credentials.json")).ShouldNotContain("xrm_");
    }

    [Fact]
    public async Task Tokens_of_nobody_are_refused_and_soon_made_to_wait()
    {
        await using var host = await ServingHost.Start(_folder.Path);
        host.Http.DefaultRequestHeaders.Authorization = new("Bearer", "xrm_nobody");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
            answers.Add((await host.Http.GetAsync(new Uri("/graphql?query={__typename}", UriKind.Relative), Cancellation)).StatusCode);
        answers[0].ShouldBe(HttpStatusCode.Unauthorized);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);

        await host.SignIn();
        (await host.Ask("{ __typename }")).ToJsonString().ShouldBe("""{"data":{"__typename":"Query"}}""");
    }

    [Fact]
    public async Task The_first_sign_in_link_opens_a_session_once()
    {
        await using var host = await ServingHost.Start(_folder.Path);
        var link = new Uri(host.Greeting.Split('\n').First(l => l.Contains("/sign-in", StringComparison.Ordinal)).Split(' ')[^1].Trim());
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = host.Address };

        var first = await browser.GetAsync(link, Cancellation);
        first.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        first.Headers.GetValues("Set-Cookie").Single().ShouldSatisfyAllConditions(c => c.ShouldContain("httponly"), c => c.ShouldContain("samesite=lax"));
        (await browser.GetAsync(link, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Post(browser, null)).ShouldContain("administrator");
        (await Post(browser, "https://elsewhere.example")).ShouldContain("FORBIDDEN");
        using var form = new StringContent("""{"query":"{ me { roles } }"}""", Encoding.UTF8, "text/plain");
        (await browser.PostAsync(new Uri("/graphql", UriKind.Relative), form, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        async Task<string> Post(HttpClient client, string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new StringContent("""{"query":"{ me { roles } }"}""", Encoding.UTF8, "application/json") };
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            using var answer = await client.SendAsync(request, Cancellation);
            return await answer.Content.ReadAsStringAsync(Cancellation);
        }
    }

    [Fact]
    public async Task What_was_answered_is_there_after_the_process_was_killed()
    {
        var ids = new List<string>();
        await using (var host = await ServingHost.Start(_folder.Path))
        {
            await host.SignIn();
            for (var i = 0; i < 25; i++)
                ids.Add((await Create(host, i))["data"]!["createPerson"]!["person"]!["id"]!.GetValue<string>());
            await host.Kill();
        }

        await using var again = await ServingHost.Start(_folder.Path);
        await again.SignIn("token create --name again");
        var found = await again.Ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", new JsonObject { ["ids"] = new JsonArray([.. ids.Select(i => (JsonNode)i)]) });
        found["data"]!["nodes"]!.AsArray().Select(n => n!["id"]!.GetValue<string>()).ShouldBe(ids);
        (await Create(again, 99))["errors"].ShouldBeNull();
        (await Command.Run(_folder.Path, "check")).ShouldBeDone();

        static Task<JsonNode> Create(ServingHost host, int number) =>
            host.Ask($$"""mutation { createPerson(input: { familyName: "NOM{{number}}" }) { person { id } } }""");
    }

    [Fact]
    public async Task Asked_to_end_it_ends_well_and_takes_its_socket_away()
    {
        await using var host = await ServingHost.Start(_folder.Path);
        File.GetUnixFileMode(Path.Combine(_folder.Path, "run", "host.sock")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await host.Stop()).ShouldBe(0);

        File.Exists(Path.Combine(_folder.Path, "host.json")).ShouldBeFalse();
        File.Exists(Path.Combine(_folder.Path, "run", "host.sock")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_request_of_ten_megabytes_or_two_thousand_levels_is_refused_and_the_host_goes_on()
    {
        await using var host = await ServingHost.Start(_folder.Path);
        await host.SignIn();

        using var large = new StringContent("{\"query\":\"{ me { id } } #" + new string('x', 10 << 20) + "\"}", Encoding.UTF8, "application/json");
        string said;
        try
        {
            said = await (await host.Http.PostAsync(new Uri("/graphql", UriKind.Relative), large, Cancellation)).Content.ReadAsStringAsync(Cancellation);
        }
        catch (HttpRequestException)
        {
            // The host may close the connection on somebody who goes on sending.
            said = "LIMIT";
        }
        said.ShouldContain("LIMIT");
        var deep = string.Concat(Enumerable.Repeat("{ a ", 2000)) + new string('}', 2000);
        (await host.Ask(deep))["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("LIMIT");

        (await host.Ask("{ __typename }")).ToJsonString().ShouldBe("""{"data":{"__typename":"Query"}}""");
    }
}
