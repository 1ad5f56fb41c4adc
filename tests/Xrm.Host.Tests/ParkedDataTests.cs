using System.Text.Json.Nodes;
using Xrm.Core;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;

namespace Xrm.Host.Tests;

/// <summary>A plugin was there, and is no more when the program starts: its data are written out and proven all the same.</summary>
public sealed class ParkedDataTests : IDisposable
{
    private static readonly Label L = Label.Of("libellé", "label");
    private static readonly EntityType Person = EntityType.Elsewhere("Person");
    private static readonly EntityType Boat = EntityType.Named("Boat", L);
    private static readonly Field<string> Name = Boat.Text("name", L);
    private static readonly RelationshipType OwnedBy = RelationshipType.Named("OwnedBy", L, L).From(Boat, "owner", L).To(Person, "boats", L).Dated().WhenTargetGoes(Then.End);
    private static readonly TypeExtension OfPerson = Person.ExtendedBy("harbour");
    private static readonly Field<string> Licence = OfPerson.Text("licence", L);
    private static readonly ModelDescription Harbour = new ModelBuilder("harbour").Add(Boat).Add(OwnedBy).Extend(OfPerson).Build();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Parked_types_and_fields_are_written_out_and_marked()
    {
        var (ana, boat, owned) = await Filled();

        var lines = (await Command.Run(_folder.Path, "export ndjson -")).ShouldBeDone().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToDictionary(l => l["id"]!.GetValue<string>());

        lines[boat.ToString()].ShouldSatisfyAllConditions(b => b["parked"]!.GetValue<bool>().ShouldBeTrue(), b => b["values"]!["name"]!.GetValue<string>().ShouldBe("Mouette"));
        lines[owned.ToString()].ShouldSatisfyAllConditions(o => o["parked"]!.GetValue<bool>().ShouldBeTrue(), o => o["target"]!.GetValue<string>().ShouldBe(ana.ToString()));
        lines[ana.ToString()].ShouldSatisfyAllConditions(p => p["parked"].ShouldBeNull(), p => p["values"]!["harbour_licence"]!.GetValue<string>().ShouldBe("L-1"));
        (await Command.Run(_folder.Path, "export csv - --type Boat")).ShouldBeDone().Out.ShouldContain("Mouette");
        var persons = (await Command.Run(_folder.Path, "export csv - --type Person")).ShouldBeDone().Out;
        persons.ShouldContain("harbour_licence");
        persons.ShouldContain("L-1");
        var written = (await Command.Run(_folder.Path, $"export ndjson {Path.Combine(_folder.Path, "all")} --json")).ShouldBeDone().Json;
        written["parked"]!.AsArray().Select(t => t!.GetValue<string>()).ShouldBe(["Boat", "OwnedBy"]);
    }

    [Fact]
    public async Task A_check_counts_parked_relationships_and_takes_those_that_ended_for_whole()
    {
        await Filled();

        var report = (await Command.Run(_folder.Path, "check --json")).ShouldBeDone().Json;

        report["faults"]!.AsArray().ShouldBeEmpty();
        (report["entities"]!.GetValue<int>(), report["relationships"]!.GetValue<int>()).ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_check_finds_a_relationship_to_nothing_also_where_it_is_parked()
    {
        await Filled();
        await using (var store = LiteDbStore.Open(_folder.Path))
        {
            await using var engine = await Engine.Open(store, new EngineOptions(), default);
            var type = engine.Model.Whole.Relationship("OwnedBy")!;
            var boat = (await Boats(engine)).Single();
            await store.Write(new(EntityId.New().Value, "test", [new(ChangeKind.Related, type, EntityId.New().Value, default) { Source = boat.Id.Value, Target = EntityId.New().Value }], []), default);
        }

        var answer = await Command.Run(_folder.Path, "check --json");

        answer.ExitCode.ShouldBe(1);
        answer.Json["faults"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldContain("OwnedBy");
    }

    /// <summary>A boat with its owner, and one before who was deleted.</summary>
    private async Task<(EntityId Ana, EntityId Boat, EntityId Owned)> Filled()
    {
        (await Command.Run(_folder.Path, "check")).ShouldBeDone();
        await using var engine = await Engine.Open(LiteDbStore.Open(_folder.Path), new EngineOptions(), default);
        await engine.ChangeModel([.. engine.Model.Descriptions, Harbour], Actor.System, default);
        var (ana, bob, boat, owned) = (EntityId.New(), EntityId.New(), EntityId.New(), EntityId.New());
        var xrm = engine.As(Actor.System);
        await xrm.Commit(Commit.New()
            .Create(Person, ana, Values.Of(("familyName", "ANA"), ("harbour_licence", "L-1"))).Create(Person, bob, Values.Of(("familyName", "BOB"))).Create(Boat, boat, Values.None.With(Name, "Mouette"))
            .And(new Edit.Relate("OwnedBy", owned, boat, ana, Period.Always, Values.None)).Relate(boat, OwnedBy, bob, new(2020, 1, 1)));
        await xrm.Commit(Commit.New().And(new Edit.Delete("Person", bob, 1)));
        return (ana, boat, owned);
    }

    private static async Task<IEnumerable<Entity>> Boats(Engine engine)
    {
        using var reader = engine.ReadWhole(Actor.System);
        return (await new Core.Running.QueryRunner(reader, computes: false).Query(Query.For(Boat), default)).Entities;
    }
}
