using System.Text.Json.Nodes;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

public sealed class ComputedFieldTests
{
    private readonly List<int> _calls = [];

    [Theory]
    [InlineData("{ persons { nodes { familyName } } }", new int[0])]
    [InlineData("{ persons { nodes { parks_steps } } }", new[] { 4 })]
    [InlineData("{ persons { nodes { a: parks_steps b: parks_steps } edges { node { parks_steps } } } }", new[] { 4 })]
    [InlineData("query { persons { nodes { parks_steps @skip(if: true) } } }", new int[0])]
    [InlineData("{ mandates { nodes { holder { parks_steps } } } }", new[] { 3 })]
    [InlineData("{ persons { nodes { parks_steps mandates(during: {}) { nodes { holder { parks_steps } } } } } }", new[] { 4, 3 })]
    [InlineData("{ nodes(ids: [\"00000000-0000-7000-8000-000000000001\", \"00000000-0000-7000-8000-000000000041\", \"00000000-0000-7000-8000-000000000001\"]) { ... on Person { parks_steps } } }", new[] { 1 })]
    [InlineData("{ persons(where: { familyName: { eq: \"?\" } }) { nodes { parks_steps } } }", new int[0])]
    public async Task The_Computed_hook_is_called_once_for_all_rows_of_a_level_and_only_when_asked_for(string query, int[] calls)
    {
        var (server, _) = await Parks.Open(Walk);
        await using var _1 = server;
        (await server.Ask(query))["errors"].ShouldBeNull();
        _calls.ShouldBe(calls);
    }

    [Fact]
    public async Task Its_values_are_written_in_their_shape_and_cost_no_call_of_the_store()
    {
        var (server, _) = await Parks.Open(hooks =>
        {
            Walk(hooks);
            hooks.Computed(Parks.Walks).Add((asked, _) =>
            {
                asked.Put(asked.Entities[0], Parks.Walks, [new DateOnly(2026, 1, 5), new DateOnly(2026, 1, 6)]);
                return default;
            });
        });
        await using var _1 = server;
        server.Store.Reads = 0;
        await server.Hold("{ persons(order: [{ id: ASC }], first: 2) { nodes { parks_steps parks_walks } } }",
            """{"data":{"persons":{"nodes":[{"parks_steps":7,"parks_walks":["2026-01-05","2026-01-06"]},{"parks_steps":6,"parks_walks":null}]}}}""");
        server.Store.Reads.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_may_not_see_a_field_is_not_told_it_and_nobody_is_asked()
    {
        var asked = new List<string>();
        var (server, _) = await Parks.Open(hooks =>
        {
            Walk(hooks);
            hooks.Computed(Parks.Mood).Add((computing, _) =>
            {
                asked.Add($"{computing.Actor.Id} {computing.Entities[0].Get(Town.Email)}");
                computing.Put(computing.Entities[0], Parks.Mood, "merry");
                return default;
            });
        });
        await using var _1 = server;
        const string query = "{ person(id: \"#1\") { email parks_steps parks_mood } }";
        await server.Hold(query, """{"data":{"person":{"email":null,"parks_steps":7,"parks_mood":null}}}""", asReader: true);
        asked.ShouldBeEmpty();
        await server.Hold(query, """{"data":{"person":{"email":"zoe@example.org","parks_steps":7,"parks_mood":"merry"}}}""");
        asked.ShouldBe(["user:admin zoe@example.org"]);
    }

    [Fact]
    public async Task What_a_handler_fails_at_is_null_and_told_at_its_field_and_the_rest_stands()
    {
        var (server, plugin) = await Parks.Open(hooks => hooks.Computed(Parks.Steps).Add((_, _) => throw new InvalidOperationException("secret")));
        await using var _1 = server;
        const string query = "{ persons(first: 1, order: [{ id: ASC }]) { nodes { familyName parks_steps } } }";
        await server.Hold(query, """
            {"data":{"persons":{"nodes":[{"familyName":"LEFÈVRE","parks_steps":null}]}},"errors":[{"message":"Plugin parks failed while computing Steps.",
            "locations":[{"line":1,"column":64}],"path":["persons","nodes","parks_steps"],"extensions":{"code":"INTERNAL","field":"parks_steps","rule":"pluginFailed"}}]}
            """);
        plugin.Health.Hung(HookCalls.Named("Computed", "Person.parks_steps"), TimeSpan.FromSeconds(5));
        var error = (await server.Ask(query))["errors"]!.AsArray().ShouldHaveSingleItem()!;
        error["extensions"]!["code"]!.GetValue<string>().ShouldBe("UNAVAILABLE");
        error["message"]!.GetValue<string>().ShouldEndWith("To enable it again: xrm plugin enable parks");
    }

    [Fact]
    public async Task What_a_handler_fails_at_is_plainly_null_when_it_said_so()
    {
        var (server, plugin) = await Parks.Open(hooks => hooks.Computed(Parks.Steps).Add((_, _) => throw new InvalidOperationException(), WhenFailing.GoOn));
        await using var _1 = server;
        for (var i = 0; i <= PluginHealth.MostFailures; i++)
            await server.Hold("{ person(id: \"#1\") { parks_steps } }", """{"data":{"person":{"parks_steps":null}}}""");
        plugin.Health.Off.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_problem_of_a_handler_is_told_as_it_is()
    {
        var (server, plugin) = await Parks.Open(hooks => hooks.Computed(Parks.Steps).Add((_, _) => throw new Problem(ProblemCode.Unavailable, Label.Of("Le podomètre est éteint.", "The pedometer is off."), null, "P-1"), WhenFailing.GoOn));
        await using var _1 = server;
        for (var i = 0; i <= PluginHealth.MostFailures; i++)
            (await server.Ask("{ person(id: \"#1\") { parks_steps } }".Replace("#1", TownServer.Id(1))))["errors"]![0]!["message"]!.GetValue<string>().ShouldBe("The pedometer is off.");
        plugin.Health.Off.ShouldBeNull();
    }

    [Theory]
    [InlineData("LARGE")]
    [InlineData(5)]
    public async Task A_value_that_the_field_cannot_have_is_a_failure_of_the_plugin(object value)
    {
        var (server, _) = await Parks.Open(hooks => hooks.Computed(Parks.Size).Add((asked, _) =>
        {
            if (value is string text)
                asked.Put(asked.Entities[0], EntityType.Elsewhere("Bench").Text("size", Label.Of("x", "x")), text);
            else
                asked.Put(asked.Entities[0], EntityType.Elsewhere("Bench").Integer("size", Label.Of("x", "x")), (int)value);
            return default;
        }));
        await using var _1 = server;
        var answer = await server.Ask("mutation { createBench(input: { wood: \"oak\" }) { bench { wood size } } }");
        answer["data"]!.ToJsonString().ShouldBe("""{"createBench":{"bench":{"wood":"oak","size":null}}}""");
        answer["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("pluginFailed");
    }

    [Fact]
    public async Task It_stands_in_objects_and_in_the_model_and_in_nothing_that_is_given()
    {
        var (server, _) = await Parks.Open(Walk);
        await using var _1 = server;
        var text = server.Service.SchemaText;
        text.Split("parks_steps").Length.ShouldBe(2);
        text[text.IndexOf("type Person implements", StringComparison.Ordinal)..].ShouldContain("parks_steps: Int");
        text.ShouldNotContain("PARKS_STEPS", Case.Sensitive);
        var fields = (await server.AskFor("{ model { types { name fields { name isComputed } } } }"))["model"]!["types"]!.AsArray().Single(t => t!["name"]!.GetValue<string>() == "Person")!["fields"]!.AsArray();
        fields.Where(f => f!["isComputed"]!.GetValue<bool>()).Select(f => f!["name"]!.GetValue<string>()).ShouldBe(["parks_steps", "parks_mood", "parks_walks"]);
    }

    [Fact]
    public async Task Nobody_sets_it_and_it_is_not_known_of_the_past()
    {
        var (server, _) = await Parks.Open(Walk);
        await using var _1 = server;
        var set = await server.Ask("mutation($edits: [EditInput!]!) { commit(input: { id: \"" + EntityId.New() + "\", edits: $edits }) { commit { id } } }",
            new { edits = new[] { new { create = new { type = "Person", values = new { familyName = "X", parks_steps = 4 } } } } });
        set["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("INVALID");
        var past = await server.Ask("{ person(id: \"" + TownServer.Id(1) + "\", asOf: \"2026-01-05T12:00:00Z\") { familyName parks_steps } }");
        past["errors"]![0]!["path"]!.ToJsonString().ShouldBe("""["person","parks_steps"]""");
        _calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_thing_counts_for_the_cost()
    {
        var (server, _) = await Parks.Open(Walk, new() { Cost = 150 });
        await using var _1 = server;
        (await server.Ask("{ persons { nodes { parks_steps a: parks_steps } } }"))["errors"].ShouldBeNull();
        JsonNode refused = await server.Ask("{ persons { nodes { parks_steps a: parks_steps b: parks_steps } } }");
        refused["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("cost");
        _calls.Count.ShouldBe(1);
    }

    private void Walk(Hooks hooks) => hooks.Computed(Parks.Steps).Add((asked, _) =>
    {
        _calls.Add(asked.Entities.Length);
        foreach (var person in asked.Entities)
            asked.Put(person, Parks.Steps, person.Get(Town.FamilyName)!.Length);
        return default;
    });
}
