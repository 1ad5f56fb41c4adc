using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>What a plugin adds beside another, as the schema shows it while the other comes and goes.</summary>
public sealed class OptionalPartTests
{
    private static readonly Label L = Label.Of("libellé", "label");
    private static readonly EntityType Bench = EntityType.Named("Bench", L).Plural("benches", L);
    private static readonly Field<string> Wood = Bench.Text("wood", L);
    private static readonly RelationshipType SitsOn = RelationshipType.Named("SitsOn", L, L).From(EntityType.Elsewhere("Person"), "bench", L).To(Bench, "sitters", L).OneTarget().WhenSourceGoes(Then.Delete);
    private static readonly ModelDescription Parks = new ModelBuilder("parks").Add(Bench).When("town", m => m.Add(SitsOn)).Build();

    [Fact]
    public async Task A_relationship_to_a_plugin_that_is_away_is_not_in_the_schema_and_is_there_with_its_data_when_it_comes_back()
    {
        await using var server = await TownServer.Filled();
        await server.Engine.ChangeModel([Parks], Actor.System, Cancel);
        server.Service.SchemaText.ShouldContain("type Bench ");
        server.Service.SchemaText.ShouldNotContain("SitsOn");
        server.Service.SchemaText.ShouldNotContain("sitters");

        await Put(server, Town.Description, Parks);
        var person = (await server.Ask("{ persons(first: 1, order: [{ id: ASC }]) { nodes { id } } }"))["data"]!["persons"]!["nodes"]![0]!["id"]!.GetValue<string>();
        var bench = (await server.Ask("mutation { createBench(input: { wood: \"oak\" }) { bench { id } } }"))["data"]!["createBench"]!["bench"]!["id"]!.GetValue<string>();
        (await server.Ask($"mutation {{ createSitsOn(source: \"{person}\", target: \"{bench}\") {{ commit {{ id }} }} }}"))["errors"].ShouldBeNull();
        const string sitters = "{ benches { nodes { wood sitters { totalCount } } } }";
        var seated = (await server.Ask(sitters)).ToJsonString();
        seated.ShouldBe("""{"data":{"benches":{"nodes":[{"wood":"oak","sitters":{"totalCount":1}}]}}}""");

        await Put(server, Parks);
        (await server.Ask(sitters))["errors"].ShouldNotBeNull();
        (await server.Ask("{ benches { nodes { wood } } }")).ToJsonString().ShouldBe("""{"data":{"benches":{"nodes":[{"wood":"oak"}]}}}""");
        Fault(await server.Ask("""mutation { commit(input: { id: "019a0000-0000-7000-8000-000000000001", edits: [{ unrelate: { type: "SitsOn", id: "019a0000-0000-7000-8000-000000000002", expectedVersion: 1 } }] }) { commit { id } } }""")).ShouldBe("parked");

        await Put(server, Town.Description, Parks);
        (await server.Ask(sitters)).ToJsonString().ShouldBe(seated);
        (await server.Ask($"{{ person(id: \"{person}\") {{ bench {{ wood }} }} }}")).ToJsonString().ShouldBe("""{"data":{"person":{"bench":{"wood":"oak"}}}}""");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task Put(TownServer server, params ModelDescription[] models) => await server.Engine.ChangeModel([.. models], Actor.System, Cancel);

    private static string? Fault(JsonNode answer) => answer["errors"]![0]!["extensions"]!["rule"]?.GetValue<string>();
}
