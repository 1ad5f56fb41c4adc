using BenchmarkDotNet.Attributes;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.Benchmarks;

/// <summary>One commit of 50,000 new things, in memory: without plugins, and with one that has a small Saving handler.</summary>
[MemoryDiagnoser]
public class Importing
{
    private const int Things = 50_000;

    private Engine _engine = null!;
    private Commit _commit = null!;

    [Params(false, true)]
    public bool WithSaving { get; set; }

    [IterationSetup]
    public void Fill()
    {
        _engine = Engine.Open(ImageStore.Open(new MemoryJournal(), new()), new EngineOptions(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Register.Fill(_engine, 0).GetAwaiter().GetResult();
        var hooks = new Hooks();
        hooks.Saving(Register.Person).Add((person, _) =>
        {
            person.Put(Register.GivenName, person.Get(Register.FamilyName) + "-Marie");
            return ValueTask.CompletedTask;
        });
        if (WithSaving)
            _engine.Attach("marie", hooks);
        _commit = new(EntityId.New(), [.. Enumerable.Range(0, Things).Select(i => new Edit.Create(Register.Person.Name, EntityId.New(), Values.None.With(Register.FamilyName, $"NOM{i}")))]);
    }

    [IterationCleanup]
    public void Close() => _engine.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Description = "import of 50,000 things in one commit")]
    public async Task Import() => await _engine.Commit(_commit, Register.Clerk, CancellationToken.None);
}
