using BenchmarkDotNet.Attributes;
using Xrm.Core;
using Xrm.Storage.LiteDb;

namespace Xrm.Benchmarks;

/// <summary>Opening a store of 400,000 records on disk: LiteDB, the image, its trees.</summary>
public class Loading
{
    private const int Mayors = 400_000 / Register.RecordsOfMayor;

    private string _folder = "";

    [GlobalSetup]
    public async Task Fill()
    {
        _folder = Directory.CreateTempSubdirectory("xrm-benchmarks-").FullName;
        await using var engine = await Engine.Open(LiteDbStore.Open(_folder), new EngineOptions(), CancellationToken.None);
        await Register.Fill(engine, Mayors);
    }

    [GlobalCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Description = "open a store of 400,000 records")]
    public async Task Open() => await LiteDbStore.Open(_folder).DisposeAsync();
}
