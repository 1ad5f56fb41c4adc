using Xrm.Core.Model;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Schemas;

namespace Xrm.GraphQL.Tests;

public sealed class SchemaTests
{
    private static readonly GraphSchema Schema = new(ModelCompiler.Compile([Town.Description], CompiledModel.Empty), [], new());

    [Theory]
    [InlineData("person(", "persons(", "constituencyByConstituencyTypeAndCode(", "node(id: ID!): Node", "nodes(ids: [ID!]!): [Node]!", "changes(", "search(", "): SearchConnection!", "type SearchEdge", "model: Model!", "me: Actor!")]
    [InlineData("createPerson(", "updatePerson(", "deletePerson(", "createWorksFor(", "updateWorksFor(", "endWorksFor(", "deleteWorksFor(", "resolveComplaint(", "acknowledgeComplaint(", "commit(input: CommitInput!): CommitPayload!")]
    [InlineData("input PersonFilter", "input PersonSort", "enum PersonGroupField", "type PersonConnection", "type PersonMandatesConnection", "type MandateHolderConnection", "input MandateLinkFilter", "input CreatePersonInput", "input UpdatePersonInput", "type PersonPayload", "enum OnConflict", "input EditInput @oneOf", "input Period", "scalar Decimal", "scalar Date", "scalar JSON")]
    public void It_has_the_names_of_the_contract(params string[] names)
    {
        foreach (var name in names)
            Schema.Text.ShouldContain(name);
    }

    [Fact]
    public void A_relationship_that_has_no_dates_cannot_be_ended() => Schema.Text.ShouldNotContain("endHoldsMandate");

    [Fact]
    public void A_root_list_takes_all_that_narrows_it()
    {
        Schema.Types.Query.GetField("persons")!.Arguments!.Select(a => a.Name).ShouldBe(["search", "where", "order", "at", "during", "asOf", "first", "after", "last", "before", "offset"]);
    }

    [Fact]
    public void Every_field_of_the_model_may_be_null()
    {
        foreach (var (type, graph) in Schema.Objects)
            foreach (var field in SchemaParts.Shown(type))
                graph.GetField(field.Name)!.ResolvedType.ShouldNotBeOfType<global::GraphQL.Types.NonNullGraphType>();
    }

    [Fact]
    public void An_empty_model_has_a_schema_too() => new GraphSchema(CompiledModel.Empty, [], new()).Text.ShouldContain("type Query");

    [Fact]
    public async Task A_document_is_parsed_and_validated_once()
    {
        var first = await Schema.Documents.Get("{ persons { totalCount } }");
        (await Schema.Documents.Get("{ persons { totalCount } }")).ShouldBeSameAs(first);
        var operation = first.Operation(null);
        operation.Plan(operation.ReadVariables(default), new()).ShouldBeSameAs(operation.Plan(operation.ReadVariables(default), new()));
    }

    [Fact]
    public async Task Documents_asked_for_long_ago_are_forgotten()
    {
        var cache = new DocumentCache(Schema, new() { CachedLength = 200 });
        var first = await cache.Get("{ persons { totalCount } }");
        for (var i = 0; i < 20; i++)
            await cache.Get($"{{ a{i}: persons {{ totalCount }} }}");
        (await cache.Get("{ persons { totalCount } }")).ShouldNotBeSameAs(first);
    }
}
