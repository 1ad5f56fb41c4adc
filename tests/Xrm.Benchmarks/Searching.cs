using BenchmarkDotNet.Attributes;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Plans;
using Xrm.Core.Search;
using Xrm.Sdk;

namespace Xrm.Benchmarks;

/// <summary>Searches among 100,000 invented persons, from the image.</summary>
[MemoryDiagnoser]
public class Searching
{
    private const int Persons = 100_000;

    private static readonly string[] Given = ["Marie", "Jean", "Nathalie", "Philippe", "Zoé", "Gérard", "Françoise", "Thierry", "Guénaël", "Anne-Sophie", "Martin", "Marguerite", "Hugues", "Océane", "Joseph"];

    private ImageStore _store = null!;
    private Engine _engine = null!;
    private Searched _searched = null!;
    private TypeView _view = null!;

    /// <summary>What is searched for: a rare name, its sound, two common words, a common beginning, a letter, a part of a phone number.</summary>
    [Params("lefebvre zoe", "apere natali", "marie mar", "mar", "m", "1234")]
    public string Text { get; set; } = "";

    /// <summary>Whether all that is found is counted.</summary>
    [Params(false, true)]
    public bool Counts { get; set; }

    [GlobalSetup]
    public async Task Fill()
    {
        _store = ImageStore.Open(new MemoryJournal());
        _engine = await Engine.Open(_store, new EngineOptions(), CancellationToken.None);
        var label = Label.Of("x", "x");
        var person = EntityType.Named("Person", label);
        var (family, given, phone) = (person.Text("familyName", label).Required().Searchable(), person.Text("givenName", label).Searchable(), person.Phone("phone", label).Searchable());
        person.DisplayedAs(given, family);
        await _engine.ChangeModel([new ModelBuilder("search").Add(person).Build()], Actor.System, CancellationToken.None);
        var random = new Random(2020);
        for (var from = 0; from < Persons; from += 1000)
        {
            var commit = Commit.New();
            for (var i = from; i < from + 1000; i++)
            {
                var values = Values.None.With(family, FamilyName(random)).With(given, Given[random.Next(Given.Length)]);
                commit = commit.Create(person, i % 10 == 0 ? values.With(phone, $"+336{random.Next(100_000_000):D8}") : values);
            }
            await _engine.Commit(commit, Register.Clerk, CancellationToken.None);
        }
        _view = TypeView.Of(_engine.Model.Type("Person")!);
        _searched = Searched.In(SearchText.Of(Text), [_view.Type]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Search();
        await _store.Settle();
        Console.WriteLine($"Index of words: {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / 1024.0:F1} MB; \"{Text}\" finds {(await Read(counts: true)).Counts[0]}");
        if (await Search() == 0)
            throw new InvalidOperationException($"Nothing was found for {Text}.");
    }

    [GlobalCleanup]
    public async Task Close() => await _engine.DisposeAsync();

    [Benchmark(Description = "the first 50 found")]
    public async Task<int> Search() => (await Read(Counts)).Items.Length;

    private async Task<Rows> Read(bool counts)
    {
        using var snapshot = _store.Snapshot();
        return await snapshot.Read(new ReadStep.List { Views = [_view], Search = _searched, Selection = new() { First = 50, Counts = counts } }, CancellationToken.None);
    }

    private static string FamilyName(Random random) => random.Next(50) switch
    {
        0 => "MARTIN",
        1 => "APPÉRÉ",
        2 => "LEFÈVRE",
        _ => string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => $"{"bcdflmnprst"[random.Next(11)]}{"aeiou"[random.Next(5)]}")).ToUpperInvariant(),
    };
}
