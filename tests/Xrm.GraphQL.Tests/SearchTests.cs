using System.Text.Json.Nodes;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>Searches across types and in one.</summary>
public sealed class SearchTests(FilledTown town) : IClassFixture<FilledTown>
{
    [Theory]
    [InlineData("apere natali", "Nathalie APPÉRÉ")]
    [InlineData("NATHALIE appéré", "Nathalie APPÉRÉ")]
    [InlineData("lefebvre", "Zoé LEFÈVRE")]
    [InlineData("desir", "Gérard DÉSIRONT")]
    [InlineData("jo afri", "Joseph AFRIBO")]
    [InlineData("jerar", "Gérard DÉSIRONT")]
    [InlineData("nathalie desiront")]
    [InlineData("xyz")]
    public async Task Persons_are_found_without_accents_by_beginnings_and_by_sound(string search, params string[] names)
    {
        var found = (await Ask("query($search: String) { persons(search: $search) { totalCount nodes { displayName } } }", new { search }))["persons"]!;
        Names(found).ShouldBe(names);
        found["totalCount"]!.GetValue<int>().ShouldBe(names.Length);
    }

    [Fact]
    public async Task A_filter_an_order_and_groups_hold_for_what_is_found()
    {
        var found = await Ask("""
            { a: persons(search: "a", where: { children: { eq: 2 } }) { totalCount nodes { familyName } }
              b: persons(search: "a") { nodes { familyName } }
              c: persons(search: "a", order: [{ familyName: DESC }], last: 1) { totalCount nodes { familyName } groups(by: [CHILDREN]) { children count } }
              d: persons(search: "zoe", where: { mandates: { some: { during: {} } } }) { totalCount }
              e: persons(search: null) { totalCount } }
            """);
        found.ToJsonString(Plain).ShouldBe(
            """{"a":{"totalCount":1,"nodes":[{"familyName":"AFRIBO"}]},"b":{"nodes":[{"familyName":"AFRIBO"},{"familyName":"APPÉRÉ"}]},"c":{"totalCount":2,"nodes":[{"familyName":"AFRIBO"}],"groups":[{"children":1,"count":1},{"children":2,"count":1}]},"d":{"totalCount":0},"e":{"totalCount":4}}""");
    }

    [Fact]
    public async Task A_search_looks_into_all_types_and_answers_the_best_first()
    {
        var found = (await Ask("""{ search(text: "rennes") { totalCount nodes { __typename ... on Constituency { name } ... on Organisation { legalName } } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""))["search"]!;
        found["nodes"]!.ToJsonString(Plain).ShouldBe("""[{"__typename":"Constituency","name":"Rennes"},{"__typename":"Organisation","legalName":"Rennes Métropole"}]""");
        found["edges"]![1]!["cursor"]!.GetValue<string>().ShouldBe(found["pageInfo"]!["endCursor"]!.GetValue<string>());
        found["edges"]![1]!["node"]!["id"]!.GetValue<string>().ShouldBe(TownServer.Id(41));
        found["totalCount"]!.GetValue<int>().ShouldBe(2);
        (await Ask("""{ search(text: "rennes", types: ["Organisation", "Person"]) { nodes { id } } }""")).ToJsonString(Plain).ShouldBe($$$"""{"search":{"nodes":[{"id":"{{{TownServer.Id(41)}}}"}]}}""");
        (await Ask("""{ search(text: "rennes", types: []) { totalCount nodes { id } pageInfo { hasNextPage } } }""")).ToJsonString(Plain).ShouldBe("""{"search":{"totalCount":0,"nodes":[],"pageInfo":{"hasNextPage":false}}}""");
    }

    [Fact]
    public async Task What_cannot_be_searched_is_told_by_argument()
    {
        await Refused("{ search(text: \"?! -\") { totalCount } }", "INVALID", "search", "text");
        await Refused("{ persons(search: \" \") { totalCount } }", "INVALID", "search", "search");
        await Refused("{ search(text: \"x\", types: [\"Person\", \"Unicorn\"]) { totalCount } }", "INVALID", "unknown", "types");
        await Refused($"{{ search(text: \"{new string('x', 201)}\") {{ totalCount }} }}", "LIMIT", "searchLength", "text");
        await Refused($"{{ persons(search: \"{string.Concat(Enumerable.Repeat("x ", 17))}\") {{ totalCount }} }}", "LIMIT", "searchWords", "search");
        await Refused("{ search(text: \"x\", first: 1001) { nodes { id } } }", "LIMIT", "pageSize", "first");
        town.Server.Store.Reads = 0;
        await Refused("{ search(text: \"x\", first: 1000) { nodes { ... on Person { mandates(first: 1000) { nodes { functions(first: 2) { nodes { id } } } } } } } }", "LIMIT", "cost", null);
        town.Server.Store.Reads.ShouldBe(0);
    }

    [Fact]
    public async Task A_search_is_one_call_and_what_lies_below_one_for_each_type()
    {
        town.Server.Store.Reads = 0;
        await Ask("{ search(text: \"rennes\") { totalCount nodes { id ... on Organisation { employees(during: {}) { totalCount } } ... on Constituency { mandates(during: {}) { totalCount } } } } }");
        town.Server.Store.Reads.ShouldBe(3);
    }

    [Fact]
    public async Task A_cursor_belongs_to_what_was_searched_for()
    {
        const string query = "query($text: String!, $types: [String!], $after: String) { search(text: $text, types: $types, first: 1, after: $after) { nodes { displayName } pageInfo { endCursor hasNextPage hasPreviousPage } } }";
        var first = (await Ask(query, new { text = "rennes" }))["search"]!;
        var after = first["pageInfo"]!["endCursor"]!.GetValue<string>();
        var second = (await Ask(query, new { text = "RENNES!", after }))["search"]!;
        Names(second).ShouldBe(["123456789"]);
        second["pageInfo"]!["hasNextPage"]!.GetValue<bool>().ShouldBeFalse();
        second["pageInfo"]!["hasPreviousPage"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var other in (object[])[new { text = "renne", after }, new { text = "rennes", types = new[] { "Constituency", "Organisation" }, after }, new { text = "rennes", after = after[..^3] + "AAA" }])
            (await town.Server.Ask(query, other))["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("cursor");
        (await town.Server.Ask("query($after: String) { persons(search: \"rennes\", after: $after) { nodes { id } } }", new { after }))["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("cursor");
    }

    [Fact]
    public async Task Pages_stay_right_while_data_changes()
    {
        await using var own = await TownServer.Filled();
        const string query = "query($after: String) { persons(search: \"mar\", first: 2, after: $after) { nodes { familyName } pageInfo { endCursor hasNextPage } } }";
        foreach (var name in (string[])["MARS", "MARC", "MARTIN", "MARTINEAU", "MAR"])
            await own.Engine.Commit(Commit.New().Create(Town.Person, EntityId.New(), Values.None.With(Town.FamilyName, name)), TownServer.Admin, TestContext.Current.CancellationToken);
        var first = (await own.Ask(query))["data"]!["persons"]!;
        first["nodes"]!.ToJsonString().ShouldBe("""[{"familyName":"MAR"},{"familyName":"MARC"}]""");
        foreach (var name in (string[])["MAR", "MARIE"])
            await own.Engine.Commit(Commit.New().Create(Town.Person, EntityId.New(), Values.None.With(Town.FamilyName, name)), TownServer.Admin, TestContext.Current.CancellationToken);
        var second = (await own.Ask(query, new { after = first["pageInfo"]!["endCursor"]!.GetValue<string>() }))["data"]!["persons"]!;
        second["nodes"]!.ToJsonString().ShouldBe("""[{"familyName":"MARS"},{"familyName":"MARIE"}]""");
        var third = (await own.Ask(query, new { after = second["pageInfo"]!["endCursor"]!.GetValue<string>() }))["data"]!["persons"]!;
        third["nodes"]!.ToJsonString().ShouldBe("""[{"familyName":"MARTIN"},{"familyName":"MARTINEAU"}]""");
        third["pageInfo"]!["hasNextPage"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_field_that_is_not_seen_makes_no_hit_and_is_not_counted()
    {
        const string query = "{ persons(search: \"zoe example\") { totalCount groups(by: [CHILDREN]) { count } } search(text: \"zoe@exam\") { totalCount nodes { id } } }";
        (await town.Server.Ask(query))["data"]!.ToJsonString().ShouldBe($$$"""{"persons":{"totalCount":1,"groups":[{"count":1}]},"search":{"totalCount":1,"nodes":[{"id":"{{{TownServer.Id(1)}}}"}]}}""");
        (await town.Server.Ask(query, actor: TownServer.Reader))["data"]!.ToJsonString().ShouldBe("""{"persons":{"totalCount":0,"groups":[]},"search":{"totalCount":0,"nodes":[]}}""");
        (await town.Server.Ask("{ search(text: \"rennes\") { totalCount nodes { __typename } } }", actor: TownServer.Reader))["data"]!.ToJsonString().ShouldBe("""{"search":{"totalCount":1,"nodes":[{"__typename":"Constituency"}]}}""");
        (await town.Server.Ask("{ search(text: \"rennes\", types: [\"Organisation\"]) { totalCount } }", actor: Actor.Of("user:guest", "guest")))["data"]!.ToJsonString().ShouldBe("""{"search":{"totalCount":0}}""");
    }

    [Fact]
    public async Task What_is_kept_for_matching_alone_is_found_by_code_and_by_nobody_else()
    {
        await using var own = await TownServer.Filled();
        await own.Engine.CommitMadeReady(Commit.New().Create(Town.Person, TownServer.At(5), Values.None.With(Town.FamilyName, "X").With(Town.MatchKey, "k4711")), Actor.System, null, TestContext.Current.CancellationToken);
        (await own.Ask("{ search(text: \"k4711\") { totalCount } }"))["data"]!.ToJsonString().ShouldBe("""{"search":{"totalCount":0}}""");
        (await own.Engine.As(Actor.System).Query(Query.For(Town.Person).Search("k4711"), TestContext.Current.CancellationToken)).Entities.Select(e => e.Id).ShouldBe([TownServer.At(5)]);
    }

    [Fact]
    public async Task What_was_deleted_is_not_found_and_what_was_written_is_found_again_after_opening()
    {
        var journal = new MemoryJournal();
        await using (var own = await TownServer.Filled(journal: journal))
        {
            await own.Ask("mutation($id: ID!) { createPerson(id: $id, input: { familyName: \"DISPARU\" }) { commit { id } } }", new { id = TownServer.Id(5) });
            (await own.Ask("{ search(text: \"disparu\") { totalCount } }"))["data"]!.ToJsonString().ShouldBe("""{"search":{"totalCount":1}}""");
            await own.Ask("mutation($id: ID!) { deletePerson(id: $id, expectedVersion: 1) { commit { id } } }", new { id = TownServer.Id(5) });
            await own.Ask("mutation($id: ID!) { updatePerson(id: $id, expectedVersion: 1, set: { familyName: \"LEGRAND\" }) { commit { id } } }", new { id = TownServer.Id(4) });
            await Hold(own);
        }
        await using var again = await TownServer.Empty(journal: journal);
        await Hold(again);

        static async Task Hold(TownServer server) => (await server.Ask("{ a: search(text: \"disparu\") { totalCount } b: search(text: \"afribo\") { totalCount } c: search(text: \"joseph legran\") { nodes { displayName } } }"))["data"]!
            .ToJsonString().ShouldBe("""{"a":{"totalCount":0},"b":{"totalCount":0},"c":{"nodes":[{"displayName":"Joseph LEGRAND"}]}}""");
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<JsonNode> Ask(string query, object? variables = null)
    {
        var answer = await town.Server.Ask(query, variables);
        answer["errors"].ShouldBeNull();
        return answer["data"]!;
    }

    private async Task Refused(string query, string code, string rule, string? field)
    {
        var errors = (await town.Server.Ask(query))["errors"]!.AsArray();
        errors.Count.ShouldBe(1);
        var told = errors[0]!["extensions"]!;
        told["code"]!.GetValue<string>().ShouldBe(code);
        told["rule"]!.GetValue<string>().ShouldBe(rule);
        told["field"]?.GetValue<string>().ShouldBe(field);
    }

    private static string[] Names(JsonNode connection) => [.. connection["nodes"]!.AsArray().Select(n => n!["displayName"]!.GetValue<string>())];
}
