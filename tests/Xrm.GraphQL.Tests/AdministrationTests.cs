using System.Text.Json.Nodes;
using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>What administrators do with plugins.</summary>
public sealed class AdministrationTests
{
    private static readonly EntityType Bench = EntityType.Named("Bench", Label.Of("Banc", "Bench")).Plural("benches", Label.Of("Bancs", "Benches"));
    private static readonly Field<string> Wood = Bench.Text("wood", Label.Of("Bois", "Wood"));

    private static readonly ModelDescription Parks = new ModelBuilder("parks").Add(Bench)
        .PersonalData(Bench, Label.Of("Qui l'a offert", "Who gave it"), keepDays: 30)
        .Permissions(p => p.Read(Town.Person).Endpoint("map", isPublic: true).Host("tiles.example.org").Schedule("paint", TimeSpan.FromHours(2)))
        .Build() with { Version = "1.0.0" };

    [Fact]
    public async Task A_plan_says_all_that_would_be_done_and_nothing_is()
    {
        await using var server = await Server();
        var hash = server.Packages.Send(Parks);

        var plan = (await server.Ask("""
            mutation($package: String) { planPlugin(package: $package, trustOnce: true, cascade: true) {
              action id title { fr en } description { en } from to sha256 trustedBy affected isDestructive isRefused
              lines { kind part name plugin label { fr } isDestructive count remark { fr } }
              permissions { reads writes endpoints { path isPublic } hosts schedules { name every } } newPermissions { reads writes hosts }
              personalData { type purpose { fr } subject keepDays } migrations { to type what { en } } refusals { code message { fr } field rule } } }
            """, new { package = hash.ToUpperInvariant() }));

        Same(plan, $$$$"""
            {"data":{"planPlugin":{"action":"INSTALL","id":"parks","title":{"fr":"Module parks","en":"Plugin parks"},"description":{"en":"A trial."},"from":null,"to":"1.0.0","sha256":"{{{{hash}}}}","trustedBy":"once",
              "affected":["others"],"isDestructive":false,"isRefused":false,
              "lines":[{"kind":"ADDED","part":"ENTITY_TYPE","name":"Bench","plugin":"parks","label":{"fr":"Banc"},"isDestructive":false,"count":null,"remark":null},
                {"kind":"ADDED","part":"FIELD","name":"Bench.wood","plugin":"parks","label":{"fr":"Bois"},"isDestructive":false,"count":null,"remark":null}],
              "permissions":{"reads":["Person"],"writes":["Bench"],"endpoints":[{"path":"map","isPublic":true}],"hosts":["tiles.example.org"],"schedules":[{"name":"paint","every":"PT2H"}]},
              "newPermissions":{"reads":["Person"],"writes":[],"hosts":["tiles.example.org"]},
              "personalData":[{"type":"Bench","purpose":{"fr":"Qui l'a offert"},"subject":null,"keepDays":30}],"migrations":[],"refusals":[]}}}
            """);
        Same(await server.Ask("{ plugins { id } }"), """{"data":{"plugins":[]}}""");
        server.Town.Engine.Model.Type("Bench").ShouldBeNull();
    }

    [Fact]
    public async Task A_plugin_is_installed_updated_disabled_enabled_restored_and_removed()
    {
        await using var server = await Server();
        var content = Convert.ToBase64String(PackagesInMemory.Package(Parks));
        const string payload = "{ plan { from to isDestructive migrations { to type what { en } } } plugin { id version title { fr } condition reasons { fr } permissions { writes } restorable held { fr } } isUnloaded held { en } }";

        Same(await server.Ask($$"""mutation($content: String) { installPlugin(content: $content, trustOnce: true) {{payload}} }""", new { content }), """
            {"data":{"installPlugin":{"plan":{"from":null,"to":"1.0.0","isDestructive":false,"migrations":[]},
              "plugin":{"id":"parks","version":"1.0.0","title":{"fr":"Module parks"},"condition":"RUNNING","reasons":[],"permissions":{"writes":["Bench"]},"restorable":null,"held":null},"isUnloaded":null,"held":null}}}
            """);
        Same(await server.Ask("mutation { createBench(input: { wood: \"oak\" }) { bench { wood } } }"), """{"data":{"createBench":{"bench":{"wood":"oak"}}}}""");
        var package = server.Packages.Send(Parks with { Version = "1.1.0" });
        Same(await server.Ask($$"""mutation($package: String) { updatePlugin(package: $package, trustOnce: true) {{payload}} }""", new { package }), """
            {"data":{"updatePlugin":{"plan":{"from":"1.0.0","to":"1.1.0","isDestructive":false,"migrations":[{"to":"1.1.0","type":"Bench","what":{"en":"Paints the benches."}}]},
              "plugin":{"id":"parks","version":"1.1.0","title":{"fr":"Module parks"},"condition":"RUNNING","reasons":[],"permissions":{"writes":["Bench"]},"restorable":"1.0.0","held":null},"isUnloaded":false,"held":{"en":"a timer"}}}}
            """);
        Same(await server.Ask("""mutation { disablePlugin(id: "parks", cascade: true) { plan { isDestructive lines { name count } } plugin { condition } isUnloaded } }"""),
            """{"data":{"disablePlugin":{"plan":{"isDestructive":true,"lines":[{"name":"Bench","count":1},{"name":"Bench.wood","count":1}]},"plugin":{"condition":"DISABLED"},"isUnloaded":true}}}""");
        Same(await server.Ask("""mutation { enablePlugin(id: "parks") { plan { lines { kind count } } } restorePlugin(id: "parks") { plugin { version } } }"""),
            """{"data":{"enablePlugin":{"plan":{"lines":[{"kind":"RESTORED","count":1},{"kind":"RESTORED","count":1}]}},"restorePlugin":{"plugin":{"version":"1.0.0"}}}}""");
        Same(await server.Ask("{ plugins { id version condition } benches { nodes { wood } } }"), """{"data":{"plugins":[{"id":"parks","version":"1.0.0","condition":"RUNNING"}],"benches":{"nodes":[{"wood":"oak"}]}}}""");
        Same(await server.Ask("""mutation { removePlugin(id: "parks") { plugin { id } plan { action to } } }"""), """{"data":{"removePlugin":{"plugin":null,"plan":{"action":"REMOVE","to":null}}}}""");

        server.Packages.Requests.Select(r => (r.Action, r.TrustOnce, r.Cascade)).ShouldBe(
        [
            (PluginAction.Install, true, false), (PluginAction.Update, true, false), (PluginAction.Disable, false, true), (PluginAction.Enable, false, false), (PluginAction.Restore, false, false), (PluginAction.Remove, false, false),
        ]);
    }

    [Fact]
    public async Task Fields_of_a_document_after_a_swap_are_written_all_the_same()
    {
        await using var server = await Server();
        var content = Convert.ToBase64String(PackagesInMemory.Package(Parks));

        Same(await server.Ask("""
            mutation($content: String) {
              first: updatePerson(id: "#1", set: { givenName: "Zora" }, expectedVersion: 1) { person { givenName } }
              installPlugin(content: $content, trustOnce: true) { plugin { id } }
              second: updatePerson(id: "#1", set: { givenName: "Zoé" }, expectedVersion: 2) { person { givenName version } }
              removePlugin(id: "parks") { plan { id } }
              third: updatePerson(id: "#1", set: { children: 3 }, expectedVersion: 3) { person { children } }
            }
            """.Replace("#1", TownServer.Id(1), StringComparison.Ordinal), new { content }), """
            {"data":{"first":{"person":{"givenName":"Zora"}},"installPlugin":{"plugin":{"id":"parks"}},"second":{"person":{"givenName":"Zoé","version":3}},
              "removePlugin":{"plan":{"id":"parks"}},"third":{"person":{"children":3}}}}
            """);
    }

    [Fact]
    public async Task What_is_asked_of_a_type_that_the_same_document_took_away_is_told_and_the_rest_is_done()
    {
        await using var server = await Server();
        await server.Ask("mutation($c: String) { installPlugin(content: $c, trustOnce: true) { isUnloaded } }", new { c = Convert.ToBase64String(PackagesInMemory.Package(Parks)) });

        var answer = await server.Ask("""mutation { removePlugin(id: "parks") { plan { id } } createBench(input: { wood: "oak" }) { bench { wood } } }""");
        answer["data"].ShouldBeNull();
        Code(answer).ShouldBe("INVALID");
        (await server.Ask("{ plugins { id } }"))["data"]!["plugins"]!.AsArray().ShouldBeEmpty();

        await server.Ask("mutation($c: String) { installPlugin(content: $c, trustOnce: true) { isUnloaded } }", new { c = Convert.ToBase64String(PackagesInMemory.Package(Parks)) });
        answer = await server.Ask("""mutation { removePlugin(id: "parks") { plan { id } } updatePerson(id: "#1", set: { children: 4 }, expectedVersion: 1) { person { children } } createBench(input: {}) { bench { wood } } }""".Replace("#1", TownServer.Id(1), StringComparison.Ordinal));
        // The person was changed, and can be read by no document that names what is no longer there.
        Code(answer).ShouldBe("INVALID");
        answer["errors"]![0]!["path"]!.ToJsonString().ShouldBe("""["updatePerson"]""");
        Same(await server.Ask("""{ person(id: "#1") { children } }""".Replace("#1", TownServer.Id(1), StringComparison.Ordinal)), """{"data":{"person":{"children":4}}}""");
    }

    [Fact]
    public async Task A_plan_that_is_no_longer_what_would_be_done_is_a_conflict()
    {
        await using var server = await Server();
        var content = Convert.ToBase64String(PackagesInMemory.Package(Parks));
        const string install = "mutation($content: String, $plan: String) { installPlugin(content: $content, trustOnce: true, plan: $plan) { plan { hash } } }";
        var plan = await Hash();

        await server.Ask("""mutation { addCustomField(input: { type: "Person", name: "badge", fieldType: "text", labelFr: "Badge", labelEn: "Badge" }) { plan { hash } } }""");
        var refused = await server.Ask(install, new { content, plan });
        (refused["data"], Code(refused)).ShouldBe((null, "CONFLICT"));
        plan = await Hash();
        (await server.Ask(install, new { content, plan }))["data"]!["installPlugin"]!["plan"]!["hash"]!.GetValue<string>().ShouldBe(plan);

        async Task<string> Hash() => (await server.Ask("mutation($content: String) { planPlugin(content: $content, trustOnce: true) { hash } }", new { content }))["data"]!["planPlugin"]!["hash"]!.GetValue<string>();
    }

    [Fact]
    public async Task Refusals_are_told_by_the_plan_and_as_errors_when_it_is_done_in_the_callers_language()
    {
        await using var server = await Server();
        var content = Convert.ToBase64String(PackagesInMemory.Package(Parks with { EntityTypes = [Parks.EntityTypes[0] with { Name = "Plugin" }] }));

        var plan = (await server.Ask("mutation($content: String) { planPlugin(action: INSTALL, content: $content) { isRefused refusals { code field rule message { fr en } } } }", new { content }))["data"]!["planPlugin"]!;
        plan["isRefused"]!.GetValue<bool>().ShouldBeTrue();
        plan["refusals"]![0]!.ToJsonString().ShouldBe("""{"code":"FORBIDDEN","field":null,"rule":"trust","message":{"fr":"Nul ne fait confiance \u00E0 ce paquet.","en":"Nobody trusts this package."}}""");
        plan["refusals"]!.AsArray().ShouldContain(r => r!["rule"]!.GetValue<string>() == "clash");
        foreach (var (language, message) in ((string, string)[])[("fr", "Nul ne fait confiance à ce paquet."), ("en", "Nobody trusts this package.")])
        {
            var errors = (await server.Ask("mutation($content: String) { installPlugin(content: $content) { isUnloaded } }", new { content }, language: language))["errors"]!.AsArray();
            errors.Count.ShouldBe(plan["refusals"]!.AsArray().Count);
            errors[0]!["message"]!.GetValue<string>().ShouldBe(message);
        }
    }

    [Theory]
    [InlineData("installPlugin(package: \"00\") { isUnloaded }", "NOT_FOUND package")]
    [InlineData("installPlugin(package: \"00\", content: \"AA==\") { isUnloaded }", "INVALID content")]
    [InlineData("installPlugin(content: \"%\") { isUnloaded }", "INVALID content")]
    [InlineData("installPlugin { isUnloaded }", "INVALID id")]
    [InlineData("removePlugin { isUnloaded }", "INVALID id")]
    [InlineData("removePlugin(id: \"none\") { isUnloaded }", "NOT_FOUND id")]
    [InlineData("planPlugin(action: REMOVE, id: \"parks\", content: \"AA==\") { hash }", "INVALID content")]
    public async Task What_names_no_plugin_is_told(string mutation, string expected)
    {
        await using var server = await Server();

        var error = (await server.Ask($"mutation {{ {mutation} }}"))["errors"]![0]!["extensions"]!;

        $"{error["code"]!.GetValue<string>()} {error["field"]!.GetValue<string>()}".ShouldBe(expected);
    }

    [Fact]
    public async Task Others_see_no_plugin_and_change_none()
    {
        await using var server = await Server();
        await server.Ask("mutation($c: String) { installPlugin(content: $c, trustOnce: true) { isUnloaded } }", new { c = Convert.ToBase64String(PackagesInMemory.Package(Parks)) });
        var asked = server.Packages.Requests.Count;

        Same(await server.Ask("{ plugins { id } }", actor: TownServer.Reader), """{"data":{"plugins":[]}}""");
        foreach (var mutation in (string[])["planPlugin(package: \"00\") { hash }", "removePlugin(id: \"parks\") { isUnloaded }", "planCustomField(input: { type: \"Person\", name: \"x\" }) { hash }", "retireCustomField(type: \"Person\", name: \"x\") { plan { hash } }"])
            Code(await server.Ask($"mutation {{ {mutation} }}", actor: TownServer.Reader)).ShouldBe("FORBIDDEN", mutation);
        server.Packages.Requests.Count.ShouldBe(asked);
    }

    [Fact]
    public async Task Without_an_administration_plugins_are_not_in_the_schema_and_custom_fields_are()
    {
        await using var server = await TownServer.Empty();

        server.Service.SchemaText.ShouldNotContain("planPlugin");
        server.Service.SchemaText.ShouldNotContain("plugins: [Plugin!]!");
        server.Service.SchemaText.ShouldContain("planCustomField");
        await using var other = await Server();
        other.Town.Service.SchemaText.ShouldContain("planPlugin(");
        other.Town.Service.SchemaText.ShouldContain("plugins: [Plugin!]!");
    }

    [Fact]
    public async Task A_change_of_plugins_is_not_bound_by_the_time_of_a_request()
    {
        await using var server = await Server();
        var content = Convert.ToBase64String(PackagesInMemory.Package(Parks));
        var clock = new StoppedClock();
        var service = new GraphQLService(server.Town.Engine, new() { CursorKey = new byte[16], Limits = new() { Time = TimeSpan.FromSeconds(1) }, Time = clock, Administration = new Slow(server.Packages, clock) });

        using var variables = System.Text.Json.JsonDocument.Parse($$"""{"content":"{{content}}"}""");
        using var answer = await service.Execute(new("mutation($content: String) { installPlugin(content: $content, trustOnce: true) { plugin { id } } }", null, variables.RootElement), TownServer.Admin, "en", default);

        Same(JsonNode.Parse(answer.Body.Span)!, """{"data":{"installPlugin":{"plugin":{"id":"parks"}}}}""");
    }

    [Fact]
    public async Task Changes_tell_administrators_what_the_model_was_changed_for()
    {
        await using var server = await Server();
        await server.Ask("mutation($c: String) { installPlugin(content: $c, trustOnce: true) { isUnloaded } }", new { c = Convert.ToBase64String(PackagesInMemory.Package(Parks)) });
        const string query = "{ changes(first: 1000) { nodes { kind type field after } } }";

        (await server.Ask(query))["data"]!["changes"]!["nodes"]!.AsArray()[^1]!.ToJsonString().ShouldBe(
            """{"kind":"MODEL","type":"Model","field":null,"after":{"action":"install","subject":"parks","version":"1.0.0","added":["Bench","Bench.wood"],"parked":[],"changed":[]}}""");
        (await server.Ask(query, actor: TownServer.Reader))["data"]!["changes"]!["nodes"]!.AsArray()[^1]!.ToJsonString().ShouldBe("""{"kind":"MODEL","type":"Model","field":null,"after":null}""");
    }

    private static string Code(JsonNode answer) => answer["errors"]![0]!["extensions"]!["code"]!.GetValue<string>();

    private static void Same(JsonNode answer, string expected)
    {
        if (!JsonNode.DeepEquals(answer, JsonNode.Parse(expected)))
            answer.ToJsonString().ShouldBe(JsonNode.Parse(expected)!.ToJsonString());
    }

    private static async Task<Administered> Server()
    {
        PackagesInMemory packages = null!;
        var town = await TownServer.Filled(with: (engine, options) => options with
        {
            Administration = packages = new(engine),
            Packages = hash => packages.Sent.TryGetValue(hash, out var package) ? package : default(ReadOnlyMemory<byte>?),
        });
        return new(town, packages);
    }

    private sealed record Administered(TownServer Town, PackagesInMemory Packages) : IAsyncDisposable
    {
        public Task<JsonNode> Ask(string query, object? variables = null, Actor? actor = null, string language = "en") => Town.Ask(query, variables, actor, language);

        public ValueTask DisposeAsync() => Town.DisposeAsync();
    }

    /// <summary>Takes longer than a request may.</summary>
    private sealed class Slow(PackagesInMemory packages, StoppedClock clock) : IPluginAdministration
    {
        public System.Collections.Immutable.ImmutableArray<PluginStatus> Plugins => packages.Plugins;

        public ValueTask<PluginPlan> Plan(PluginRequest request, Actor actor, CancellationToken cancellation) => packages.Plan(request, actor, cancellation);

        public ValueTask<PluginOutcome> Apply(PluginRequest request, Actor actor, CancellationToken cancellation)
        {
            clock.Ring();
            cancellation.ThrowIfCancellationRequested();
            return packages.Apply(request, actor, cancellation);
        }
    }

    /// <summary>A clock whose timers ring when a test says so, if they are still set.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        private readonly List<Timer> _timers = [];

        public void Ring() => _timers.ForEach(t => t.Ring());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(callback, state) { IsSet = dueTime != Timeout.InfiniteTimeSpan };
            _timers.Add(timer);
            return timer;
        }

        private sealed class Timer(TimerCallback callback, object? state) : ITimer
        {
            public bool IsSet { get; set; }

            public void Ring()
            {
                if (IsSet)
                    callback(state);
            }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                IsSet = dueTime != Timeout.InfiniteTimeSpan;
                return true;
            }

            public void Dispose() => IsSet = false;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
