using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Xrm.Host.Tests.Plugins;

/// <summary>Plugins by <c>POST /plugins</c> and GraphQL, on a serving host.</summary>
public sealed class PluginMutationTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServingHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ServingHost.Start(_folder.Path, environment: ("XRM_PLUGINS", "parties"));
        _host.Http.DefaultRequestHeaders.AcceptLanguage.Add(new("en"));
        await _host.SignIn();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_package_that_was_sent_is_planned_installed_updated_and_removed()
    {
        var (one, two) = (await Send("LedgerOne"), await Send("LedgerTwo"));
        var plan = (await Done($"planPlugin(package: \"{one}\") {{ hash isRefused refusals {{ rule }} lines {{ kind part name }} permissions {{ writes }} trustedBy }}"));
        plan["lines"]!.AsArray().Select(l => $"{l!["kind"]} {l["part"]} {l["name"]}").ShouldBe(["ADDED ENTITY_TYPE Entry", "ADDED FIELD Entry.subject", "ADDED FIELD Entry.amountText"], ignoreOrder: true);
        plan["refusals"]!.AsArray().Select(r => r!["rule"]!.GetValue<string>()).ShouldBe(["trust"]);

        (await Refused($"installPlugin(package: \"{one}\") {{ plan {{ hash }} }}", "FORBIDDEN")).ShouldContain("xrm plugin trust add");
        var installed = await Done($"installPlugin(package: \"{one}\", plan: {plan["hash"]!.ToJsonString()}, trustOnce: true) {{ plan {{ trustedBy }} plugin {{ id version condition permissions {{ writes }} }} }}");
        installed.ToJsonString().ShouldBe("""{"plan":{"trustedBy":"once"},"plugin":{"id":"ledger","version":"1.0.0","condition":"RUNNING","permissions":{"writes":["Entry"]}}}""");
        await Done("createEntry(input: { subject: \"Rent\", amountText: \"12.50\" }) { entry { id } }");
        await Done($"updatePlugin(package: \"{two}\", trustOnce: true) {{ plugin {{ version }} remarks {{ en }} }}");
        (await Asked("{ entries { nodes { title amount page { name } } } }"))["entries"]!["nodes"]!.ToJsonString().ShouldBe("""[{"title":"Rent (1.5)","amount":"12.5","page":{"name":"Page Rent (1.5)"}}]""");
        (await Done("restorePlugin(id: \"ledger\") { plugin { version } }"))["plugin"]!["version"]!.GetValue<string>().ShouldBe("1.0.0");
        (await Asked("{ entries { nodes { subject } } }"))["entries"]!["nodes"]!.AsArray().Count.ShouldBe(1);
        var since = Stopwatch.GetTimestamp();
        (await Done("removePlugin(id: \"ledger\") { plugin { id } plan { isDestructive } isUnloaded }")).ToJsonString().ShouldBe("""{"plugin":null,"plan":{"isDestructive":true},"isUnloaded":null}""");
        // The request itself holds what was in force: it waits for no proof that this is gone, which would take five seconds in vain.
        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        (await _host.Ask("{ entries { nodes { subject } } }"))["errors"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Plugins_are_listed_and_changed_by_administrators_only()
    {
        (await Asked("{ plugins { id condition title { en } } }"))["plugins"]!.AsArray().Select(p => $"{p!["id"]} {p["condition"]}").ShouldBe(["elus AVAILABLE", "hello AVAILABLE", "parties RUNNING"]);
        (await Done("installPlugin(id: \"hello\") { plan { trustedBy } }"))["plan"]!["trustedBy"]!.GetValue<string>().ShouldBe("bundled");
        (await Done("disablePlugin(id: \"hello\") { plugin { condition } }"))["plugin"]!["condition"]!.GetValue<string>().ShouldBe("DISABLED");
        await Refused($"installPlugin(package: \"{new string('0', 64)}\") {{ plan {{ hash }} }}", "NOT_FOUND");
        await Refused("planPlugin(package: \"../secret\") { hash }", "NOT_FOUND");

        await _host.SignIn("token create --name portal --role integrator");
        (await Asked("{ plugins { id } }"))["plugins"]!.AsArray().ShouldBeEmpty();
        await Refused("enablePlugin(id: \"hello\") { plan { hash } }", "FORBIDDEN");
        await Refused("planPlugin(id: \"elus\") { hash }", "FORBIDDEN");
    }

    [Fact]
    public async Task A_plugin_that_leaves_its_code_in_memory_is_said_to_have_left_and_comes_back_all_the_same()
    {
        var package = Packages.Fixture("Leaks");
        (await Command.Run(_folder.Path, $"plugin install {package} --trust-once")).ShouldBeDone();
        (await Command.Run(_folder.Path, "plugin remove leaks")).ShouldBeDone().Out.ShouldNotContain("proven");

        // Requests that began on it may go on for half a minute; only then is it known.
        while ((await Left())?["held"] is null)
            await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        (await Left())!["condition"]!.GetValue<string>().ShouldBe("LEFT");
        (await Command.Run(_folder.Path, "plugin list")).ShouldBeDone().Out.ShouldContain("taken away, its code still in memory\n  earlier code still in memory: ");
        (await Command.Run(_folder.Path, $"plugin plan {package} --trust-once --json")).ShouldBeDone().Json["action"]!.GetValue<string>().ShouldBe("install");
        (await Command.Run(_folder.Path, $"plugin install {package} --trust-once")).ShouldBeDone();
        (await Left())!["condition"]!.GetValue<string>().ShouldBe("RUNNING");
    }

    private async Task<JsonNode?> Left() =>
        (await Asked("{ plugins { id condition held { en } } }"))["plugins"]!.AsArray().FirstOrDefault(p => p!["id"]!.GetValue<string>() == "leaks");

    private async Task<string> Send(string fixture)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(Packages.Fixture(fixture), Cancellation)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var answer = await _host.Http.PostAsync(new Uri("/plugins", UriKind.Relative), content, Cancellation);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!["package"]!.GetValue<string>();
    }

    private async Task<JsonNode> Asked(string query)
    {
        var answer = await _host.Ask(query);
        answer["errors"].ShouldBeNull(answer.ToJsonString());
        return answer["data"]!;
    }

    private async Task<JsonNode> Done(string mutation) => (await Asked($"mutation {{ {mutation} }}"))[mutation[..mutation.IndexOf('(', StringComparison.Ordinal)]]!;

    private async Task<string> Refused(string mutation, string code)
    {
        var answer = await _host.Ask($"mutation {{ {mutation} }}");
        var error = answer["errors"]!.AsArray().ShouldHaveSingleItem()!;
        error["extensions"]!["code"]!.GetValue<string>().ShouldBe(code, answer.ToJsonString());
        return error["message"]!.GetValue<string>();
    }
}
