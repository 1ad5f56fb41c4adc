namespace Xrm.GraphQL.Tests.Running;

/// <summary>The filter by type beyond an end of several types.</summary>
public sealed class TypeFilterTests(FilledTown town) : IClassFixture<FilledTown>
{
    [Theory]
    [InlineData("{ eq: \"Person\" }", 1)]
    [InlineData("{ in: [\"Person\", \"Organisation\"] }", 2)]
    [InlineData("{ in: null }", 2)]
    [InlineData("{ eq: null }", 0)]
    public async Task Nothing_is_without_a_type_and_a_list_that_is_null_asks_nothing(string asked, int found)
    {
        var answer = await town.Server.Ask($$"""{ address(id: "{{TownServer.Id(61)}}") { occupants(where: { type: {{asked}} }) { totalCount } } }""");
        ((int)answer["data"]!["address"]!["occupants"]!["totalCount"]!).ShouldBe(found);
    }
}
