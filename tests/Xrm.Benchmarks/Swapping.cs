using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Storage;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;

namespace Xrm.Benchmarks;

/// <summary>A plugin with 10 types comes to a model of 50 and goes again: the engine's part, without schema and load context.</summary>
[MemoryDiagnoser]
public class Swapping
{
    private static readonly Label L = Label.Of("libellé", "label");
    private readonly ImmutableArray<ModelDescription> _ground = [.. Enumerable.Range(0, 5).Select(i => Plugin("ground" + i))];
    private string _folder = "";
    private Engine _engine = null!;

    /// <summary>Whether the log is on disk.</summary>
    [Params(false, true)]
    public bool IsDurable { get; set; }

    [GlobalSetup]
    public async Task Fill()
    {
        _folder = Directory.CreateTempSubdirectory("xrm-benchmarks-").FullName;
        IStore store = IsDurable ? LiteDbStore.Open(_folder) : ImageStore.Open(new MemoryJournal());
        _engine = await Engine.Open(store, new EngineOptions(), CancellationToken.None);
        await _engine.ChangeModel(_ground, Actor.System, CancellationToken.None);
    }

    [GlobalCleanup]
    public async Task Close()
    {
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "10 types come to 50 and go: two changes of the model", OperationsPerInvoke = 2)]
    public async Task InAndOut()
    {
        await _engine.ChangeModel(_ground.Add(Plugin("plus")), Actor.System, CancellationToken.None);
        await _engine.ChangeModel(_ground, Actor.System, CancellationToken.None);
    }

    /// <summary>10 types of 12 fields, 9 of them related to the first.</summary>
    private static ModelDescription Plugin(string id)
    {
        var model = new ModelBuilder(id);
        EntityType? first = null;
        for (var t = 0; t < 10; t++)
        {
            var type = EntityType.Named($"{char.ToUpperInvariant(id[0])}{id[1..]}Type{t}", L);
            type.Text("name", L).Required().Searchable();
            type.Text("code", L).Unique();
            for (var f = 0; f < 5; f++)
            {
                type.Text("text" + f, L).Pattern("[A-Z].*");
                type.Integer("number" + f, L).Min(0).Max(100);
            }
            model.Add(type).Role("clerk", L, grant => grant.All(Sensitivity.Internal, type));
            if (first is not null)
                model.Add(RelationshipType.Named(type.Name + "Of", L, L).From(type, "owner", L).To(first, "things" + t, L).OneTarget().Dated());
            first ??= type;
        }
        return model.Build();
    }
}
