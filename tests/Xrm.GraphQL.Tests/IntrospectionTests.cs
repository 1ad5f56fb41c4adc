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
}
