using System.Text;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Schemas;

/// <summary>In a model in which no end leads to several types, no field is an Entity.</summary>
public sealed class EntityInterfaceTests
{
    private static readonly Label L = Label.Of("libellé", "label");

    [Fact]
    public async Task The_interface_that_all_things_have_is_in_the_schema_though_no_field_answers_it()
    {
        await using var engine = await Engine.Open(ImageStore.Open(new MemoryJournal(), new()), new EngineOptions(), CancellationToken.None);
        await engine.ChangeModel([new ModelDescription("alone") { EntityTypes = [new("Lamp", L) { Fields = [new("colour", new TextType(), L)] }] }], Actor.System, CancellationToken.None);
        var service = new GraphQLService(engine, new GraphQLOptions { CursorKey = Encoding.UTF8.GetBytes("a key for tests only") });

        service.SchemaText.ShouldContain("type Lamp implements Node & Entity");
        service.SchemaText.ShouldContain("interface Entity ");
        using var answer = await service.Execute(new("{ lamps { nodes { ... on Entity { displayName } } } }"), Actor.Of("user:admin", Role.Administrator), "en", CancellationToken.None);
        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe("""{"data":{"lamps":{"nodes":[]}}}""");
    }
}
