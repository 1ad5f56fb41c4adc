using Xrm.Core.Image;
using Xrm.Core.Model;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;

namespace Xrm.Storage.Tests.LiteDb;

public sealed class CheckpointTests : IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly ModelType _person;
    private readonly CompiledModel _model;

    public CheckpointTests()
    {
        var some = new SomeModel();
        _person = some.Type("Person", dated: false, ("name", Shape.Text, false));
        _model = some.Compile();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commits_are_answered_while_a_checkpoint_is_written()
    {
        var watch = new FileWatch();
        using var reached = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var ids = Enumerable.Range(0, 50).Select(_ => Some.Id()).ToArray();
        var journal = LiteDbJournal.Open(_folder.Path, watch.Open);
        await using (var store = ImageStore.Open(journal, new() { TailBytes = 1 }))
        {
            await store.Prepare(_model, Cancel);
            watch.Before = e =>
            {
                if (e.File != LiteDbJournal.LogFile || e.Act != FileAct.Write)
                    return;
                reached.Release();
                release.Wait(Cancel);
            };
            await store.Write(Some.Plan(Some.Create(_person, ids[0], ("name", "n0"))), Cancel);
            await reached.WaitAsync(Cancel);
            for (var i = 1; i < ids.Length; i++)
                (await store.Write(Some.Plan(Some.Create(_person, ids[i], ("name", $"n{i}"))), Cancel)).Receipt.ShouldNotBeNull();
            journal.LastCheckpoint.ShouldBeNull();
            watch.Before = _ => { };
            release.Release(1_000);
        }
        await using var again = ImageStore.Open(LiteDbJournal.Open(_folder.Path));
        await again.Prepare(_model, Cancel);
        (await again.Snapshot().Read(Some.ById(_person, ids), Cancel)).Items.Select(r => r.Text(_person, "name"))
            .ShouldBe(ids.Select((_, i) => $"n{i}"), ignoreOrder: true);
        (await again.Compare()).ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();
}
