namespace Xrm.GraphQL.Tests.Running;

/// <summary>A cursor belongs to the days of its connection, also where one asks for all periods and another for none.</summary>
public sealed class CursorDayTests(FilledTown town) : IClassFixture<FilledTown>
{
    [Fact]
    public async Task A_cursor_of_all_periods_is_foreign_where_only_today_is_asked_for()
    {
        var all = await town.Server.Ask($$"""{ person(id: "{{TownServer.Id(2)}}") { mandates(during: {}) { pageInfo { startCursor } } } }""");
        var cursor = (string)all["data"]!["person"]!["mandates"]!["pageInfo"]!["startCursor"]!;

        var next = await town.Server.Ask($$"""{ person(id: "{{TownServer.Id(2)}}") { mandates(during: {}, after: "{{cursor}}") { totalCount } } }""");
        next["errors"].ShouldBeNull();

        var today = await town.Server.Ask($$"""{ person(id: "{{TownServer.Id(2)}}") { mandates(after: "{{cursor}}") { totalCount } } }""");
        ((string)today["errors"]![0]!["extensions"]!["rule"]!).ShouldBe("cursor");
    }
}
