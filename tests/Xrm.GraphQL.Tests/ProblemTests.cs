namespace Xrm.GraphQL.Tests;

public sealed class ProblemTests(FilledTown town) : IClassFixture<FilledTown>
{
    private static readonly Dictionary<string, Scenario> Scenarios = new()
    {
        ["a malformed id is told, the rest is answered"] = new(
            """{ person(id: "x") { id } organisation(id: "#41") { id } }""",
            """{"data":{"person":null,"organisation":{"id":"#41"}},"errors":[{"message":"\"x\" is not an id (UUID).","locations":[{"line":1,"column":3}],"path":["person"],"extensions":{"code":"INVALID","field":"id","rule":"id"}}]}"""),
        ["messages are French unless asked otherwise"] = new(
            """{ person(id: "x") { id } }""",
            """{"data":{"person":null},"errors":[{"message":"« x » n'est pas un identifiant (UUID).","locations":[{"line":1,"column":3}],"path":["person"],"extensions":{"code":"INVALID","field":"id","rule":"id"}}]}""")
        { Language = "fr" },
        ["a foreign cursor"] = new(
            """{ persons(after: "bm90IG91cnM") { nodes { id } } }""",
            """{"data":null,"errors":[{"message":"This cursor is not of this list with this order and filter.","locations":[{"line":1,"column":3}],"path":["persons"],"extensions":{"code":"INVALID","field":"after","rule":"cursor"}}]}"""),
        ["a wrong argument below takes the nullable thing above with it"] = new(
            """{ person(id: "#1") { mandates(first: -1) { totalCount } } }""",
            """{"data":{"person":null},"errors":[{"message":"\"first\" cannot be negative (-1).","locations":[{"line":1,"column":56}],"path":["person","mandates"],"extensions":{"code":"INVALID","field":"first","rule":"page"}}]}"""),
        ["first and last together"] = new(
            """{ persons(first: 1, last: 1) { totalCount } }""",
            """{"data":null,"errors":[{"message":"Give either \"first\" or \"last\", not both.","locations":[{"line":1,"column":3}],"path":["persons"],"extensions":{"code":"INVALID","field":"last","rule":"page"}}]}"""),
        ["at and during together"] = new(
            """{ mandates(at: "2020-01-01", during: {}) { totalCount } }""",
            """{"data":null,"errors":[{"message":"Give either \"at\" or \"during\", not both.","locations":[{"line":1,"column":3}],"path":["mandates"],"extensions":{"code":"INVALID","field":"during","rule":"period"}}]}"""),
        ["more moments than a request may name"] = new(
            """{ a: persons(asOf: "2026-01-05T08:10:00Z") { nodes { a: mandates(asOf: "2026-01-05T08:20:00Z") { totalCount } b: mandates(asOf: "2026-01-05T08:30:00Z") { totalCount } } } b: person(id: "#1", asOf: "2026-01-05T08:40:00Z") { mandates { totalCount } } c: mandates(asOf: "2026-01-05T08:10:00Z") { totalCount } d: mandates(asOf: "2026-01-05T08:50:00Z") { totalCount } }""",
            """{"errors":[{"message":"The request names 5 moments with \"asOf\"; at most 4 are allowed.","locations":[{"line":1,"column":341}],"path":["d"],"extensions":{"code":"LIMIT","field":"asOf","rule":"moments","limit":4,"figure":5}}]}"""),
        ["a page that is too large"] = new(
            """{ persons(first: 1001) { totalCount } }""",
            """{"errors":[{"message":"\"first\" asks for 1001 items; at most 1000 are allowed.","locations":[{"line":1,"column":3}],"path":["persons"],"extensions":{"code":"LIMIT","field":"first","rule":"pageSize","limit":1000,"figure":1001}}]}"""),
        ["pages in pages that could touch too much"] = new(
            """{ persons(first: 1000) { nodes { mandates(first: 1000) { nodes { functions(first: 1000) { nodes { id } } } } } } }""",
            """{"errors":[{"message":"The request could touch 1001000 things or more (page sizes multiplied); at most 1000000 are allowed. Ask for smaller pages.","locations":[{"line":1,"column":34}],"path":["persons","nodes","mandates"],"extensions":{"code":"LIMIT","rule":"cost","limit":1000000,"figure":1001000}}]}"""),
        ["no GraphQL at all"] = new(
            "{ persons { ",
            """{"errors":[{"message":"The document is not GraphQL: Expected Name, found EOF; for more information see http://spec.graphql.org/October2021/#Field","locations":[{"line":1,"column":13}],"extensions":{"code":"INVALID","rule":"syntax"}}]}"""),
        ["several operations and no name"] = new(
            "query A { __typename } query B { __typename }",
            """{"errors":[{"message":"The document holds several operations: say which (operationName).","extensions":{"code":"INVALID","rule":"operationName"}}]}"""),
        ["an edit is one thing"] = new(
            """mutation($input: CommitInput!) { commit(input: $input) { commit { id } } }""",
            """
            {"errors":[
              {"message":"$input.edits[0]: exactly one field, not null, must be given.","locations":[{"line":1,"column":1}],"extensions":{"code":"INVALID","field":"input.edits[0]","rule":"oneOf"}},
              {"message":"$input.edits[1].delete.id: a value is required.","locations":[{"line":1,"column":1}],"extensions":{"code":"INVALID","field":"input.edits[1].delete.id","rule":"required"}}]}
            """)
        { Variables = """{"input": {"id": "#1", "edits": [{"delete": {"type": "Person", "id": "#1"}, "unrelate": {"type": "WorksFor", "id": "#2"}}, {"delete": {"type": "Person"}}]}}""" },
        ["a name that the filter of an end of several types does not have"] = new(
            """{ address(id: "#61") { occupants(where: { type: { eq: "Horse" } }) { totalCount } } }""",
            """{"data":{"address":null},"errors":[{"message":"There is no type Horse.","locations":[{"line":1,"column":57}],"path":["address","occupants"],"extensions":{"code":"INVALID","field":"Horse","rule":"unknown"}}]}"""),
        ["all that is wrong with variables at once"] = new(
            """query($a: Int!, $b: Date, $c: PersonFilter) { persons(first: $a, at: $b, where: $c) { totalCount } }""",
            """
            {"errors":[
              {"message":"$a: a value is required.","locations":[{"line":1,"column":1}],"extensions":{"code":"INVALID","field":"a","rule":"required"}},
              {"message":"$b: \"2020-13-01\" is not a value of type Date.","locations":[{"line":1,"column":1}],"extensions":{"code":"INVALID","field":"b","rule":"type"}},
              {"message":"$c.surname: PersonFilter has no such field.","locations":[{"line":1,"column":1}],"extensions":{"code":"INVALID","field":"c.surname","rule":"unknown"}}]}
            """)
        { Variables = """{"b": "2020-13-01", "c": {"surname": {"eq": "x"}}}""" },
    };

    public static TheoryData<string> Names => [.. Scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task It_answers(string scenario) => Scenarios[scenario].Hold(town.Server);

    [Fact]
    public async Task Nobody_signed_in_gets_nothing()
    {
        foreach (var query in (string[])["{ __typename }", "{ __schema { queryType { name } } }", "{ persons { totalCount } }", "{"])
            (await town.Server.Ask(query, actor: Xrm.Sdk.Actor.Anonymous)).ToJsonString()
                .ShouldBe("""{"errors":[{"message":"Sign in first.","extensions":{"code":"UNAUTHENTICATED"}}]}""");
    }

    [Fact]
    public async Task What_breaks_the_schema_is_told_with_its_place()
    {
        var answer = await town.Server.Ask("{ persons { nodes { surname } } }", language: "fr");
        answer["data"].ShouldBeNull();
        answer["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("INVALID");
        answer["errors"]![0]!["message"]!.GetValue<string>().ShouldStartWith("Requête GraphQL invalide : ");
        answer["errors"]![0]!["locations"]!.ToJsonString().ShouldBe("""[{"line":1,"column":21}]""");
    }

    [Fact]
    public async Task A_hidden_field_is_not_in_the_schema()
    {
        (await town.Server.Ask("{ persons { nodes { matchKey } } }"))["errors"]!.AsArray().Count.ShouldBe(1);
        (await town.Server.Ask("{ persons(where: { matchKey: { eq: \"x\" } }) { totalCount } }"))["errors"]!.AsArray().Count.ShouldBe(1);
        town.Server.Service.SchemaText.ShouldNotContain("matchKey");
    }
}
