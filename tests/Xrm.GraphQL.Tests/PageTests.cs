using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests;

public sealed class PageTests(FilledTown town) : IClassFixture<FilledTown>
{
    private const string Pages = """
        query($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $order: [PersonSort!], $where: PersonFilter) {
          persons(first: $first, after: $after, last: $last, before: $before, offset: $offset, order: $order, where: $where) {
            nodes { familyName } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
        """;

    [Fact]
    public async Task Pages_forward_come_in_order_and_end()
    {
        var first = await Page(new { first = 2, order = ByChildren });
        Names(first).ShouldBe(["APPÉRÉ", "LEFÈVRE"]);
        Flag(first, "hasNextPage").ShouldBeTrue();
        Flag(first, "hasPreviousPage").ShouldBeFalse();
        var second = await Page(new { first = 2, after = End(first), order = ByChildren });
        Names(second).ShouldBe(["AFRIBO", "DÉSIRONT"]);
        Flag(second, "hasNextPage").ShouldBeFalse();
        Flag(second, "hasPreviousPage").ShouldBeTrue();
        Names(await Page(new { first = 2, after = End(second), order = ByChildren })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_backward_come_in_the_same_order()
    {
        var last = await Page(new { last = 2, order = ByChildren });
        Names(last).ShouldBe(["AFRIBO", "DÉSIRONT"]);
        Flag(last, "hasPreviousPage").ShouldBeTrue();
        Names(await Page(new { last = 3, before = last["pageInfo"]!["startCursor"]!.GetValue<string>(), order = ByChildren })).ShouldBe(["APPÉRÉ", "LEFÈVRE"]);
    }

    [Fact]
    public async Task A_page_begins_at_the_nth_thing_and_goes_on_from_its_cursor()
    {
        var page = await Page(new { first = 1, offset = 1, order = ByChildren });
        Names(page).ShouldBe(["LEFÈVRE"]);
        Flag(page, "hasNextPage").ShouldBeTrue();
        Flag(page, "hasPreviousPage").ShouldBeTrue();
        Names(await Page(new { first = 2, after = End(page), order = ByChildren })).ShouldBe(["AFRIBO", "DÉSIRONT"]);
        Names(await Page(new { offset = 3, order = ByChildren })).ShouldBe(["DÉSIRONT"]);
        var beyond = await Page(new { first = 2, offset = int.MaxValue, order = ByChildren });
        Names(beyond).ShouldBeEmpty();
        Flag(beyond, "hasNextPage").ShouldBeFalse();
        Flag(beyond, "hasPreviousPage").ShouldBeTrue();
    }

    [Theory]
    [InlineData("offset: -1", "« offset » ne peut pas être négatif (-1).", "\"offset\" cannot be negative (-1).")]
    [InlineData("offset: 0, last: 1", "« offset » compte depuis le début de la liste : donnez-le avec « first », sans « last ».", "\"offset\" counts from the start of the list: give it with \"first\", without \"last\".")]
    [InlineData("offset: 2, first: 1, after: \"x\"", "« offset » compte depuis le début de la liste : donnez-le avec « first », sans « after ».", "\"offset\" counts from the start of the list: give it with \"first\", without \"after\".")]
    public async Task Passing_over_goes_with_first_alone(string arguments, string french, string english)
    {
        foreach (var (language, message) in ((string, string)[])[("fr", french), ("en", english)])
        {
            var error = (await town.Server.Ask($"{{ persons({arguments}) {{ totalCount }} }}", language: language))["errors"]![0]!;
            error["message"]!.GetValue<string>().ShouldBe(message);
            error["extensions"]!["code"]!.GetValue<string>().ShouldBe("INVALID");
            error["extensions"]!["field"]!.GetValue<string>().ShouldBe("offset");
        }
    }

    [Theory]
    [InlineData("persons(search: \"a\", first: 100) { nodes { familyName } }", "persons(search: \"a\", first: 1, offset: 1) { nodes { familyName } }")]
    [InlineData("persons(search: \"a\", first: 100, order: [{ children: ASC }]) { nodes { familyName } }", "persons(search: \"a\", first: 1, offset: 1, order: [{ children: ASC }]) { nodes { familyName } }")]
    public async Task What_is_found_by_its_words_is_passed_over_in_its_order(string whole, string part)
    {
        var all = (await town.Server.Ask($"{{ {whole} }}"))["data"]!["persons"]!;
        all["nodes"]!.AsArray().Count.ShouldBeGreaterThan(1);
        Names((await town.Server.Ask($"{{ {part} }}"))["data"]!["persons"]!).ShouldBe([Names(all).ElementAt(1)]);
    }

    [Fact]
    public async Task Relationships_are_passed_over_for_each_thing_on_its_own()
    {
        var all = (await town.Server.Ask("{ organisations { nodes { employees(during: {}) { nodes { id } } } } }"))["data"]!["organisations"]!["nodes"]!.AsArray();
        var rest = (await town.Server.Ask("{ organisations { nodes { employees(during: {}, offset: 1) { nodes { id } } } } }"))["data"]!["organisations"]!["nodes"]!.AsArray();
        all.Select(o => o!["employees"]!["nodes"]!.AsArray().Count).Max().ShouldBeGreaterThan(1);
        rest.Select(o => o!["employees"]!["nodes"]!.ToJsonString()).ShouldBe(all.Select(o => new System.Text.Json.Nodes.JsonArray([.. o!["employees"]!["nodes"]!.AsArray().Skip(1).Select(n => n!.DeepClone())]).ToJsonString()));
    }

    [Fact]
    public async Task The_cursors_of_edges_are_those_of_the_page()
    {
        var page = await Page(new { first = 2 });
        page["edges"]![0]!["cursor"]!.GetValue<string>().ShouldBe(page["pageInfo"]!["startCursor"]!.GetValue<string>());
        page["edges"]![1]!["cursor"]!.GetValue<string>().ShouldBe(End(page));
    }

    [Fact]
    public async Task A_cursor_of_another_order_filter_or_list_is_refused()
    {
        var cursor = End(await Page(new { first = 1, order = ByChildren }));
        await Refused(new { after = cursor });
        await Refused(new { after = cursor, order = new object[] { new { children = "DESC" } } });
        await Refused(new { after = cursor, order = ByChildren, where = new { children = new { gt = 0 } } });
        await Refused(new { before = cursor[..^2] + "AA", order = ByChildren });
        var other = await town.Server.Ask("query($after: String) { mandates(after: $after) { nodes { id } } }", new { after = End(await Page(new { first = 1 })) });
        other["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("cursor");
    }

    [Fact]
    public async Task Pages_of_relationships()
    {
        const string query = "query($after: String) { person(id: \"00000000-0000-7000-8000-000000000002\") { mandates(during: {}, first: 1, after: $after, order: [{ validFrom: ASC }]) { nodes { validFrom } pageInfo { hasNextPage endCursor } totalCount } } }";
        var first = (await town.Server.Ask(query))["data"]!["person"]!["mandates"]!;
        first["nodes"]!.ToJsonString().ShouldBe("""[{"validFrom":"2014-03-30"}]""");
        first["totalCount"]!.GetValue<int>().ShouldBe(2);
        Flag(first, "hasNextPage").ShouldBeTrue();
        var second = (await town.Server.Ask(query, new { after = End(first) }))["data"]!["person"]!["mandates"]!;
        second["nodes"]!.ToJsonString().ShouldBe("""[{"validFrom":"2020-06-28"}]""");
        Flag(second, "hasNextPage").ShouldBeFalse();
    }

    [Theory]
    [InlineData("organisation", 41, "employees", "first", "after", "")]
    [InlineData("organisation", 41, "employees", "last", "before", "")]
    [InlineData("organisation", 41, "employees", "first", "after", ", order: [{ familyName: DESC }]")]
    [InlineData("organisation", 41, "employees", "last", "before", ", order: [{ familyName: DESC }]")]
    [InlineData("person", 2, "employers", "first", "after", "")]
    [InlineData("person", 2, "employers", "last", "before", ", order: [{ legalName: ASC }]")]
    public async Task What_is_related_twice_is_paged_without_loss_or_repeat(string type, int id, string end, string size, string from, string order)
    {
        await using var own = await TownServer.Filled();
        foreach (var (person, position, since, until) in ((int, string, string, string)[])[(2, "Adviser", "2018-01-01", "2019-01-01"), (2, "Chief", "2019-01-01", "2020-01-01"), (1, "Porter", "2018-01-01", "2020-01-01")])
            (await own.Ask($$"""mutation { createWorksFor(source: "{{TownServer.Id(person)}}", target: "{{TownServer.Id(41)}}", input: { validFrom: "{{since}}", validTo: "{{until}}", position: "{{position}}" }) { commit { id } } }"""))["errors"].ShouldBeNull();
        var all = await Page(null, 10);
        all.Positions.Length.ShouldBe(type == "person" ? 3 : 5);
        var paged = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Page(cursor, 1);
            paged.AddRange(page.Positions);
            cursor = page.Cursor;
        }
        while (cursor is not null && paged.Count < 10);
        if (size == "last")
            paged.Reverse();
        paged.ShouldBe(all.Positions);

        async Task<(string[] Positions, string? Cursor)> Page(string? at, int count)
        {
            var answer = await own.Ask($$"""query($at: String) { {{type}}(id: "{{TownServer.Id(id)}}") { {{end}}(during: {}, {{size}}: {{count}}, {{from}}: $at{{order}}) { edges { cursor position } } } }""", new { at });
            answer["errors"].ShouldBeNull();
            var edges = answer["data"]![type]![end]!["edges"]!.AsArray();
            return (edges.Select(e => e!["position"]!.GetValue<string>()).ToArray(), edges.Count == 0 ? null : edges[0]!["cursor"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task The_log_in_pages_is_the_whole_log()
    {
        const string query = "query($first: Int, $after: String) { changes(first: $first, after: $after) { nodes { kind type id field after } edges { cursor } pageInfo { hasNextPage endCursor } } }";
        var all = (await town.Server.Ask(query, new { first = 1000 }))["data"]!["changes"]!;
        Flag(all, "hasNextPage").ShouldBeFalse();
        var paged = new List<string>();
        string? after = null;
        while (true)
        {
            var page = (await town.Server.Ask(query, new { first = 7, after }))["data"]!["changes"]!;
            paged.AddRange(page["nodes"]!.AsArray().Select(n => n!.ToJsonString()));
            if (!Flag(page, "hasNextPage"))
                break;
            after = End(page);
        }
        paged.ShouldBe(all["nodes"]!.AsArray().Select(n => n!.ToJsonString()));
        paged.Count.ShouldBeGreaterThan(60);
    }

    [Fact]
    public async Task An_earlier_state_is_answered()
    {
        await using var own = await TownServer.Filled();
        own.Clock.Advance(hours: 1);
        await own.Ask("mutation { updatePerson(id: \"00000000-0000-7000-8000-000000000001\", expectedVersion: 1, set: { givenName: \"Zoë\" }) { person { id } } }");
        var answer = await own.Ask("query($at: DateTime) { then: person(id: \"00000000-0000-7000-8000-000000000001\", asOf: $at) { givenName version } now: person(id: \"00000000-0000-7000-8000-000000000001\") { givenName version } never: person(id: \"00000000-0000-7000-8000-000000000001\", asOf: \"2020-01-01T00:00:00Z\") { id } }", new { at = "2026-01-05T10:30:00Z" });
        answer.ToJsonString().ShouldBe("""{"data":{"then":{"givenName":"Zo\u00E9","version":1},"now":{"givenName":"Zo\u00EB","version":2},"never":null}}""");
    }

    private static object[] ByChildren => [new { children = "ASC" }, new { familyName = "DESC" }];

    private async Task<JsonNode> Page(object variables)
    {
        var answer = await town.Server.Ask(Pages, variables);
        answer["errors"].ShouldBeNull();
        return answer["data"]!["persons"]!;
    }

    private async Task Refused(object variables) =>
        (await town.Server.Ask(Pages, variables))["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("cursor");

    private static IEnumerable<string> Names(JsonNode page) => page["nodes"]!.AsArray().Select(n => n!["familyName"]!.GetValue<string>());

    private static bool Flag(JsonNode page, string name) => page["pageInfo"]![name]!.GetValue<bool>();

    private static string End(JsonNode page) => page["pageInfo"]!["endCursor"]!.GetValue<string>();
}
