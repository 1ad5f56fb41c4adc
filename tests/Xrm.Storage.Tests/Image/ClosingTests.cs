using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Image;

public class ClosingTests
{
    private readonly MemoryJournal _journal = new();
    private readonly SomeModel _some = new();
    private readonly ModelType _person;

    public ClosingTests() => _person = _some.Type("Person", dated: false, ("name", Shape.Text, false));

    [Fact]
    public async Task A_store_that_is_closed_leaves_no_block_to_be_applied_at_the_next_start()
    {
        var ids = await Write(new() { TailBytesAtClose = 1 });
        _journal.LastCheckpoint.ShouldNotBeNull().Block.ShouldBe(20);
        // Whatever were applied would be read.
        _journal.Reading = () => throw new IOException("No block is needed.");
        await using var again = ImageStore.Open(_journal);
        await again.Prepare(_some.Compile(), Cancel);
        (await again.Snapshot().Read(Some.ById(_person, ids), Cancel)).Items.Select(r => r.Text(_person, "name")).ShouldBe(Enumerable.Range(0, 20).Select(i => $"n{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Few_blocks_are_left_to_the_next_start()
    {
        await Write(new() { TailBytesAtClose = 1 << 20 });
        _journal.LastCheckpoint.ShouldBeNull();
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_written_at_the_end_is_told_and_costs_nothing_but_time()
    {
        var told = new List<Exception>();
        var ids = await Write(new() { TailBytesAtClose = 1, CheckpointFailed = told.Add }, () => _journal.FailNext());
        told.ShouldHaveSingleItem().ShouldBeOfType<IOException>();
        _journal.LastCheckpoint.ShouldBeNull();
        await using var again = ImageStore.Open(_journal);
        await again.Prepare(_some.Compile(), Cancel);
        (await again.Snapshot().Read(Some.ById(_person, ids), Cancel)).Items.Length.ShouldBe(20);
    }

    [Fact]
    public async Task Writing_everything_anew_is_not_begun_at_the_end()
    {
        var id = Some.Id();
        await using (var store = await Open(new()))
        {
            await store.Write(Some.Plan(Some.Create(_person, id, ("name", new string('x', 5_000_000)))), Cancel);
            await store.Checkpoint();
            for (var i = 0; i < 2; i++)
            {
                await store.Write(Some.Plan(Some.Update(_person, id, ("name", new string((char)('y' + i), 5_000_000)))), Cancel);
                await store.Checkpoint();
            }
            await store.Write(Some.Plan(Some.Update(_person, id, ("name", "short"))), Cancel);
        }
        var before = _journal.LastCheckpoint.ShouldNotBeNull().Block;
        await using (var store = await Open(new() { TailBytesAtClose = 1 }))
            await store.Write(Some.Plan(Some.Create(_person, Some.Id(), ("name", "two"))), Cancel);
        _journal.LastCheckpoint.ShouldNotBeNull().Block.ShouldBe(before);
    }

    [Fact]
    public async Task Records_taken_in_from_a_checkpoint_are_moved_when_most_beside_them_are_superseded()
    {
        var ids = Enumerable.Range(0, 40).Select(_ => Some.Id()).ToArray();
        var kept = Some.Id();
        await using (var store = await Open(new()))
        {
            await store.Write(Some.Plan([Some.Create(_person, kept, ("name", "kept")), .. ids.Select(id => Some.Create(_person, id, ("name", new string('a', 500_000))))]), Cancel);
            await store.Checkpoint();
        }
        await using var again = await Open(new());
        for (var round = 0; round < 3; round++)
            foreach (var id in ids)
                await again.Write(Some.Plan(Some.Update(_person, id, ("name", new string((char)('b' + round), 1000)))), Cancel);
        again.Current.Space.SlabBytes.ShouldBeLessThan(16 << 20);
        (await again.Snapshot().Read(Some.ById(_person, kept), Cancel)).Items.ShouldHaveSingleItem().Text(_person, "name").ShouldBe("kept");
        (await again.Snapshot().Read(Some.ById(_person, ids), Cancel)).Items.ShouldAllBe(r => r.Text(_person, "name") == new string('d', 1000));
        (await again.Compare()).ShouldBeEmpty();
    }

    private async Task<Guid[]> Write(ImageStoreOptions options, Action? atLast = null)
    {
        var ids = Enumerable.Range(0, 20).Select(_ => Some.Id()).ToArray();
        await using var store = await Open(options);
        for (var i = 0; i < ids.Length; i++)
            await store.Write(Some.Plan(Some.Create(_person, ids[i], ("name", $"n{i}"))), Cancel);
        atLast?.Invoke();
        return ids;
    }

    private async Task<ImageStore> Open(ImageStoreOptions options)
    {
        var store = ImageStore.Open(_journal, options);
        await store.Prepare(_some.Compile(), Cancel);
        return store;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
