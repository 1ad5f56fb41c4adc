using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Xrm.Core;
using Xrm.Host.Csv;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;

namespace Xrm.Benchmarks;

/// <summary>A delimited file from its bytes to the store: read, checked, compared with what is there, and written as one commit that is on disk when it is answered.</summary>
[MemoryDiagnoser]
public class ImportingFiles
{
    private const int Rows = 20_000;

    private byte[] _persons = [];
    private byte[] _mandates = [];
    private byte[] _holders = [];
    private string _folder = "";
    private Engine _engine = null!;

    [GlobalSetup]
    public void Write()
    {
        var random = new Random(2020);
        var (persons, mandates, holders) = (new StringBuilder("id,family,given\n"), new StringBuilder("id,type,from\n"), new StringBuilder("person,mandate\n"));
        for (var i = 0; i < Rows; i++)
        {
            var (person, mandate) = (EntityId.New(), EntityId.New());
            persons.Append(CultureInfo.InvariantCulture, $"{person},NOM{random.Next(5000)},Prénom {i}\n");
            mandates.Append(CultureInfo.InvariantCulture, $"{mandate},municipal,2020-05-{1 + i % 28:D2}\n");
            holders.Append(CultureInfo.InvariantCulture, $"{person},{mandate}\n");
        }
        (_persons, _mandates, _holders) = (Encoding.UTF8.GetBytes(persons.ToString()), Encoding.UTF8.GetBytes(mandates.ToString()), Encoding.UTF8.GetBytes(holders.ToString()));
    }

    [IterationSetup(Target = nameof(Things))]
    public void Open() => Fill().GetAwaiter().GetResult();

    [IterationSetup(Target = nameof(Relationships))]
    public void OpenWithEnds()
    {
        Open();
        Things().GetAwaiter().GetResult();
        Import(Register.Mandate.Name, """{ "id": "id", "fields": { "mandateType": "type", "validFrom": "from" } }""", _mandates).GetAwaiter().GetResult();
    }

    [IterationCleanup]
    public void Close()
    {
        _engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "a file of 20,000 things, durable")]
    public Task Things() => Import(Register.Person.Name, """{ "id": "id", "fields": { "familyName": "family", "givenName": "given" } }""", _persons);

    [Benchmark(Description = "a file of 20,000 relationships, durable")]
    public Task Relationships() => Import(Register.HoldsMandate.Name, """{ "source": "person", "target": "mandate" }""", _holders);

    private async Task Fill()
    {
        _folder = Directory.CreateTempSubdirectory("xrm-benchmarks-").FullName;
        _engine = await Engine.Open(LiteDbStore.Open(_folder), new EngineOptions(), CancellationToken.None);
        await Register.Fill(_engine, 0);
    }

    private async Task Import(string type, string map, byte[] file)
    {
        var options = ImmutableDictionary<string, string>.Empty.Add("type", type).Add("map", map);
        var import = new Import(new MemoryStream(file), "file.csv", options, _engine.As(Register.Clerk), new Unheard());
        var plan = await CsvFormat.Read(_engine, Register.Clerk, TimeZoneInfo.Utc, import, length: null, isTold: false, CancellationToken.None);
        var receipt = await _engine.Commit(plan.Commit, Register.Clerk, CancellationToken.None);
        if (receipt.Written.Length != Rows)
            throw new InvalidOperationException($"{receipt.Written.Length} of {Rows} rows were written.");
    }

    private sealed class Unheard : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) { }
    }
}
