using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Subscriptions;

/// <summary>What may be subscribed to.</summary>
public sealed class SubscriptionDocumentTests(FilledTown town) : IClassFixture<FilledTown>
{
    [Theory]
    [InlineData("subscription { a: changes { id } b: changes { id } }", "INVALID")]
    [InlineData("subscription { __typename }", "INVALID")]
    [InlineData("subscription { changes @skip(if: true) { id } }", "INVALID")]
    [InlineData("subscription { nothing { id } }", "INVALID")]
    [InlineData("subscription { persons { totalCount } }", "INVALID")]
    [InlineData("subscription { person(id: 7.5) { id } }", "INVALID")]
    [InlineData("subscription { person(id: \"00000000-0000-7000-8000-000000000001\") { mandates(first: 1000) { nodes { functions(first: 1000) { nodes { mandate { functions(first: 1000) { totalCount nodes { id } } } } } } } } }", "LIMIT")]
    public async Task What_is_no_subscription_is_refused_before_anything_is_told(string query, string code)
    {
        var errors = await Subscriber.Refused(town.Server, query);
        errors[0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe(code);
    }

    [Fact]
    public async Task Where_one_answer_is_all_there_can_be_the_transports_for_subscriptions_are_named()
    {
        var answer = await town.Server.Ask("subscription { changes { id } }");
        answer["data"].ShouldBeNull();
        answer["errors"]![0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"INVALID","rule":"transport"}""");
        answer["errors"]![0]!["message"]!.GetValue<string>().ShouldContain("graphql-transport-ws");
        answer["errors"]![0]!["message"]!.GetValue<string>().ShouldContain("text/event-stream");
    }

    [Fact]
    public async Task A_query_or_mutation_that_comes_the_same_way_is_answered()
    {
        var (answer, subscription) = await town.Server.Service.Begin(new("{ me { id } }"), () => TownServer.Admin, "en", TestContext.Current.CancellationToken);
        subscription.ShouldBeNull();
        using (answer)
            JsonNode.Parse(answer!.Body.Span)!.ToJsonString().ShouldBe("""{"data":{"me":{"id":"user:admin"}}}""");
    }

    [Fact]
    public void Each_type_has_a_field_and_the_log_has_one()
    {
        town.Server.Service.SchemaText.ShouldContain("type Subscription {");
        var type = town.Server.Service.SchemaOf(town.Server.Engine.Force).Types.Subscription!;
        type.Fields.Select(f => f.Name).ShouldBe(["changes", "person", "mandate", "electiveFunction", "constituency", "organisation", "politicalGroup", "address", "complaint"], ignoreOrder: true);
        type.GetField("changes")!.ResolvedType!.ToString().ShouldBe("Change!");
        type.GetField("changes")!.Arguments!.Select(a => $"{a.Name}: {a.ResolvedType}").ShouldBe(["after: String", "types: [String!]"]);
        type.GetField("person")!.ResolvedType!.ToString().ShouldBe("Person");
        type.GetField("person")!.Arguments!.Select(a => $"{a.Name}: {a.ResolvedType}").ShouldBe(["id: ID!"]);
    }
}
