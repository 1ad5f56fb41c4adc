using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Log;

public class ChainTests
{
    private readonly MemoryJournal _journal = new();
    private readonly SomeModel _some = new();
    private readonly ModelType _person;

    public ChainTests() => _person = _some.Type("Person", dated: false, ("name", Shape.Text, false));

    [Fact]
    public async Task An_untouched_log_has_no_fault()
    {
        await Fill();
        var report = Check();
        report.Faults.ShouldBeEmpty();
        report.Blocks.ShouldBe(5);
        report.Commits.ShouldBe(5);
        report.Changes.ShouldBe(10);
        report.Erased.ShouldBe(0);
    }

    [Fact]
    public async Task A_byte_altered_in_a_value_is_found_where_it_is()
    {
        await Fill();
        var part = _journal.ReadPart(3, 0);
        part[^3] ^= 1;
        _journal.ReplacePart(3, 0, part);
        var fault = Check().Faults.ShouldHaveSingleItem();
        fault.Block.ShouldBe(3);
        fault.Index.ShouldBe(1);
    }

    [Fact]
    public async Task Any_byte_altered_in_a_part_or_a_head_is_found()
    {
        await Fill();
        var known = BlockHead.HashOf(_journal.ReadHead(5)!);
        var head = _journal.ReadHead(4)!;
        for (var i = 0; i < head.Length; i++)
        {
            var altered = (byte[])head.Clone();
            altered[i] ^= 0x41;
            _journal.ReplaceHead(4, altered);
            Check(known).Faults.ShouldNotBeEmpty($"byte {i} of the head");
        }
        _journal.ReplaceHead(4, head);
        var part = _journal.ReadPart(2, 0);
        for (var i = 0; i < part.Length; i++)
        {
            var altered = (byte[])part.Clone();
            altered[i] ^= 0x41;
            _journal.ReplacePart(2, 0, altered);
            Check(known).Faults.ShouldNotBeEmpty($"byte {i} of the part");
        }
    }

    [Fact]
    public async Task A_block_dropped_or_put_elsewhere_is_found()
    {
        await Fill();
        var known = BlockHead.HashOf(_journal.ReadHead(5)!);
        _journal.Reorder(blocks => blocks.Reverse(1, 2));
        Check(known).Faults.Select(f => f.Block).ShouldContain(2);
        _journal.Reorder(blocks => blocks.Reverse(1, 2));
        Check(known).Faults.ShouldBeEmpty();
        _journal.Reorder(blocks => blocks.RemoveAt(2));
        Check(known).Faults.Select(f => f.Block).ShouldContain(3);
    }

    [Fact]
    public async Task A_block_cut_off_at_the_end_is_found_when_the_last_hash_is_known()
    {
        await Fill();
        var known = BlockHead.HashOf(_journal.ReadHead(5)!);
        _journal.Reorder(blocks => blocks.RemoveAt(4));
        Check(known).Faults.ShouldHaveSingleItem().Block.ShouldBe(4);
    }

    [Fact]
    public async Task An_erased_change_is_gone_and_the_chain_still_proves_order_and_completeness()
    {
        await using var store = await Fill();
        var before = await store.Log.At(new(2, 1), Cancel);
        await store.Erase([new(2, 1), new(4, 0)]);

        var report = Check();
        report.Faults.ShouldBeEmpty();
        report.Changes.ShouldBe(10);
        report.Erased.ShouldBe(2);
        _journal.ReadPart(2, 0).AsSpan().IndexOf("Person 2b"u8).ShouldBe(-1);
        _journal.ReadPart(2, 0).AsSpan().IndexOf("Person 2a"u8).ShouldBeGreaterThan(0);

        var erased = await store.Log.At(new(2, 1), Cancel);
        erased.IsErased.ShouldBeTrue();
        erased.Id.ShouldBe(Guid.Empty);
        erased.After.ShouldBeEmpty();
        erased.CommitId.ShouldBe(before.CommitId);
        erased.At.ShouldBe(before.At);
        erased.Actor.ShouldBe(before.Actor);
        (await store.Log.Read(Cursor.Start, Cancel).ToListAsync(Cancel)).Count(c => c.IsErased).ShouldBe(2);
        (await store.Compare()).ShouldBeEmpty();

        // What is left is held to its digest as before.
        var part = _journal.ReadPart(2, 0);
        part[^10] ^= 1;
        _journal.ReplacePart(2, 0, part);
        Check().Faults.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_store_with_erased_changes_opens_and_answers()
    {
        await using (var store = await Fill())
            await store.Erase([new(2, 1)]);
        await using var again = ImageStore.Open(_journal);
        await again.Prepare(_some.Compile(), Cancel);
        (await again.Snapshot().Read(Some.List(_person), Cancel)).Counts.ShouldBe([10]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LogReport Check(byte[]? known = null) => LogCheck.Run(_journal, known, Cancel);

    private async Task<ImageStore> Fill()
    {
        var store = ImageStore.Open(_journal);
        await store.Prepare(_some.Compile(), Cancel);
        for (var i = 1; i <= 5; i++)
            await store.Write(Some.Plan(Some.Create(_person, Some.Id(), ("name", $"Person {i}a")), Some.Create(_person, Some.Id(), ("name", $"Person {i}b"))), Cancel);
        return store;
    }
}
