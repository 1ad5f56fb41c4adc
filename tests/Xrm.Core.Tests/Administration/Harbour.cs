using System.Collections.Immutable;
using Xrm.Core.Administration;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.Core.Tests.Administration;

/// <summary>An engine whose models are said in a line: boats, berths, who lies where.</summary>
internal sealed class Harbour : IAsyncDisposable
{
    public static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);
    public static readonly Label BoatLabel = Label.Of("Bateau", "Boat");

    private Harbour(Engine engine, MemoryJournal journal)
    {
        Engine = engine;
        Journal = journal;
    }

    public Engine Engine { get; }
    public MemoryJournal Journal { get; }

    public static async Task<Harbour> With(params ModelDescription[] descriptions)
    {
        var harbour = await Open(new MemoryJournal());
        await harbour.Put(descriptions);
        return harbour;
    }

    public static async Task<Harbour> Open(MemoryJournal journal) => new(await Engine.Open(ImageStore.Open(journal), new EngineOptions(), default), journal);

    public static ModelDescription Boats(params FieldDescription[] fields) =>
        new("boats") { EntityTypes = [new("Boat", BoatLabel) { Fields = [.. fields] }] };

    public static ModelDescription Berths(RelationshipTypeDescription lies, params string[] more) =>
        new("berths")
        {
            EntityTypes = [new("Berth", Label.Of("Poste", "Berth")) { Fields = [Text("name")] }, .. more.Select(m => new EntityTypeDescription(m, Label.Of(m, m)) { Fields = [Text("name")] })],
            RelationshipTypes = [lies],
        };

    /// <summary>Boats lie at berths.</summary>
    public static RelationshipTypeDescription LiesAt(bool toOne = false, bool dated = false, bool symmetric = false, params string[] targets) =>
        new("LiesAt", Label.Of("est amarré à", "lies at"), Label.Of("accueille", "hosts"))
        {
            Source = new() { Types = ["Boat"], Name = "berths", Label = Label.Of("Postes", "Berths"), IsToOne = toOne, OnDelete = Then.Delete },
            Target = symmetric
                ? new() { Types = ["Boat"], Name = "berths", Label = Label.Of("Postes", "Berths"), IsToOne = toOne, OnDelete = Then.Delete }
                : new() { Types = [.. targets.Length == 0 ? ["Berth"] : targets], Name = "boats", Label = Label.Of("Bateaux", "Boats"), OnDelete = Then.Delete },
            IsDated = dated,
            IsSymmetric = symmetric,
        };

    public static FieldDescription Text(string name, int most = 200) => new(name, new TextType(most), Label.Of($"{name} fr", $"{name} en"));

    public static FieldDescription Number(string name) => new(name, new IntegerType(), Label.Of($"{name} fr", $"{name} en"));

    public static FieldDescription Choice(string name, params string[] options) =>
        new(name, new OptionsType([.. options.Select(o => new Option(o, Label.Of(o, o)))]), Label.Of($"{name} fr", $"{name} en"));

    public static FieldDescription Code(string name, string list) => new(name, FieldTypes.Find("code", codeList: list)!, Label.Of($"{name} fr", $"{name} en"));

    public async Task Put(params ModelDescription[] descriptions) => await Engine.ChangeModel([.. descriptions], Actor.System, default);

    public async Task<ModelPlan> Plan(params ModelDescription[] descriptions) => await ModelPlanner.Plan(Engine, [.. descriptions], TestContext.Current.CancellationToken);

    public async Task<EntityId> Make(string type, params (string, object?)[] values)
    {
        var id = EntityId.New();
        await Engine.Commit(Commit.New().And(new Edit.Create(type, id, Values.Of(values))), Admin, default);
        return id;
    }

    public async Task<EntityId> Moor(EntityId boat, EntityId berth, Period period = default)
    {
        var id = EntityId.New();
        await Engine.Commit(Commit.New().And(new Edit.Relate("LiesAt", id, boat, berth, period, Values.None)), Admin, default);
        return id;
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}

internal static class PlanWords
{
    /// <summary>A line as a test names it: <c>Changed Boat.name</c>.</summary>
    public static IEnumerable<string> Names(this ModelPlan plan) => plan.Lines.Select(l => $"{l.Kind} {l.Name}");

    public static PlanLine Line(this ModelPlan plan, string name) => plan.Lines.Single(l => l.Name == name);

    public static PlanLine Line(this ImmutableArray<PlanLine> lines, string name) => lines.Single(l => l.Name == name);
}
