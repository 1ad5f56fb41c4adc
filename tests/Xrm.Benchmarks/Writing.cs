using BenchmarkDotNet.Attributes;
using Xrm.Core;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;

namespace Xrm.Benchmarks;

/// <summary>Commits of one change each, on disk when they are answered.</summary>
[MemoryDiagnoser]
public class Writing
{
    private const int Mayors = 5_000;
    private const int Together = 32;

    private readonly int[] _versions = [.. Enumerable.Repeat(1, Mayors + 1)];
    private string _folder = "";
    private Engine _engine = null!;
    private int _round;

    [GlobalSetup]
    public async Task Fill()
    {
        _folder = Directory.CreateTempSubdirectory("xrm-benchmarks-").FullName;
        _engine = await Engine.Open(LiteDbStore.Open(_folder), new EngineOptions(), CancellationToken.None);
        await Register.Fill(_engine, Mayors);
    }

    [GlobalCleanup]
    public async Task Close()
    {
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "one commit, durable")]
    public Task Single()
    {
        _round++;
        return Change(1 + _round % Mayors);
    }

    [Benchmark(Description = "one of 32 commits at once, durable", OperationsPerInvoke = Together)]
    public Task Concurrent()
    {
        _round++;
        return Task.WhenAll(Enumerable.Range(0, Together).Select(i => Task.Run(() => Change(1 + (_round * Together + i) % Mayors))));
    }

    private async Task Change(int mayor)
    {
        var edit = new Edit.Update(Register.Person.Name, Register.PersonOf(mayor), _versions[mayor]++, Values.None.With(Register.GivenName, $"Round {_round}"));
        await _engine.Commit(new(EntityId.New(), [edit]), Register.Clerk, CancellationToken.None);
    }
}
