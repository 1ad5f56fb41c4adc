namespace Xrm.GraphQL.Tests;

public sealed class IntrospectionTests(FilledTown town) : IClassFixture<FilledTown>
{
    [Fact]
    public async Task The_query_that_tools_send_is_answered()
    {
        var answer = await town.Server.Ask("""
            query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name } types { ...FullType } directives { name locations args { ...InputValue } } } }
            fragment FullType on __Type { kind name description fields(includeDeprecated: true) { name args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
              inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name } possibleTypes { ...TypeRef } }
            fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
            fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }
            """);
        answer["errors"].ShouldBeNull();
        answer["data"]!["__schema"]!["queryType"]!["name"]!.GetValue<string>().ShouldBe("Query");
        answer["data"]!["__schema"]!["types"]!.AsArray().Select(t => t!["name"]!.GetValue<string>()).ShouldContain("PersonFilter");
    }

    [Fact]
    public async Task It_stands_beside_data_in_the_order_asked()
    {
        var answer = await town.Server.Ask("query($name: String!) { a: __typename t: __type(name: $name) { ...kind } me { id } s: __schema { queryType { name } } } fragment kind on __Type { kind name }", new { name = "Person" });
        answer.ToJsonString().ShouldBe("""{"data":{"a":"Query","t":{"kind":"OBJECT","name":"Person"},"me":{"id":"user:admin"},"s":{"queryType":{"name":"Query"}}}}""");
    }

    [Fact]
    public async Task Where_the_schema_is_not_open_administrators_alone_may_ask_for_it_and_no_name_is_offered_to_others()
    {
        await using var closed = await TownServer.Filled(with: (_, options) => options with { IsSchemaOpen = false });
        foreach (var query in (string[])["{ __schema { queryType { name } } }", "{ me { id } ...f } fragment f on Query { t: __type(name: \"Person\") { name } }"])
        {
            var refused = await closed.Ask(query, actor: TownServer.Reader);
            refused["data"].ShouldBeNull();
            refused["errors"]![0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"FORBIDDEN","rule":"introspection"}""");
            (await closed.Ask(query))["errors"].ShouldBeNull();
        }
        (await closed.Ask("{ __typename me { __typename } }", actor: TownServer.Reader))["errors"].ShouldBeNull();
        (await closed.Ask("{ person }", actor: TownServer.Reader)).ToJsonString().ShouldNotContain("Did you mean");
        (await closed.Ask("{ persns { totalCount } }", actor: TownServer.Reader)).ToJsonString().ShouldNotContain("Did you mean");
        (await closed.Ask("{ persns { totalCount } }")).ToJsonString().ShouldContain("Did you mean");
        (await town.Server.Ask("{ persns { totalCount } }", actor: TownServer.Reader)).ToJsonString().ShouldContain("Did you mean");
    }
}
