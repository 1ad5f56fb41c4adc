using System.Text.Json.Nodes;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>An authority's own fields by GraphQL.</summary>
public sealed class CustomFieldTests
{
    private const string Badge = """{ type: "Person", name: "badge", fieldType: "choice", labelFr: "Badge", labelEn: "Badge", options: [{ name: "RED", labelFr: "Rouge", labelEn: "Red" }, { name: "BLUE", labelFr: "Bleu", labelEn: "Blue" }], default: "RED" }""";

    [Fact]
    public async Task A_field_is_planned_added_used_relabelled_and_retired()
    {
        await using var server = await TownServer.Filled();
        var plan = (await server.Ask($$"""mutation { planCustomField(input: {{Badge}}) { hash isRefused isDestructive lines { kind part name plugin label { fr } count } refusals { rule } } }"""))["data"]!["planCustomField"]!;
        plan["lines"]!.ToJsonString().ShouldBe("""[{"kind":"ADDED","part":"FIELD","name":"Person.x_badge","plugin":"x","label":{"fr":"Badge"},"count":null}]""");
        server.Service.SchemaText.ShouldNotContain("x_badge");

        (await server.Ask($$"""mutation { addCustomField(input: {{Badge}}, plan: "{{plan["hash"]}}") { plan { hash } } }"""))["data"]!["addCustomField"]!["plan"]!["hash"]!.ToString().ShouldBe(plan["hash"]!.ToString());

        Same(await server.Ask(Ids("""mutation { updatePerson(id: "#1", set: { x_badge: BLUE }, expectedVersion: 1) { person { x_badge } } createPerson(input: { familyName: "A" }) { person { x_badge } } }""")),
            """{"data":{"updatePerson":{"person":{"x_badge":"BLUE"}},"createPerson":{"person":{"x_badge":"RED"}}}}""");
        Same(await server.Ask("""{ persons(where: { x_badge: { eq: BLUE } }) { totalCount nodes { x_badge } } }"""), """{"data":{"persons":{"totalCount":1,"nodes":[{"x_badge":"BLUE"}]}}}""");
        Same(await server.Ask("""mutation { relabelCustomField(input: { type: "Person", name: "badge", labelFr: "Macaron", helpFr: "Sur le pare-brise", helpEn: "On the windscreen", sensitivity: P2 }) { plan { lines { kind remark { fr en } } } } }"""),
            """{"data":{"relabelCustomField":{"plan":{"lines":[{"kind":"CHANGED","remark":{"fr":"libellé : « Badge » devient « Macaron » ; aide modifiée ; sensibilité : P1 devient P2","en":"label in French: \"Badge\" becomes \"Macaron\"; help changed; sensitivity: P1 becomes P2"}}]}}}}""");
        Same((await server.Ask("{ model { types { name fields { name plugin label { fr en } sensitivity } } } }"))["data"]!["model"]!["types"]![0]!["fields"]!.AsArray().Single(f => f!["name"]!.ToString() == "x_badge")!,
            """{"name":"x_badge","plugin":"x","label":{"fr":"Macaron","en":"Badge"},"sensitivity":"P2"}""");
        Same(await server.Ask("""mutation { planCustomField(action: RETIRE, input: { type: "Person", name: "badge" }) { isDestructive lines { kind count } } retireCustomField(type: "Person", name: "badge") { plan { isDestructive } } }"""),
            """{"data":{"planCustomField":{"isDestructive":true,"lines":[{"kind":"PARKED","count":2}]},"retireCustomField":{"plan":{"isDestructive":true}}}}""");
        (await server.Ask("{ persons { nodes { x_badge } } }"))["errors"].ShouldNotBeNull();
        Same(await server.Ask($$"""mutation { addCustomField(input: {{Badge}}) { plan { lines { kind count } } } }"""), """{"data":{"addCustomField":{"plan":{"lines":[{"kind":"RESTORED","count":2}]}}}}""");
        Same(await server.Ask(Ids("""{ person(id: "#1") { x_badge } }""")), """{"data":{"person":{"x_badge":"BLUE"}}}""");
    }

    [Theory]
    [InlineData("integer", "default: 3, min: 1, max: 9", "INTEGER", "3")]
    [InlineData("money", "default: \"2.50\", min: \"0\", required: true", "DECIMAL", "\"2.5\"")]
    [InlineData("decimal", "default: 2", "DECIMAL", "\"2\"")]
    [InlineData("date", "default: \"2026-01-31\", max: \"2030-01-01\"", "DATE", "\"2026-01-31\"")]
    [InlineData("dateTime", "default: \"2026-01-31T10:00:00Z\"", "DATE_TIME", "\"2026-01-31T10:00:00.000Z\"")]
    [InlineData("duration", "default: \"PT2H\"", "DURATION", "\"PT2H\"")]
    [InlineData("boolean", "default: true", "BOOLEAN", "true")]
    [InlineData("text", "default: [\"a\", \"b\"], many: true, maxLength: 3, pattern: \"[a-z]+\", searchable: true", "TEXT", "[\"a\",\"b\"]")]
    [InlineData("json", "default: { a: [1, null] }", "JSON", "{\"a\":[1,null]}")]
    public async Task Values_in_json_have_the_form_of_the_fields_type(string type, string facets, string shape, string kept)
    {
        await using var server = await TownServer.Empty();

        (await server.Ask($$"""mutation { addCustomField(input: { type: "Person", name: "own", fieldType: "{{type}}", labelFr: "A", labelEn: "A", {{facets}} }) { plan { hash } } }"""))["errors"]?.ToJsonString().ShouldBeNull();

        Same(await server.Ask("""mutation { createPerson(input: { familyName: "A" }) { person { x_own } } }"""), """{"data":{"createPerson":{"person":{"x_own":#}}}}""".Replace("#", kept, StringComparison.Ordinal));
        (await server.Ask("{ model { types { name fields { name shape } } } }"))["data"]!["model"]!["types"]![0]!["fields"]!.AsArray().Single(f => f!["name"]!.ToString() == "x_own")!["shape"]!.ToString().ShouldBe(shape);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_whether_it_is_read_or_compiled()
    {
        await using var server = await TownServer.Empty();
        const string input = """{ type: "Person", name: "Bad", fieldType: "integer", labelFr: "A", helpFr: "Aide", maxLength: 3, codeList: "None", default: "three", max: 2000000000000, pattern: "(" }""";
        string[] expected = ["maxLength fieldType", "codeList fieldType", "helpEn label", "default type", "max type", "x/Person.x_Bad name", "x/Person.x_Bad label", "x/Person.x_Bad pattern", "x/Person.x_Bad pattern"];

        var refusals = (await server.Ask($"mutation {{ planCustomField(input: {input}) {{ isRefused refusals {{ field rule }} }} }}"))["data"]!["planCustomField"]!["refusals"]!.AsArray();
        var errors = (await server.Ask($"mutation {{ addCustomField(input: {input}) {{ plan {{ hash }} }} }}", language: "fr"))["errors"]!.AsArray();

        refusals.Select(r => $"{r!["field"]} {r["rule"]}").ShouldBe(expected, ignoreOrder: true);
        errors.Select(e => $"{e!["extensions"]!["field"]} {e["extensions"]!["rule"]}").ShouldBe(expected, ignoreOrder: true);
        errors.Select(e => e!["message"]!.ToString()).ShouldContain("Cela ne se dit que d'un texte (text, longText).");
    }

    [Theory]
    [InlineData("addCustomField(input: { type: \"Person\", name: \"own\", fieldType: \"state\", labelFr: \"A\", labelEn: \"A\" })", "INVALID fieldType state")]
    [InlineData("addCustomField(input: { type: \"Person\", name: \"own\", fieldType: \"iban\", labelFr: \"A\", labelEn: \"A\" })", "INVALID fieldType fieldType")]
    [InlineData("addCustomField(input: { type: \"Person\", name: \"own\", labelFr: \"A\", labelEn: \"A\" })", "INVALID fieldType required")]
    [InlineData("addCustomField(input: { type: \"Person\", name: \"own\", fieldType: \"code\", labelFr: \"A\", labelEn: \"A\" })", "INVALID codeList required")]
    [InlineData("addCustomField(input: { type: \"Nobody\", name: \"own\", fieldType: \"text\", labelFr: \"A\", labelEn: \"A\" })", "INVALID type unknown")]
    [InlineData("relabelCustomField(input: { type: \"Person\", name: \"own\", labelFr: \"A\" })", "NOT_FOUND name unknown")]
    [InlineData("retireCustomField(type: \"Person\", name: \"own\")", "NOT_FOUND name unknown")]
    public async Task What_cannot_be_asked_is_refused(string mutation, string expected)
    {
        await using var server = await TownServer.Empty();

        var error = (await server.Ask($"mutation {{ {mutation} {{ plan {{ hash }} }} }}"))["errors"]!.AsArray().Single()!["extensions"]!;

        $"{error["code"]} {error["field"]} {error["rule"]}".ShouldBe(expected);
    }

    [Fact]
    public async Task Relabelling_says_no_more_than_words_and_sensitivity()
    {
        await using var server = await TownServer.Empty();
        await server.Ask($"mutation {{ addCustomField(input: {Badge}) {{ plan {{ hash }} }} }}");

        var answer = await server.Ask("""mutation { relabelCustomField(input: { type: "Person", name: "badge", labelEn: "Sticker", required: true }) { plan { hash } } }""");

        answer["errors"]!.AsArray().Single()!["extensions"]!.ToJsonString().ShouldBe("""{"code":"INVALID","field":"required","rule":"action"}""");
        server.Engine.Model.Type("Person")!.ByName["x_badge"].Description.Label.En.ShouldBe("Badge");
    }

    [Fact]
    public async Task A_plan_made_before_the_model_moved_is_a_conflict()
    {
        await using var server = await TownServer.Empty();
        var hash = (await server.Ask($"mutation {{ planCustomField(input: {Badge}) {{ hash }} }}"))["data"]!["planCustomField"]!["hash"];
        await server.Ask("""mutation { addCustomField(input: { type: "Mandate", name: "note", fieldType: "longText", labelFr: "A", labelEn: "A" }) { plan { hash } } }""");

        var answer = await server.Ask($$"""mutation { addCustomField(input: {{Badge}}, plan: "{{hash}}") { plan { hash } } }""");

        answer["errors"]![0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"CONFLICT","field":"plan","rule":"plan"}""");
        server.Engine.Model.Type("Person")!.ByName.ShouldNotContainKey("x_badge");
    }

    [Fact]
    public async Task A_field_is_there_again_after_a_restart()
    {
        var journal = new MemoryJournal();
        await using (var server = await TownServer.Filled(journal: journal))
        {
            await server.Ask($"mutation {{ addCustomField(input: {Badge}) {{ plan {{ hash }} }} }}");
            await server.Ask(Ids("""mutation { updatePerson(id: "#1", set: { x_badge: BLUE }, expectedVersion: 1) { person { id } } }"""));
        }
        await using var again = await TownServer.Empty(journal: journal);

        Same(await again.Ask(Ids("""{ person(id: "#1") { x_badge } }""")), """{"data":{"person":{"x_badge":"BLUE"}}}""");
    }

    private static string Ids(string text) => text.Replace("#1", TownServer.Id(1), StringComparison.Ordinal);

    private static void Same(JsonNode answer, string expected)
    {
        if (!JsonNode.DeepEquals(answer, JsonNode.Parse(expected)))
            answer.ToJsonString().ShouldBe(JsonNode.Parse(expected)!.ToJsonString());
    }
}
