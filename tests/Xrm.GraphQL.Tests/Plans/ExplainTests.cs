namespace Xrm.GraphQL.Tests.Plans;

/// <summary>The extension that tells administrators how an answer was come by.</summary>
public sealed class ExplainTests(Crowd crowd) : IClassFixture<Crowd>
{
    private const string Query = """{ persons(where: { givenName: { contains: "secret" } }) { totalCount } }""";

    [Fact]
    public async Task An_administrator_is_told_the_plan_beside_the_data()
    {
        var answer = await crowd.Server.Ask(Query, explains: true);
        answer["data"]!["persons"]!["totalCount"]!.GetValue<int>().ShouldBe(0);
        answer["extensions"]!["explain"]!.GetValue<string>().ShouldStartWith("query\n  persons: list of Person\n    filter givenName contains ?\n");
    }

    [Fact]
    public async Task Who_does_not_ask_is_told_nothing() => (await crowd.Server.Ask(Query))["extensions"].ShouldBeNull();

    [Fact]
    public async Task Others_get_the_same_answer_without_it()
    {
        var answer = await crowd.Server.Ask(Query, actor: TownServer.Reader, explains: true);
        answer.ToJsonString().ShouldBe("""{"data":{"persons":{"totalCount":0}}}""");
    }

    [Fact]
    public async Task Errors_stand_before_it()
    {
        var answer = await crowd.Server.Ask("""{ node(id: "nonsense") { id } persons(first: 1) { nodes { id } } }""", explains: true);
        answer.AsObject().Select(p => p.Key).ShouldBe(["data", "errors", "extensions"]);
        answer["extensions"]!["explain"]!.GetValue<string>().ShouldContain("  node: by id\n  persons: list of Person\n");
    }

    [Fact]
    public async Task What_is_refused_is_not_explained() =>
        (await crowd.Server.Ask("{ persons(first: 1001) { nodes { id } } }", explains: true)).AsObject().Select(p => p.Key).ShouldBe(["errors"]);
}
