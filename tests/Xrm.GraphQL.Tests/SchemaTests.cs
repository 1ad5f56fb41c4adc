using Xrm.Core.Model;
using Xrm.GraphQL.Schemas;

namespace Xrm.GraphQL.Tests;

public sealed class SchemaTests
{
    private static readonly GraphSchema Schema = new(ModelCompiler.Compile([Town.Description], CompiledModel.Empty), new());

    [Fact]
    public void The_schema_text_is_dumped()
    {
        File.WriteAllText("/tmp/town.graphql", Schema.Text);
        Schema.Text.ShouldContain("type Query");
    }
}
