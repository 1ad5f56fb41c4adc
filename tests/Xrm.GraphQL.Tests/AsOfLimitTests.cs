using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>Pages, rights that depend on values, limits and mutations as of a moment.</summary>
public sealed class AsOfLimitTests
{
    private const string Then = "2026-01-05T09:30:00Z";
    private const string Pages = "query($at: DateTime, $after: String) { persons(asOf: $at, first: 1, after: $after, order: [{ givenName: ASC }]) { totalCount nodes { givenName } pageInfo { hasNextPage endCursor } } }";

    [Fact]
    public async Task Pages_of_a_moment_go_on_there_while_others_write_and_their_cursors_belong_to_it()
    {
        await using var server = await TownPast.Lived();
        var names = new List<string>();
        string? after = null;
        do
        {
            var page = (await server.Ask(Pages, new { at = Then, after }))["data"]!["persons"]!;
            page["totalCount"]!.GetValue<int>().ShouldBe(4);
            names.AddRange(page["nodes"]!.AsArray().Select(n => n!["givenName"]!.GetValue<string>()));
            after = page["pageInfo"]!["hasNextPage"]!.GetValue<bool>() ? page["pageInfo"]!["endCursor"]!.GetValue<string>() : null;
            if (after is not null)
            {
                Rule(await server.Ask(Pages, new { after })).ShouldBe("cursor");
                Rule(await server.Ask(Pages, new { at = "2026-01-05T09:31:00Z", after })).ShouldBe("cursor");
            }
            server.Clock.Advance(hours: 1);
            await server.Engine.Commit(Commit.New().Create(Town.Person, EntityId.New(), Values.None.With(Town.FamilyName, "X").With(Town.GivenName, "Aa")), TownServer.Admin, TestContext.Current.CancellationToken);
        }
        while (after is not null);
        names.ShouldBe(["Gérard", "Joseph", "Nathalie", "Zoé"]);
        var below = await server.Ask("""{ person(id: "00000000-0000-7000-8000-000000000002") { mandates(asOf: "2026-01-05T09:30:00Z", during: {}, first: 1) { pageInfo { endCursor } } } }""");
        var cursor = below["data"]!["person"]!["mandates"]!["pageInfo"]!["endCursor"]!.GetValue<string>();
        const string next = """query($at: DateTime, $after: String) { person(id: "00000000-0000-7000-8000-000000000002") { mandates(asOf: $at, during: {}, first: 1, after: $after) { nodes { validFrom } } } }""";
        (await server.Ask(next, new { at = Then, after = cursor }))["data"]!.ToJsonString().ShouldBe("""{"person":{"mandates":{"nodes":[{"validFrom":"2020-06-28"}]}}}""");
        Rule(await server.Ask(next, new { after = cursor })).ShouldBe("cursor");
    }

    [Fact]
    public async Task Rights_that_depend_on_values_hold_then_and_now()
    {
        await using var server = await TownPast.Lived();
        var counter = Actor.Of("user:counter", "counter");
        // Then Zoé and Joseph had two children; now Zoé has three, and who came since was not there. The complaint that went was new to the last.
        (await server.Ask("""{ persons(asOf: "2026-01-05T09:30:00Z", order: [{ givenName: ASC }]) { totalCount nodes { givenName complaints { nodes { subject } } } } now: persons { totalCount } }""", actor: counter)).ToJsonString()
            .ShouldBe("""{"data":{"persons":{"totalCount":2,"nodes":[{"givenName":"Joseph","complaints":{"nodes":[]}},{"givenName":"Zo\u00E9","complaints":{"nodes":[{"subject":"Nid-de-poule"}]}}]},"now":{"totalCount":3}}}""");
        await server.Engine.Commit(Commit.New().And(new Edit.Update("Person", TownServer.At(4), 1, Values.None.With(Town.Children, 1))), TownServer.Admin, TestContext.Current.CancellationToken);
        (await server.Ask("""{ persons(asOf: "2026-01-05T09:30:00Z") { nodes { givenName } } person(id: "00000000-0000-7000-8000-000000000004", asOf: "2026-01-05T09:30:00Z") { id } zoe: person(id: "00000000-0000-7000-8000-000000000001", asOf: "2026-01-05T09:30:00Z") { givenName children } }""", actor: counter)).ToJsonString()
            .ShouldBe("""{"data":{"persons":{"nodes":[{"givenName":"Zo\u00E9"}]},"person":null,"zoe":{"givenName":"Zo\u00E9","children":2}}}""");
    }

    [Fact]
    public async Task Further_back_than_the_limit_is_refused_with_the_figure_before_anything_is_read()
    {
        await using var server = await TownPast.Lived(new GraphQLLimits { PastChanges = 4 });
        server.Store.Reads = 0;
        foreach (var query in (string[])["{ persons(asOf: \"2026-01-05T11:30:00Z\") { totalCount } me { id } }", "{ me { id } persons { nodes { mandates(asOf: \"2026-01-05T11:30:00Z\") { totalCount } } } }"])
        {
            var answer = await server.Ask(query);
            answer["data"].ShouldBeNull();
            answer["errors"]!.AsArray().Single()!["message"]!.GetValue<string>().ShouldBe("That moment lies behind more than 4 changes, as far as one goes back. Ask for a later one, or for the fields of one thing alone.");
            answer["errors"]![0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"LIMIT","field":"asOf","rule":"pastChanges"}""");
        }
        server.Store.Reads.ShouldBe(0);
        (await server.Ask("{ persons(asOf: \"2026-01-05T12:30:00Z\") { totalCount } }"))["data"]!["persons"]!["totalCount"]!.GetValue<int>().ShouldBe(5);
        (await server.Ask("""{ person(id: "00000000-0000-7000-8000-000000000001", asOf: "2026-01-05T09:30:00Z") { givenName } }""")).ToJsonString().ShouldBe("""{"data":{"person":{"givenName":"Zo\u00E9"}}}""");
    }

    [Fact]
    public async Task A_mutation_whose_payload_goes_too_far_back_writes_nothing()
    {
        await using var server = await TownPast.Lived(new GraphQLLimits { PastChanges = 4 });
        const string mutation = """mutation($at: DateTime) { updatePerson(id: "00000000-0000-7000-8000-000000000001", set: { givenName: "Z" }, expectedVersion: 2) { person { version complaints(asOf: $at) { totalCount } } } }""";
        Rule(await server.Ask(mutation, new { at = "2026-01-05T11:30:00Z" })).ShouldBe("pastChanges");
        (await server.Ask(mutation, new { at = "2026-01-05T13:30:00Z" })).ToJsonString().ShouldBe("""{"data":{"updatePerson":{"person":{"version":3,"complaints":{"totalCount":0}}}}}""");
    }

    [Fact]
    public async Task What_a_plugin_computes_is_not_known_of_the_past()
    {
        var (server, _) = await Parks.Open(h => h.Computed(Parks.Steps).Add((_, _) => ValueTask.CompletedTask));
        await using var _1 = server;
        foreach (var (query, path) in ((string, string)[])[("persons(asOf: \"" + Then + "\") { nodes { parks_steps } }", """["persons","nodes","parks_steps"]"""), ("mandates { nodes { holder(asOf: \"" + Then + "\") { parks_steps } } }", """["mandates","nodes","holder","parks_steps"]""")])
        {
            var answer = await server.Ask("{ " + query + " }");
            answer["errors"]![0]!["path"]!.ToJsonString().ShouldBe(path);
            answer["errors"]![0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"INVALID","field":"asOf","rule":"asOf"}""");
        }
    }

    private static string Rule(JsonNode answer) => answer["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>();
}
