using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Model;

public sealed class GrantFilterTests
{
    [Fact]
    public void More_filters_on_a_type_than_a_row_can_decide_are_a_fault_of_the_model()
    {
        var problem = Should.Throw<Problem>(() => ModelCompiler.Compile([World(33)], CompiledModel.Empty));

        var fault = problem.Faults.Single();
        fault.Rule.ShouldBe("filters");
        fault.Field.ShouldBe("p/Thing");
        fault.Message.En.ShouldContain("33 different filters, at most 32");
    }

    [Fact]
    public async Task All_of_as_many_as_a_row_can_decide_are_granted()
    {
        await using var engine = await Engine.Open(Xrm.Core.Image.ImageStore.Open(new Xrm.Core.Log.MemoryJournal(), new()), new EngineOptions(), default);
        await engine.ChangeModel([World(32)], Actor.System, default);
        await engine.Commit(new Commit(EntityId.New(), [.. Enumerable.Range(0, 40).Select(i => new Edit.Create("Thing", EntityId.New(), Values.Of(("n", i), ("m", 1))))]), Actor.System, default);

        var all = Actor.Of("user:x", [.. Enumerable.Range(0, 32).Select(i => $"role{i}")]);

        (await engine.As(all).Query(new Query("Thing"))).Entities.Length.ShouldBe(32);
    }

    /// <summary>A type on which each role has a filter of its own, and all have one more that is the same in all but its object.</summary>
    private static ModelDescription World(int filters) => new("p")
    {
        EntityTypes = [new EntityTypeDescription("Thing", L) { Fields = [new FieldDescription("n", new IntegerType(), L), new FieldDescription("m", new IntegerType(), L)] }],
        Roles = [.. Enumerable.Range(0, filters).Select(i => new Role($"role{i}", L,
        [
            new Grant("Thing", Rights.Read) { Where = i == 0 ? Same() : new Filter.Compare("n", Comparison.Equal, i) },
            new Grant("Thing", Rights.Read) { Where = Same() },
        ]))],
    };

    private static Filter.And Same() => new Filter.And([new Filter.Compare("n", Comparison.In, ImmutableArray.Create<object>(0, -1)), new Filter.Compare("m", Comparison.Equal, 1)]);
}
