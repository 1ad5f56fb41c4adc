using Xrm.Sdk;

namespace Xrm.Testing.Tests;

public sealed class UpdateTests
{
    [Fact]
    public async Task An_update_runs_the_migrations_that_are_due_and_values_that_are_no_more_can_still_be_read()
    {
        await using var xrm = await TestXrm.With(new OldScales());
        var whale = await xrm.Create(Old.Type, (Old.Grams, 2500));

        await xrm.Update(new NewScales(), "1.0.0", "1.1.0");

        (await xrm.Query(Query.For(New.Type))).Single().Get(New.Kilos).ShouldBe(2.5m);
        (await xrm.Find(New.Type, whale.Id))!.Version.ShouldBe(whale.Version + 1);
        (await xrm.Ask("{ catches { nodes { kilos } } }"))["data"]!["catches"]!["nodes"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_migration_that_is_refused_leaves_the_version_before_in_force()
    {
        await using var xrm = await TestXrm.With(new OldScales());
        await xrm.Create(Old.Type, (Old.Grams, -1));

        var refused = await Should.ThrowAsync<Problem>(() => xrm.Update(new NewScales(), "1.0.0", "1.1.0"));

        refused.Faults.Single().Message.En.ShouldContain("1.1.0");
        (await xrm.Query(Query.For(Old.Type))).Single().Get(Old.Grams).ShouldBe(-1);
    }

    [Fact]
    public async Task A_version_that_the_data_are_of_already_runs_nothing()
    {
        await using var xrm = await TestXrm.With(new OldScales());
        await xrm.Create(Old.Type, (Old.Grams, -1));

        await xrm.Update(new NewScales(), "1.1.0", "1.2.0");

        (await xrm.Query(Query.For(New.Type))).Single().Get(New.Kilos).ShouldBe(0m);
    }

    private static class Old
    {
        public static readonly EntityType Type = EntityType.Named("Catch", Label.Of("Prise", "Catch")).Plural("catches", Label.Of("Prises", "Catches"));
        public static readonly Field<int> Grams = Type.Integer("grams", Label.Of("Grammes", "Grams"));
    }

    private static class New
    {
        public static readonly EntityType Type = EntityType.Named("Catch", Label.Of("Prise", "Catch")).Plural("catches", Label.Of("Prises", "Catches"));
        public static readonly Field<decimal> Kilos = Type.Decimal("kilos", Label.Of("Kilogrammes", "Kilograms")).Min(0);
    }

    private sealed class OldScales : Plugin
    {
        public override string Id => "scales";
        public override Label Title => Label.Of("Balance", "Scales");
        public override void Describe(ModelBuilder model) => model.Add(Old.Type);
    }

    private sealed class NewScales : Plugin
    {
        public override string Id => "scales";
        public override Label Title => Label.Of("Balance", "Scales");
        public override void Describe(ModelBuilder model) => model.Add(New.Type);
        public override IEnumerable<Migration> Migrations =>
        [
            Migration.Of("1.1.0", Label.Of("En kilogrammes", "In kilograms"), New.Type, one =>
            {
                if (one.Old("grams") is int grams)
                    one.Put(New.Kilos, grams / 1000m);
            }),
        ];
    }
}
