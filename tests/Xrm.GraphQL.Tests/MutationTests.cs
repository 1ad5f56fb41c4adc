using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests;

public sealed class MutationTests
{
    private const string Zoe = "00000000-0000-7000-8000-000000000001";

    private static readonly Dictionary<string, Scenario[]> Scenarios = new()
    {
        ["a thing is made and answered as it is then"] =
        [
            new("""mutation { createPerson(id: "#5", input: { familyName: " DUPONT ", givenName: "Élise", children: 3, donation: "10.00", tags: ["x"], extra: { a: [1, "b", null] } }) { person { id version familyName displayName children donation tags extra mandates { totalCount } } commit { actor isReplay written { kind type id version } } } }""",
                """{"data":{"createPerson":{"person":{"id":"#5","version":1,"familyName":"DUPONT","displayName":"Élise DUPONT","children":3,"donation":"10","tags":["x"],"extra":{"a":[1,"b",null]},"mandates":{"totalCount":0}},"commit":{"actor":"user:admin","isReplay":false,"written":[{"kind":"CREATED","type":"Person","id":"#5","version":1}]}}}}"""),
            new("""{ person(id: "#5") { givenName } }""", """{"data":{"person":{"givenName":"Élise"}}}"""),
        ],
        ["a commit sent twice makes one thing and answers the same"] =
        [
            new("""mutation { createPerson(id: "#5", input: { familyName: "LEFÈVRE", givenName: "Zoé" }, commitId: "0d9c0d6e-4b0e-4c39-9d4e-0f6a53f0a001") { person { id version } commit { id isReplay } } }""",
                """{"data":{"createPerson":{"person":{"id":"#5","version":1},"commit":{"id":"0d9c0d6e-4b0e-4c39-9d4e-0f6a53f0a001","isReplay":false}}}}"""),
            new("""mutation { createPerson(input: { familyName: "LEFÈVRE", givenName: "Zoé" }, commitId: "0d9c0d6e-4b0e-4c39-9d4e-0f6a53f0a001") { person { id version } commit { id isReplay } } }""",
                """{"data":{"createPerson":{"person":{"id":"#5","version":1},"commit":{"id":"0d9c0d6e-4b0e-4c39-9d4e-0f6a53f0a001","isReplay":true}}}}"""),
            new("""{ persons { totalCount } }""", """{"data":{"persons":{"totalCount":5}}}"""),
        ],
        ["a stale version is a conflict with base, theirs and yours"] =
        [
            new("""mutation($id: ID!) { updatePerson(id: $id, set: { givenName: "Zoë" }, expectedVersion: 1) { person { version givenName familyName } } }""",
                """{"data":{"updatePerson":{"person":{"version":2,"givenName":"Zoë","familyName":"LEFÈVRE"}}}}""") { Variables = """{"id": "#1"}""" },
            new("""mutation($id: ID!) { updatePerson(id: $id, set: { givenName: "Zora" }, expectedVersion: 1) { person { version } } }""",
                """{"data":null,"errors":[{"message":"*","locations":[{"line":1,"column":22}],"path":["updatePerson"],"extensions":{"code":"CONFLICT","rule":"*","conflicts":[{"field":"givenName","base":"Zoé","theirs":"Zoë","yours":"Zora"}]}}]}""") { Variables = """{"id": "#1"}""" },
            new("""mutation($id: ID!) { updatePerson(id: $id, set: { children: 3 }, expectedVersion: 1, onConflict: MERGE) { person { version givenName children } } }""",
                """{"data":{"updatePerson":{"person":{"version":3,"givenName":"Zoë","children":3}}}}""") { Variables = """{"id": "#1"}""" },
            new("""mutation($id: ID!) { updatePerson(id: $id, set: { givenName: "Zora", donation: null }, onConflict: OVERWRITE) { person { version givenName donation } } }""",
                """{"data":{"updatePerson":{"person":{"version":4,"givenName":"Zora","donation":null}}}}""") { Variables = """{"id": "#1"}""" },
        ],
        ["a field that a variable leaves out stays as it is"] =
        [
            new("""mutation($name: String, $children: Int) { updatePerson(id: "#1", expectedVersion: 1, set: { givenName: $name, children: $children }) { person { givenName children } } }""",
                """{"data":{"updatePerson":{"person":{"givenName":"Zoé","children":null}}}}""") { Variables = """{"children": null}""" },
        ],
        ["all problems of an input at once, in the caller's language"] =
        [
            new("""mutation { createPerson(input: { email: "no", children: -1 }) { person { id } } }""",
                """
                {"data":null,"errors":[
                  {"message":"*","locations":[{"line":1,"column":12}],"path":["createPerson"],"extensions":{"code":"INVALID","field":"email","rule":"email"}},
                  {"message":"*","locations":[{"line":1,"column":12}],"path":["createPerson"],"extensions":{"code":"INVALID","field":"children","rule":"min"}},
                  {"message":"« Nom de famille » est obligatoire.","locations":[{"line":1,"column":12}],"path":["createPerson"],"extensions":{"code":"INVALID","field":"familyName","rule":"required"}}]}
                """) { Language = "fr" },
            new("""mutation { createPerson(input: { familyName: null, email: "no", children: -1 }) { person { id } } }""",
                """
                {"data":null,"errors":[
                  {"message":"« Nom de famille » est obligatoire.","locations":[{"line":1,"column":12}],"path":["createPerson"],"extensions":{"code":"INVALID","field":"familyName","rule":"required"}},
                  {"message":"*","locations":[{"line":1,"column":12}],"path":["createPerson"],"extensions":{"code":"INVALID","field":"email","rule":"*"}},
                  {"message":"*","locations":[{"line":1,"column":12}],"path":["createPerson"],"extensions":{"code":"INVALID","field":"children","rule":"*"}}]}
                """) { Language = "fr" },
        ],
        ["a thing is made with its to-one ends"] =
        [
            new("""mutation { createComplaint(id: "#73", input: { subject: "Bruit", reporter: "#2" }) { complaint { subject status reporter { givenName } } commit { written { kind type } } } }""",
                """{"data":{"createComplaint":{"complaint":{"subject":"Bruit","status":"NEW","reporter":{"givenName":"Nathalie"}},"commit":{"written":[{"kind":"CREATED","type":"Complaint"},{"kind":"RELATED","type":"ReportedBy"}]}}}}"""),
        ],
        ["moves of a state"] =
        [
            new("""mutation { acknowledgeComplaint(id: "#71", expectedVersion: 1) { complaint { status version } } }""",
                """{"data":{"acknowledgeComplaint":{"complaint":{"status":"OPEN","version":2}}}}"""),
            new("""mutation { resolveComplaint(id: "#71", expectedVersion: 2) { complaint { status } } }""",
                """{"data":null,"errors":[{"message":"*","locations":[{"line":1,"column":12}],"path":["resolveComplaint"],"extensions":{"code":"INVALID","field":"outcome","rule":"*"}}]}"""),
            new("""mutation { resolveComplaint(id: "#71", expectedVersion: 2, input: { outcome: "Rebouché" }) { complaint { status outcome version } } }""",
                """{"data":{"resolveComplaint":{"complaint":{"status":"RESOLVED","outcome":"Rebouché","version":3}}}}"""),
            new("""mutation { acknowledgeComplaint(id: "#71", expectedVersion: 3) { complaint { status } } }""",
                """{"data":null,"errors":[{"message":"*","locations":[{"line":1,"column":12}],"path":["acknowledgeComplaint"],"extensions":{"code":"INVALID","field":"status","rule":"move"}}]}"""),
        ],
        ["relationships are made, changed, ended and taken away"] =
        [
            new("""mutation { createWorksFor(id: "#143", source: "#3", target: "#41", input: { position: "Driver", validFrom: "2021-01-01" }) { worksFor { id version validFrom validTo position source { familyName } target { legalName } } commit { written { kind type id } } } }""",
                """{"data":{"createWorksFor":{"worksFor":{"id":"#143","version":1,"validFrom":"2021-01-01","validTo":null,"position":"Driver","source":{"familyName":"DÉSIRONT"},"target":{"legalName":"Rennes Métropole"}},"commit":{"written":[{"kind":"RELATED","type":"WorksFor","id":"#143"}]}}}}"""),
            new("""mutation { updateWorksFor(id: "#143", set: { position: "Chief" }, expectedVersion: 1) { worksFor { version position validFrom } } }""",
                """{"data":{"updateWorksFor":{"worksFor":{"version":2,"position":"Chief","validFrom":"2021-01-01"}}}}"""),
            new("""mutation { endWorksFor(id: "#143", on: "2022-01-01", expectedVersion: 2) { worksFor { version validTo } } }""",
                """{"data":{"endWorksFor":{"worksFor":{"version":3,"validTo":"2022-01-01"}}}}"""),
            new("""mutation { deleteWorksFor(id: "#143", expectedVersion: 3) { id } }""",
                """{"data":{"deleteWorksFor":{"id":"#143"}}}"""),
            new("""{ person(id: "#3") { employers(during: {}) { totalCount } } }""",
                """{"data":{"person":{"employers":{"totalCount":0}}}}"""),
        ],
        ["a thing is deleted"] =
        [
            new("""mutation { deleteComplaint(id: "#72", expectedVersion: 1) { id commit { written { kind } } } }""",
                """{"data":{"deleteComplaint":{"id":"#72","commit":{"written":[{"kind":"DELETED"}]}}}}"""),
            new("""{ complaint(id: "#72") { id } }""", """{"data":{"complaint":null}}"""),
            new("""mutation { deleteComplaint(id: "#72", expectedVersion: 1) { id } }""",
                """{"data":null,"errors":[{"message":"*","locations":[{"line":1,"column":12}],"path":["deleteComplaint"],"extensions":{"code":"NOT_FOUND"}}]}"""),
        ],
        ["a commit of several edits"] =
        [
            new("""
                mutation($input: CommitInput!) { commit(input: $input) { commit { id written { kind type id version } } } }
                """,
                """{"data":{"commit":{"commit":{"id":"0d9c0d6e-4b0e-4c39-9d4e-0f6a53f0a002","written":[{"kind":"CREATED","type":"Person","id":"#5","version":1},{"kind":"RELATED","type":"WorksFor","id":"#144","version":1},{"kind":"UPDATED","type":"Person","id":"#1","version":2},{"kind":"CHANGED","type":"WorksFor","id":"#142","version":2}]}}}}""")
            {
                Variables = """
                    {"input": {"id": "0d9c0d6e-4b0e-4c39-9d4e-0f6a53f0a002", "edits": [
                      {"create": {"type": "Person", "id": "#5", "values": {"familyName": "NEUF", "donation": "3.10", "tags": ["t"]}}},
                      {"relate": {"type": "WorksFor", "id": "#144", "source": "#5", "target": "#41", "validFrom": "2024-01-01", "values": {"position": "Clerk"}}},
                      {"update": {"type": "Person", "id": "#1", "expectedVersion": 1, "values": {"children": 4}}},
                      {"end": {"type": "WorksFor", "id": "#142", "expectedVersion": 1, "on": "2025-01-01"}}]}}
                    """,
            },
            new("""{ person(id: "#5") { donation tags employers { edges { position validFrom node { legalName } } } } }""",
                """{"data":{"person":{"donation":"3.1","tags":["t"],"employers":{"edges":[{"position":"Clerk","validFrom":"2024-01-01","node":{"legalName":"Rennes Métropole"}}]}}}}"""),
        ],
        ["of a commit with faults nothing is done and all is told, edit by edit"] =
        [
            new("""
                mutation { commit(input: { id: "0d9c0d6e-4b0e-4c39-9d4e-0f6a53f0a003", edits: [
                  { create: { type: "Person", values: { familyName: "X", children: "many", surname: "Y" } } },
                  { update: { type: "Person", id: "nope", expectedVersion: 1, values: { children: 1 } } }] }) { commit { id } } }
                """,
                """
                {"data":null,"errors":[
                  {"message":"values.children: \"many\" is not a value of type Int.","locations":[{"line":1,"column":12}],"path":["commit"],"extensions":{"code":"INVALID","field":"children","rule":"type","edit":0}},
                  {"message":"values.surname: CreatePersonInput has no such field.","locations":[{"line":1,"column":12}],"path":["commit"],"extensions":{"code":"INVALID","field":"surname","rule":"unknown","edit":0}},
                  {"message":"\"nope\" is not an id (UUID).","locations":[{"line":1,"column":12}],"path":["commit"],"extensions":{"code":"INVALID","field":"id","rule":"id","edit":1}}]}
                """),
            new("""
                mutation { commit(input: { id: "0d9c0d6e-4b0e-4c39-9d4e-0f6a53f0a003", edits: [
                  { create: { type: "Person", values: { familyName: null } } }, { create: { type: "Horse" } }] }) { commit { id } } }
                """,
                """
                {"data":null,"errors":[
                  {"message":"*","locations":[{"line":1,"column":12}],"path":["commit"],"extensions":{"code":"INVALID","field":"familyName","rule":"required","edit":0}},
                  {"message":"*","locations":[{"line":1,"column":12}],"path":["commit"],"extensions":{"code":"INVALID","rule":"unknown","edit":1}}]}
                """),
            new("""{ persons { totalCount } }""", """{"data":{"persons":{"totalCount":4}}}"""),
        ],
        ["mutations run in order and stop at the first that fails"] =
        [
            new("""mutation { a: updatePerson(id: "#1", set: { children: 5 }, expectedVersion: 1) { person { version } } b: updatePerson(id: "#1", set: { children: 6 }, expectedVersion: 2) { person { version children } } }""",
                """{"data":{"a":{"person":{"version":2}},"b":{"person":{"version":3,"children":6}}}}"""),
            new("""mutation { a: updatePerson(id: "#1", set: { children: 7 }, expectedVersion: 1) { person { version } } b: updatePerson(id: "#1", set: { children: 8 }, expectedVersion: 3) { person { version } } }""",
                """{"data":null,"errors":[{"message":"*","locations":[{"line":1,"column":12}],"path":["a"],"extensions":{"code":"CONFLICT","rule":"*","conflicts":[{"field":"children","base":2,"theirs":6,"yours":7}]}}]}"""),
            new("""{ person(id: "#1") { version } }""", """{"data":{"person":{"version":3}}}"""),
        ],
        ["a payload that asks for something wrong writes nothing"] =
        [
            new("""mutation { updatePerson(id: "#1", set: { children: 5 }, expectedVersion: 1) { person { mandates(first: 1, last: 1) { totalCount } } } }""",
                """{"errors":[{"message":"Give either \"first\" or \"last\", not both.","locations":[{"line":1,"column":122}],"path":["updatePerson","person","mandates"],"extensions":{"code":"INVALID","field":"last","rule":"page"}}]}"""),
            new("""{ person(id: "#1") { version } }""", """{"data":{"person":{"version":1}}}"""),
        ],
        ["who may only read may not write"] =
        [
            new("""mutation { updatePerson(id: "#1", set: { givenName: "X" }, expectedVersion: 1) { person { version } } }""",
                """{"data":null,"errors":[{"message":"*","locations":[{"line":1,"column":12}],"path":["updatePerson"],"extensions":{"code":"FORBIDDEN","field":"givenName"}}]}""") { AsReader = true },
            new("""mutation { createOrganisation(input: { legalName: "X" }) { organisation { id } } }""",
                """{"data":null,"errors":[{"message":"*","locations":[{"line":1,"column":12}],"path":["createOrganisation"],"extensions":{"code":"FORBIDDEN"}}]}""") { AsReader = true },
        ],
    };

    public static TheoryData<string> Names => [.. Scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_writes(string scenario)
    {
        await using var server = await TownServer.Filled();
        foreach (var step in Scenarios[scenario])
            await step.Hold(server);
    }

    [Fact]
    public async Task The_cursor_of_a_commit_is_where_the_log_goes_on()
    {
        await using var server = await TownServer.Filled();
        var cursor = (await server.Ask($$"""mutation { updatePerson(id: "{{Zoe}}", set: { children: 5 }, expectedVersion: 1) { commit { cursor } } }"""))["data"]!["updatePerson"]!["commit"]!["cursor"]!.GetValue<string>();
        await server.Ask($$"""mutation { updatePerson(id: "{{Zoe}}", set: { children: 6 }, expectedVersion: 2) { commit { id } } }""");
        var after = await server.Ask("query($after: String) { changes(after: $after) { nodes { kind field before after } } }", new { after = cursor });
        after.ToJsonString().ShouldBe("""{"data":{"changes":{"nodes":[{"kind":"UPDATED","field":"children","before":5,"after":6}]}}}""");
    }

    [Fact]
    public async Task A_commit_of_too_many_edits_is_refused()
    {
        await using var server = await TownServer.Filled(new() { Batch = 2 });
        var edits = Enumerable.Range(0, 3).Select(_ => new { create = new { type = "Person", values = new { familyName = "X" } } });
        JsonNode answer = await server.Ask("mutation($input: CommitInput!) { commit(input: $input) { commit { id } } }", new { input = new { id = "0d9c0d6e-4b0e-4c39-9d4e-0f6a53f0a004", edits } });
        answer["errors"]![0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"LIMIT","field":"edits","rule":"batch","limit":2,"figure":3}""");
    }
}
