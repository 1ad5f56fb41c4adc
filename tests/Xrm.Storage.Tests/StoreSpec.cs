using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests;

/// <summary>What every store does. A class for each store derives from it.</summary>
public abstract class StoreSpec
{
    private readonly ModelType _person;
    private readonly ModelType _mandate;
    private readonly ModelRelationship _holds;
    private readonly ModelKey _key;
    private readonly CompiledModel _model;

    protected StoreSpec()
    {
        var some = new SomeModel();
        _person = some.Type("Person", dated: false, ("name", Shape.Text, false), ("code", Shape.Text, false), ("age", Shape.Integer, false), ("tags", Shape.Text, true));
        _mandate = some.Type("Mandate", dated: true, ("role", Shape.Text, false));
        _key = SomeModel.Key(_person, "code");
        _holds = some.Relationship("Holds", [_person], [_mandate], toOneTarget: true);
        _model = some.Compile();
    }

    /// <summary>An empty store.</summary>
    internal abstract IStore Open();

    /// <summary>The same store opened again after it was closed.</summary>
    internal abstract IStore Reopen();

    [Fact]
    public async Task What_was_written_is_read_by_id_and_by_key()
    {
        await using var store = await Ready();
        var id = Some.Id();
        var receipt = await Written(store, Some.Create(_person, id, ("name", "Élise"), ("code", "A1")));
        receipt.Written.ShouldHaveSingleItem().ShouldBe(new Written(ChangeKind.Created, "Person", new(id), 1));
        receipt.Cursor.ShouldBe(new Cursor(1, 0));
        receipt.IsReplay.ShouldBeFalse();

        using var snapshot = store.Snapshot();
        snapshot.Block.ShouldBe(1);
        var missing = Some.Id();
        var rows = await Read(snapshot, Some.ById(_person, missing, id, id));
        rows.Starts.ShouldBe([0, 0, 1, 2]);
        rows.Items[0].Text(_person, "name").ShouldBe("Élise");
        rows.Items[0].Entity.Version.ShouldBe(1);
        var byKey = await Read(snapshot, new ReadStep.ByKey(_key, [[Some.Op(_person.ByName["code"], "A2")], [Some.Op(_person.ByName["code"], "A1")]]) { Views = [TypeView.Of(_person)] });
        byKey.Starts.ShouldBe([0, 0, 1]);
        byKey.Items[0].Entity.Id.ShouldBe(id);
    }

    [Fact]
    public async Task A_snapshot_does_not_change_while_it_is_held()
    {
        await using var store = await Ready();
        var id = Some.Id();
        await Written(store, Some.Create(_person, id, ("name", "before")));
        using var snapshot = store.Snapshot();
        await Written(store, Some.Update(_person, id, ("name", "after")));
        (await Read(snapshot, Some.ById(_person, id))).Items[0].Text(_person, "name").ShouldBe("before");
        using var next = store.Snapshot();
        var now = (await Read(next, Some.ById(_person, id))).Items[0];
        now.Text(_person, "name").ShouldBe("after");
        now.Entity.Version.ShouldBe(2);
        now.Entity.LastChange.ShouldBe(new Cursor(2, 0));
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_writes_no_change()
    {
        await using var store = await Ready();
        var id = Some.Id();
        await Written(store, Some.Create(_person, id, ("name", "same")));
        var plan = Some.Plan(Some.Update(_person, id, ("name", "same"), ("age", null)));
        var receipt = (await store.Write(plan, Cancel)).Receipt!;
        receipt.Written.ShouldBeEmpty();
        receipt.Cursor.ShouldBe(new Cursor(1, 0));
        var again = (await store.Write(plan, Cancel)).Receipt!;
        again.IsReplay.ShouldBeTrue();
        again.Cursor.ShouldBe(receipt.Cursor);
        again.At.ShouldBe(receipt.At);
        using var snapshot = store.Snapshot();
        (await Read(snapshot, Some.ById(_person, id))).Items[0].Entity.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_sent_again_answers_what_the_first_answered_also_after_opening_again()
    {
        var plan = Some.Plan(Some.Create(_person, Some.Id(), ("name", "once")), Some.Create(_person, Some.Id(), ("name", "twice")));
        Receipt first;
        await using (var store = await Ready())
        {
            await Written(store, Some.Create(_person, Some.Id()));
            first = (await store.Write(plan, Cancel)).Receipt!;
            Same((await store.Write(plan, Cancel)).Receipt!);
        }
        await using (var store = Reopen())
        {
            await store.Prepare(_model, Cancel);
            Same((await store.Write(plan, Cancel)).Receipt!);
            var other = await Should.ThrowAsync<Problem>(async () => await store.Write(plan with { Actor = "somebody else" }, Cancel));
            other.Code.ShouldBe(ProblemCode.Conflict);
            using var snapshot = store.Snapshot();
            (await Read(snapshot, Some.List(_person))).Counts.ShouldBe([3]);
        }

        void Same(Receipt again)
        {
            again.IsReplay.ShouldBeTrue();
            again.Cursor.ShouldBe(first.Cursor);
            again.At.ShouldBe(first.At);
            again.Written.ShouldBe(first.Written);
        }
    }

    [Fact]
    public async Task A_plan_whose_guards_fail_writes_nothing_and_names_them()
    {
        await using var store = await Ready();
        var (one, two) = (Some.Id(), Some.Id());
        await Written(store, Some.Create(_person, one, ("code", "K")));
        var value = ImmutableArray.Create(Some.Op(_person.ByName["code"], "K"));
        Guard[] wrong =
        [
            new Guard.VersionIs(one, 2),
            new Guard.VersionIs(one, 0),
            new Guard.VersionIs(two, 1),
            new Guard.KeyIsFree(_key, value, two),
            new Guard.LinksAre(_holds.Source, one, 7),
            new Guard.TypeIsUnchanged(_person, 0),
            new Guard.ModelIs(99),
        ];
        Guard[] right =
        [
            new Guard.VersionIs(one, 1),
            new Guard.VersionIs(two, 0),
            new Guard.KeyIsFree(_key, value, one),
            new Guard.LinksAre(_holds.Source, one, 0),
            new Guard.TypeIsUnchanged(_person, 1),
            new Guard.ModelIs(1),
        ];
        var plan = Some.Plan(Some.Create(_person, two)) with { Guards = [.. right, .. wrong] };
        var outcome = await store.Write(plan, Cancel);
        outcome.Receipt.ShouldBeNull();
        outcome.Failed.ShouldBe(wrong);
        using var snapshot = store.Snapshot();
        (await Read(snapshot, Some.List(_person))).Counts.ShouldBe([1]);
        (await store.Write(plan with { Guards = right }, Cancel)).Receipt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Links_are_guarded_by_what_was_read()
    {
        await using var store = await Ready();
        var (person, mandate, link) = (Some.Id(), Some.Id(), Some.Id());
        await Written(store, Some.Create(_person, person), Some.Create(_mandate, mandate), Some.Relate(_holds, link, person, mandate));
        var guard = new Guard.LinksAre(_holds.Target, mandate, Guard.LinksAre.Of(0, link, 1));
        (await store.Write(Some.Plan(Some.Unrelate(_holds, link)) with { Guards = [guard] }, Cancel)).Failed.ShouldBeEmpty();
        (await store.Write(Some.Plan() with { Guards = [guard] }, Cancel)).Failed.ShouldBe([guard]);
    }

    [Fact]
    public async Task What_was_deleted_is_not_found_and_stays_in_the_log()
    {
        await using var store = await Ready();
        var (person, mandate, link) = (Some.Id(), Some.Id(), Some.Id());
        await Written(store, Some.Relate(_holds, link, person, mandate), Some.Create(_person, person, ("name", "gone")), Some.Create(_mandate, mandate));
        await Written(store, Some.Delete(_person, person), Some.Unrelate(_holds, link));
        using var snapshot = store.Snapshot();
        (await Read(snapshot, Some.ById(_person, person))).Items.ShouldBeEmpty();
        (await Read(snapshot, Some.List(_person))).Counts.ShouldBe([0]);
        (await Read(snapshot, Related(_holds.Target, mandate))).Items.ShouldBeEmpty();
        var changes = await store.Log.Read(Cursor.Start, Cancel).ToListAsync(Cancel);
        changes.Select(c => c.Kind).ShouldBe([ChangeKind.Related, ChangeKind.Created, ChangeKind.Created, ChangeKind.Deleted, ChangeKind.Unrelated]);
        changes[3].Id.ShouldBe(person);
        changes[3].Version.ShouldBe(2);
        changes[3].Previous.ShouldBe(changes[1].Place);
        changes[3].Before.ShouldBe(Some.Set(_person, ("name", "gone")));
        changes[4].Source.ShouldBe(person);
        (await store.Log.At(changes[3].Place, Cancel)).Before.ShouldBe(changes[3].Before);
        (await store.Log.Read(changes[2].Place, Cancel).ToListAsync(Cancel)).Select(c => c.Place).ShouldBe([changes[3].Place, changes[4].Place]);
        store.Log.Head.ShouldBe(changes[4].Place);
    }

    [Fact]
    public async Task An_edit_of_what_is_not_there_fails_as_a_guard_would()
    {
        await using var store = await Ready();
        var id = Some.Id();
        (await store.Write(Some.Plan(Some.Update(_person, id, ("name", "x"))), Cancel)).Failed.ShouldBe([new Guard.VersionIs(id, 1)]);
        await Written(store, Some.Create(_person, id));
        (await store.Write(Some.Plan(Some.Create(_person, id)), Cancel)).Failed.ShouldBe([new Guard.VersionIs(id, 0)]);
    }

    [Fact]
    public async Task Waiting_behind_the_head_ends_with_the_next_write()
    {
        await using var store = await Ready();
        var news = store.Log.Beyond(store.Log.Head, Cancel);
        news.IsCompleted.ShouldBeFalse();
        await Written(store, Some.Create(_person, Some.Id()));
        await news;
        store.Log.Beyond(Cursor.Start, Cancel).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_change_of_the_model_is_in_the_log_and_ends_plans_made_before_it()
    {
        await using var store = await Ready();
        await store.Write(Some.Plan() with { Model = "{\"v\":1}"u8.ToArray() }, Cancel);
        await store.Prepare(new SomeModel(2).Compile(), Cancel);
        (await store.Write(Some.Plan() with { Guards = [new Guard.ModelIs(1)] }, Cancel)).Failed.ShouldBeEmpty();
        await store.Write(Some.Plan() with { Model = "{\"v\":2}"u8.ToArray(), Guards = [new Guard.ModelIs(1)] }, Cancel);
        (await store.Write(Some.Plan() with { Guards = [new Guard.ModelIs(1)] }, Cancel)).Failed.Length.ShouldBe(1);
        (await store.Write(Some.Plan() with { Guards = [new Guard.ModelIs(2)] }, Cancel)).Failed.ShouldBeEmpty();
        var changes = await store.Log.Read(Cursor.Start, Cancel).ToListAsync(Cancel);
        changes.Select(c => c.Kind).ShouldBe([ChangeKind.Model, ChangeKind.Model]);
        changes[1].Model.ShouldBe("{\"v\":2}"u8.ToArray());
    }

    [Fact]
    public async Task A_large_commit_is_whole_and_others_are_written_meanwhile()
    {
        await using var store = await Ready();
        var edits = Enumerable.Range(0, 6000).Select(i => Some.Create(_person, Some.Id(), ("name", $"Person {i}"), ("age", i))).ToArray();
        var large = store.Write(Some.Plan(edits), Cancel).AsTask();
        await Written(store, Some.Create(_person, Some.Id(), ("name", "small")));
        var receipt = (await large).Receipt!;
        receipt.Written.Length.ShouldBe(6000);
        using var snapshot = store.Snapshot();
        (await Read(snapshot, Some.List(_person))).Counts.ShouldBe([6001]);
        (await store.Log.Read(Cursor.Start, Cancel).CountAsync(Cancel)).ShouldBe(6001);
    }

    [Fact]
    public async Task Concurrent_plans_are_each_written_once_and_readers_see_whole_commits()
    {
        await using var store = await Ready();
        var (one, two) = (Some.Id(), Some.Id());
        await Written(store, Some.Create(_person, one, ("age", 0)), Some.Create(_person, two, ("age", 0)));
        using var stop = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var snapshot = store.Snapshot();
                var first = await Age(snapshot, one);
                var second = (await Read(snapshot, Some.List(_person, Some.Where(_person, "id", Comparison.Equal, two)))).Items[0];
                first.ShouldBe(second.Entity.TryGet(3, out var json) ? (int)JsonValue.Read(Shape.Integer, json) : -1);
            }
        })).ToArray();
        // Each raises both ages by one from what it read; a guard that fails is planned again.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 25;)
            {
                using var snapshot = store.Snapshot();
                var row = (await Read(snapshot, Some.ById(_person, one))).Items[0];
                var age = await Age(snapshot, one) + 1;
                var plan = Some.Plan(Some.Update(_person, one, ("age", age)), Some.Update(_person, two, ("age", age))) with { Guards = [new Guard.VersionIs(one, row.Entity.Version)] };
                if ((await store.Write(plan, Cancel)).Receipt is not null)
                    done++;
            }
        })));
        await stop.CancelAsync();
        await Task.WhenAll(reading);
        using var last = store.Snapshot();
        (await Age(last, one)).ShouldBe(200);

        async Task<int> Age(ISnapshot snapshot, Guid id) =>
            (await Read(snapshot, Some.ById(_person, id))).Items[0].Entity.TryGet(3, out var json) ? (int)JsonValue.Read(Shape.Integer, json) : -1;
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ReadStep.Related Related(ModelEnd end, params Guid[] from) => new(end, [.. from]) { Views = [.. end.Far.Select(TypeView.Of)] };

    private static async Task<Rows> Read(ISnapshot snapshot, ReadStep step) => await snapshot.Read(step, Cancel);

    private static async Task<Receipt> Written(IStore store, params RecordEdit[] edits) => (await store.Write(Some.Plan(edits), Cancel)).Receipt.ShouldNotBeNull();

    private async Task<IStore> Ready()
    {
        var store = Open();
        await store.Prepare(_model, Cancel);
        return store;
    }
}
