using Xrm.Host.Csv;
using Xrm.Host.Operations;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Host.Tests;

/// <summary>What a plugin computes goes into no file and comes out of none.</summary>
public sealed class ComputedColumnTests
{
    [Fact]
    public async Task A_map_cannot_fill_a_computed_field()
    {
        await using var xrm = await TestXrm.With<Harbour>();
        using var reader = xrm.Engine.Read(Actor.System);
        var type = reader.Model.Type("Boat")!;

        CsvMapReader.Read("""{ "fields": { "name": "Nom" } }""", type, reader, TimeZoneInfo.Utc).Fields.Length.ShouldBe(1);
        var problem = Should.Throw<Problem>(() => CsvMapReader.Read("""{ "fields": { "age": "Âge" } }""", type, reader, TimeZoneInfo.Utc));

        problem.Faults.ShouldHaveSingleItem().Message.En.ShouldBe("--map, fields.age: Boat has no field age to fill in (name).");
    }

    [Fact]
    public async Task An_export_leaves_computed_fields_out()
    {
        await using var xrm = await TestXrm.With<Harbour>();
        using var reader = xrm.Engine.Read(Actor.System);

        ExportOperation.Fields(reader.Model.Type("Boat")!, Sensitivity.Special, reader).Select(f => f.Name).ShouldBe(["name"]);
    }

    private sealed class Harbour : Plugin
    {
        private static readonly EntityType Boat = EntityType.Named("Boat", Label.Of("Bateau", "Boat"));
        private static readonly Field<string> Name = Boat.Text("name", Label.Of("Nom", "Name"));
        private static readonly Field<int> Age = Boat.Integer("age", Label.Of("Âge", "Age")).Computed();

        public override string Id => "harbour";
        public override Label Title => Label.Of("Port", "Harbour");

        public override void Describe(ModelBuilder model) => model.Add(Boat);

        public override void Attach(Hooks hooks, PluginContext context) => hooks.Computed(Age).Add((boats, _) =>
        {
            foreach (var boat in boats.Entities)
                boats.Put(boat, Age, boat.Get(Name)!.Length);
            return default;
        });
    }
}
