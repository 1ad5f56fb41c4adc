using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Image;

public class DurabilityTests
{
    private readonly MemoryJournal _journal = new();
    private readonly SomeModel _some = new();
    private readonly ModelType _person;
    private readonly ModelType _house;
    private readonly ModelRelationship _lives;

    public DurabilityTests()
    {
        _person = _some.Type("Person", dated: false, ("name", Shape.Text, false), ("code", Shape.Text, false));
        _house = _some.Type("House", dated: false, ("street", Shape.Text, false));
        SomeModel.Key(_person, "code");
        _lives = _some.Relationship("Lives", [_person], [_house]);
    }

    [Fact]
    public async Task When_the_journal_fails_nothing_is_written_and_the_store_goes_on()
    {
        await using var store = await Open();
        var (one, two) = (Some.Id(), Some.Id());
        await store.Write(Some.Plan(Some.Create(_person, one, ("name", "kept"), ("code", "1"))), Cancel);
        _journal.FailNext();
        var failed = Some.Plan(Some.Create(_person, two, ("code", "2")), Some.Update(_person, one, ("name", "lost")));
        var problem = await Should.ThrowAsync<Problem>(async () => await store.Write(failed, Cancel));
        problem.Code.ShouldBe(ProblemCode.Unavailable);
        _journal.LastBlock.ShouldBe(1);
        using (var snapshot = store.Snapshot())
        {
            snapshot.Block.ShouldBe(1);
            (await snapshot.Read(Some.ById(_person, one, two), Cancel)).Items.ShouldHaveSingleItem().Text(_person, "name").ShouldBe("kept");
        }
        // The same plan is not a replay: nothing of it was recorded.
        (await store.Write(failed, Cancel)).Receipt!.IsReplay.ShouldBeFalse();
        (await store.Snapshot().Read(Some.ById(_person, one, two), Cancel)).Items.Length.ShouldBe(2);
        (await store.Compare()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_large_commit_whose_parts_cannot_be_kept_leaves_nothing()
    {
        await using var store = await Open();
        _journal.FailNext();
        var edits = Enumerable.Range(0, 3000).Select(i => Some.Create(_person, Some.Id(), ("name", $"{i}"))).ToArray();
        (await Should.ThrowAsync<Problem>(async () => await store.Write(Some.Plan(edits), Cancel))).Code.ShouldBe(ProblemCode.Unavailable);
        _journal.LastBlock.ShouldBe(0);
        (await store.Write(Some.Plan(edits), Cancel)).Receipt!.Written.Length.ShouldBe(3000);
    }

    [Fact]
    public async Task Large_commits_kept_aside_on_a_state_that_changed_meanwhile_are_written_as_things_are()
    {
        await using var store = await Open();
        var ids = Enumerable.Range(0, 3000).Select(_ => Some.Id()).ToArray();
        await store.Write(Some.Plan([.. ids.Select(i => Some.Create(_person, i, ("name", "a")))]), Cancel);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => store.Write(Some.Plan([.. ids.Select(i => Some.Update(_person, i, ("name", $"b{n}")))]), Cancel).AsTask()));
        var changes = await store.Log.Read(Cursor.Start, Cancel).ToListAsync(Cancel);
        changes.Count.ShouldBe(5 * 3000);
        var last = changes.Where(c => c.Id == ids[7]).ToList();
        last.Select(c => c.Version).ShouldBe([1, 2, 3, 4, 5]);
        for (var i = 1; i < last.Count; i++)
        {
            last[i].Before.ShouldBe(last[i - 1].After);
            last[i].Previous.ShouldBe(last[i - 1].Place);
        }
        LogCheck.Run(_journal, null, Cancel).Faults.ShouldBeEmpty();
        (await store.Compare()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_opened_again_holds_the_same_with_and_without_checkpoints()
    {
        var random = new Random(7);
        var ids = new List<Guid>();
        byte[][] before;
        await using (var store = await Open(tail: 20_000))
        {
            for (var i = 0; i < 300; i++)
            {
                var edits = new List<RecordEdit>();
                var (person, house) = (Some.Id(), Some.Id());
                edits.Add(Some.Create(_person, person, ("name", $"n{i}"), ("code", $"{i}")));
                edits.Add(Some.Create(_house, house, ("street", new string('x', random.Next(400)))));
                edits.Add(Some.Relate(_lives, Some.Id(), person, house));
                if (ids.Count > 0 && random.Next(3) == 0)
                    edits.Add(Some.Update(_person, ids[random.Next(ids.Count)], ("name", $"changed {i}")));
                ids.Add(person);
                (await store.Write(Some.Plan([.. edits]), Cancel)).Receipt.ShouldNotBeNull();
            }
            (await store.Compare()).ShouldBeEmpty();
            before = Records(store.Current);
        }
        _journal.LastCheckpoint.ShouldNotBeNull().Block.ShouldBeGreaterThan(10);
        await using (var again = await Open())
        {
            Records(again.Current).ShouldBe(before);
            (await again.Compare()).ShouldBeEmpty();
            await again.Checkpoint(whole: true);
        }
        await using (var third = await Open())
        {
            Records(third.Current).ShouldBe(before);
            var rows = await third.Snapshot().Read(new ReadStep.Related(_lives.Source, [.. ids]) { Views = [TypeView.Of(_house)] }, Cancel);
            rows.Items.Length.ShouldBe(300);
        }
    }

    [Fact]
    public async Task Replays_are_known_from_the_checkpoint()
    {
        var plan = Some.Plan(Some.Create(_person, Some.Id()));
        await using (var store = await Open())
        {
            await store.Write(plan, Cancel);
            await store.Checkpoint();
        }
        await using var again = await Open();
        (await again.Write(plan, Cancel)).Receipt!.IsReplay.ShouldBeTrue();
    }

    [Fact]
    public async Task Replays_are_known_when_a_checkpoint_between_could_not_be_written()
    {
        var plan = Some.Plan(Some.Create(_person, Some.Id()));
        await using (var store = await Open())
        {
            await store.Checkpoint();
            await store.Write(plan, Cancel);
            _journal.FailNext();
            await Should.ThrowAsync<IOException>(() => store.Checkpoint());
            await store.Write(Some.Plan(Some.Create(_person, Some.Id())), Cancel);
            await store.Checkpoint();
        }
        await using var again = await Open();
        (await again.Write(plan, Cancel)).Receipt!.IsReplay.ShouldBeTrue();
    }

    [Fact]
    public async Task A_damaged_block_is_refused_by_its_number()
    {
        await using (var store = await Open())
            for (var i = 0; i < 3; i++)
                await store.Write(Some.Plan(Some.Create(_person, Some.Id(), ("name", "x"))), Cancel);
        var part = _journal.ReadPart(2, 0);
        part[^1] ^= 1;
        _journal.ReplacePart(2, 0, part);
        var problem = Should.Throw<Problem>(() => ImageStore.Open(_journal));
        problem.Code.ShouldBe(ProblemCode.Unavailable);
        problem.Message.ShouldContain("Block 2");
        problem.Message.ShouldContain("backup");
    }

    [Fact]
    public async Task A_damaged_segment_and_one_of_a_newer_format_are_refused_by_name()
    {
        await using (var store = await Open())
        {
            await store.Write(Some.Plan(Some.Create(_person, Some.Id(), ("name", "x"))), Cancel);
            await store.Checkpoint();
        }
        var name = _journal.LastCheckpoint!.Segments[0];
        var bytes = _journal.ReadSegment(name);
        var damaged = (byte[])bytes.Clone();
        damaged[^1] ^= 1;
        _journal.ReplaceSegment(name, damaged);
        Should.Throw<Problem>(() => ImageStore.Open(_journal)).Message.ShouldContain($"Segment {name}");
        bytes[0]++;
        _journal.ReplaceSegment(name, bytes);
        Should.Throw<Problem>(() => ImageStore.Open(_journal)).Message.ShouldContain("format 2");
    }

    [Fact]
    public async Task Superseded_records_give_their_room_back()
    {
        await using var store = await Open();
        var ids = Enumerable.Range(0, 100).Select(_ => Some.Id()).ToArray();
        var text = new string('y', 5000);
        await store.Write(Some.Plan([.. ids.Select(i => Some.Create(_person, i, ("name", text)))]), Cancel);
        for (var round = 0; round < 100; round++)
            await store.Write(Some.Plan([.. ids.Select(i => Some.Update(_person, i, ("name", text + round)))]), Cancel);
        store.Current.Space.SlabBytes.ShouldBeLessThan(24 << 20);
        (await store.Compare()).ShouldBeEmpty();
        var rows = await store.Snapshot().Read(Some.ById(_person, ids), Cancel);
        rows.Items.ShouldAllBe(r => r.Text(_person, "name") == text + 99);
    }

    [Fact]
    public async Task A_closed_store_refuses_to_write()
    {
        var store = await Open();
        await store.DisposeAsync();
        (await Should.ThrowAsync<Problem>(async () => await store.Write(Some.Plan(), Cancel))).Code.ShouldBe(ProblemCode.Unavailable);
    }

    [Fact]
    public async Task Block_times_never_go_back()
    {
        var clock = new Clock(new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));
        await using var store = ImageStore.Open(_journal, new() { Time = clock });
        await store.Prepare(_some.Compile(), Cancel);
        var first = (await store.Write(Some.Plan(Some.Create(_person, Some.Id())), Cancel)).Receipt!;
        clock.Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        (await store.Write(Some.Plan(Some.Create(_person, Some.Id())), Cancel)).Receipt!.At.ShouldBe(first.At);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[][] Records(Root root) => [.. Enumerable.Range(0, root.Space.Slots)
        .Select(s => root.Space[s]).Where(r => r.Exists).OrderBy(r => r.Id).Select(r => r.Span.ToArray())];

    private async Task<ImageStore> Open(long tail = 1 << 30)
    {
        var store = ImageStore.Open(_journal, new() { TailBytes = tail });
        await store.Prepare(_some.Compile(), Cancel);
        return store;
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
