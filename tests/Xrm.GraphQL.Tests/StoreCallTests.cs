using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

public sealed class StoreCallTests(FilledTown town) : IClassFixture<FilledTown>
{
    [Theory]
    [InlineData("{ person(id: \"00000000-0000-7000-8000-000000000001\") { id familyName displayName } }", 1)]
    [InlineData("{ persons { nodes { id } totalCount groups(by: [CHILDREN]) { count } pageInfo { endCursor } } }", 1)]
    [InlineData("{ persons { nodes { mandates { nodes { id } edges { cursor node { id } } totalCount } } } }", 2)]
    [InlineData("{ mandates { nodes { holder { id } constituency { name } functions { nodes { functionType } } } } }", 4)]
    [InlineData("{ mandates { nodes { holder { mandates(during: {}) { nodes { constituency { name } } } } } } }", 4)]
    [InlineData("{ address(id: \"00000000-0000-7000-8000-000000000061\") { occupants { nodes { ... on Person { addresses { nodes { city } } } } } } }", 3)]
    [InlineData("{ persons(where: { familyName: { eq: \"?\" } }) { nodes { mandates { nodes { id } } } } }", 1)]
    [InlineData("{ me { id } model { version } __schema { queryType { name } } }", 0)]
    public async Task Each_relation_and_level_is_one_call(string query, int calls)
    {
        town.Server.Store.Reads = 0;
        (await town.Server.Ask(query))["errors"].ShouldBeNull();
        town.Server.Store.Reads.ShouldBe(calls);
    }

    [Fact]
    public async Task A_list_of_50_with_a_relationship_is_two_calls()
    {
        await using var full = await TownServer.Empty();
        var commit = Commit.New();
        for (var i = 0; i < 60; i++)
        {
            var (person, mandate) = (EntityId.New(), EntityId.New());
            commit = commit.Create(Town.Person, person, Values.None.With(Town.FamilyName, $"P{i}")).Create(Town.Mandate, mandate, Values.None.With(Town.MandateType, "municipal")).Relate(person, Town.HoldsMandate, mandate);
        }
        await full.Engine.Commit(commit, TownServer.Admin, TestContext.Current.CancellationToken);
        full.Store.Reads = 0;
        var answer = await full.Ask("{ persons { nodes { familyName mandates { nodes { mandateType } } } } }");
        answer["data"]!["persons"]!["nodes"]!.AsArray().Count.ShouldBe(50);
        answer["data"]!["persons"]!["nodes"]!.AsArray().ShouldAllBe(p => p!["mandates"]!["nodes"]!.AsArray().Count == 1);
        full.Store.Reads.ShouldBe(2);
    }
}
