using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>A random model with random data, kept twice: by an engine that answers GraphQL, and in plain lists.</summary>
internal sealed class RandomWorld : IAsyncDisposable
{
    private readonly Dice _dice;
    private readonly TestClock _clock = new();
    private readonly ImageStore _store;
    private readonly Engine _engine;
    private readonly GraphQLService _service;

    private RandomWorld(Dice dice, RandomModel model, TestClock clock, ImageStore store, Engine engine)
    {
        (_dice, Model, _clock, _store, _engine) = (dice, model, clock, store, engine);
        // What a request may cost is for tests of its own.
        _service = new(engine, new GraphQLOptions { CursorKey = Encoding.UTF8.GetBytes("a key for tests only"), Limits = new() { Cost = long.MaxValue / 4 }, Log = new TestLog() });
        Plain = new(_service.SchemaText);
        Data = new PlainData(model, [], [], Today);
    }

    public RandomModel Model { get; }
    public PlainExecuter Plain { get; }
    public PlainData Data { get; private set; }
    public Cursors Cursors { get; } = new();

    /// <summary>In Paris in winter.</summary>
    private DateOnly Today => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime.AddHours(1));

    public static async Task<RandomWorld> Make(Dice dice)
    {
        var model = new RandomModel(dice);
        var clock = new TestClock();
        // In every other world an index is kept from the first record on, else none is.
        var store = ImageStore.Open(new MemoryJournal(), new() { Time = clock, IndexFrom = dice.Chance(50) ? 1 : 64 });
        var engine = await Engine.Open(store, new EngineOptions { Time = clock }, CancellationToken.None);
        await engine.ChangeModel([model.Description], Actor.System, CancellationToken.None);
        var world = new RandomWorld(dice, model, clock, store, engine);
        for (var i = 0; i < 18 + dice.Below(14); i++)
            await world.Create();
        for (var i = 0; i < 50; i++)
            await world.Relate();
        await world.Change(8);
        return world;
    }

    /// <summary>Our answer, in the form in which answers are compared.</summary>
    public async Task<JsonDocument> Ask(RandomDocument document, Actor actor)
    {
        using var variables = JsonDocument.Parse(document.VariablesJson);
        using var answer = await _service.Execute(new(document.Text, null, variables.RootElement), actor, "en", CancellationToken.None);
        var json = JsonDocument.Parse(answer.Body.ToArray());
        // Indexes that were wanted are there for the next.
        await _store.Settle();
        return json;
    }

    /// <summary>Some things and links are changed or deleted.</summary>
    public async Task Change(int times)
    {
        for (; times > 0; times--)
            switch (_dice.Below(5))
            {
                case 0 when Data.Links.Count > 0:
                    var gone = _dice.Pick(Data.Links);
                    await Commit(new Edit.Unrelate(gone.Type.Name, new(gone.Id), gone.Version), _ => Data = Data with { Links = Data.Links.Remove(gone) });
                    break;
                case 1 when Data.Links.Count > 0:
                    var link = _dice.Pick(Data.Links);
                    var other = RandomValues.Some(link.Type.Fields, link.IsDated && _dice.Chance(50), _dice);
                    await Commit(new Edit.Change(link.Type.Name, new(link.Id), link.Version, other), r => Data = Data with { Links = Data.Links.Replace(link, (PlainLink)Written(link, other, r)) });
                    break;
                case 2 when Data.Things.Count > 12:
                    var left = _dice.Pick(Data.Things);
                    await Commit(new Edit.Delete(left.Type.Name, new(left.Id), left.Version), _ => Data = Data with
                    {
                        Things = Data.Things.Remove(left),
                        Links = Data.Links.RemoveAll(l => l.Source == left.Id || l.Target == left.Id),
                    });
                    break;
                default:
                    var thing = _dice.Pick(Data.Things);
                    var values = _dice.Chance(20) ? Values.None.With(_dice.Pick(thing.Type.Fields).Name, (object?)null) : RandomValues.Some(thing.Type.Fields, thing.IsDated && _dice.Chance(50), _dice);
                    await Commit(new Edit.Update(thing.Type.Name, new(thing.Id), thing.Version, values), r => Data = Data with { Things = Data.Things.Replace(thing, (PlainThing)Written(thing, values, r)) });
                    break;
            }
    }

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    private Task Create()
    {
        var (type, id) = (_dice.Pick(Model.Types), _dice.Id());
        var values = RandomValues.Some(type.Fields, type.IsDated, _dice);
        return Commit(new Edit.Create(type.Name, id, values), r => Data = Data with
        {
            Things = Data.Things.Add((PlainThing)(new PlainThing(id.Value, type) { IsDated = type.IsDated, CreatedAt = r.At }.With(values, r.At))),
        });
    }

    private async Task Relate()
    {
        var (type, id) = (_dice.Pick(Model.Links), _dice.Id());
        var sources = Data.Things.Where(t => type.Source.Types.Contains(t.Type.Name)).ToArray();
        var targets = Data.Things.Where(t => type.Target.Types.Contains(t.Type.Name)).ToArray();
        if (sources.Length == 0 || targets.Length == 0)
            return;
        var (source, target) = (_dice.Pick(sources), _dice.Pick(targets));
        var period = type.IsDated ? RandomValues.Days(_dice) : Period.Always;
        var values = RandomValues.Some(type.Fields, false, _dice);
        await Commit(new Edit.Relate(type.Name, id, new(source.Id), new(target.Id), period, values), r => Data = Data with
        {
            Links = Data.Links.Add((PlainLink)(new PlainLink(id.Value, type, source.Id, target.Id) { IsDated = type.IsDated, Period = period, CreatedAt = r.At }.With(values, r.At))),
        });
    }

    /// <summary>What breaks a rule of the model (a unique key, a second of one) is refused and is in neither.</summary>
    private async Task Commit(Edit edit, Action<Receipt> keep)
    {
        if (_dice.Chance(20))
        {
            _clock.Advance(hours: 1);
            Data = Data with { Today = Today };
        }
        try
        {
            var receipt = await _engine.Commit(new Commit(_dice.Id(), [edit]), Actor.System, CancellationToken.None);
            if (!receipt.Written.IsEmpty)
                keep(receipt);
        }
        catch (Problem problem) when (problem.Code is ProblemCode.Invalid or ProblemCode.Conflict)
        {
        }
    }

    private static PlainRecord Written(PlainRecord record, Values values, Receipt receipt) =>
        record.With(values, receipt.At) with { Version = receipt.Written.Single(w => w.Id.Value == record.Id).Version };
}
