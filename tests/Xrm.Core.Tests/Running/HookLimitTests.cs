using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.Core.Tests.Running.Workbench;

namespace Xrm.Core.Tests.Running;

public sealed class HookLimitTests
{
    [Fact]
    public async Task A_Saving_handler_that_blocks_its_thread_refuses_the_write_in_time()
    {
        await using var bench = await Open();
        var shop = bench.Attach(hooks => hooks.Saving(Item).Add((_, _) => bench.Block()));
        var create = bench.Create("pen");

        await bench.UntilOff(shop);

        var fault = (await Should.ThrowAsync<Problem>(create)).Faults.ShouldHaveSingleItem();
        (fault.Code, fault.Edit).ShouldBe((ProblemCode.Unavailable, 0));
        fault.Message.En.ShouldBe("Plugin shop did not answer in time while saving Item.");
        fault.Message.Fr.ShouldBe("Le module shop n'a pas répondu à temps en enregistrant Article.");
        shop.Health.Off!.En.ShouldBe("Saving (Item) did not end within 5 seconds.");
    }

    [Fact]
    public async Task A_Saving_handler_that_never_completes_is_left_behind_and_others_commit_meanwhile()
    {
        await using var bench = await Open();
        var shop = bench.Attach(hooks => hooks.Saving(Item).Add(async (item, _) =>
        {
            if (item.Get(Name) == "never")
                await new TaskCompletionSource().Task;
        }));
        var never = bench.Create("never");

        await bench.Create("pen");
        await bench.UntilOff(shop);

        (await Should.ThrowAsync<Problem>(never)).Code.ShouldBe(ProblemCode.Unavailable);
        (await bench.Xrm.Query(Query.For(Item))).Entities.Select(i => i.Get(Name)).ShouldBe(["pen"]);
    }

    [Fact]
    public async Task A_handler_is_told_to_end_when_it_is_too_late_and_what_it_does_then_reaches_nobody()
    {
        await using var bench = await Open();
        var ended = new TaskCompletionSource<bool>();
        var shop = bench.Attach(hooks => hooks.Saving(Item).Add(async (item, cancellation) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            catch (OperationCanceledException)
            {
                item.Put(Note, "too late");
                ended.SetResult(true);
            }
        }, WhenFailing.GoOn));
        var create = bench.Create("pen");

        await bench.UntilOff(shop);

        (await ended.Task).ShouldBeTrue();
        (await bench.Find(await create)).Get(Note).ShouldBeNull();
    }

    [Fact]
    public async Task The_write_goes_on_without_a_handler_that_says_so_and_without_what_it_put()
    {
        await using var bench = await Open();
        bench.Attach(hooks =>
        {
            hooks.Saving(Item).Add((item, _) =>
            {
                item.Put(Note, "half done");
                throw new InvalidOperationException("secret");
            }, WhenFailing.GoOn);
            hooks.Saving(Item).Add((item, _) =>
            {
                item.Put(Secret, item.Get(Note) ?? "no note");
                return ValueTask.CompletedTask;
            });
        });

        var item = await bench.Find(await bench.Create("pen"));

        (item.Get(Note), item.Get(Secret)).ShouldBe((null, "no note"));
    }

    [Fact]
    public async Task Of_many_things_a_hang_loses_one_thread_and_the_rest_go_on_without_the_handler()
    {
        await using var bench = await Open();
        var calls = 0;
        var shop = bench.Attach(hooks => hooks.Saving(Item).Add((item, _) =>
        {
            item.Put(Note, $"call {++calls}");
            return item.Get(Name) == "item 3" ? bench.Block() : ValueTask.CompletedTask;
        }, WhenFailing.GoOn));
        bench.Attach(hooks => hooks.Saving(Item).Add((item, _) =>
        {
            item.Put(Secret, item.Get(Note) ?? "");
            return ValueTask.CompletedTask;
        }), "library");
        var ids = Enumerable.Range(0, 6).Select(_ => EntityId.New()).ToArray();
        var commit = Commit.New();
        for (var i = 0; i < ids.Length; i++)
            commit = commit.Create(Item, ids[i], Values.None.With(Name, $"item {i}"));
        var writing = bench.Xrm.Commit(commit, TestContext.Current.CancellationToken).AsTask();

        await bench.UntilOff(shop);
        await writing;

        calls.ShouldBe(4);
        var notes = new List<string?>();
        foreach (var id in ids)
            notes.Add((await bench.Find(id)).Get(Secret));
        notes.ShouldBe(["call 1", "call 2", "call 3", null, null, null]);
    }

    [Fact]
    public async Task Whoever_goes_away_does_not_wait_for_a_handler_and_its_hanging_is_noted_all_the_same()
    {
        await using var bench = await Open();
        var entered = new TaskCompletionSource();
        var shop = bench.Attach(hooks => hooks.Saving(Item).Add((_, _) =>
        {
            entered.SetResult();
            return bench.Block();
        }));
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var commit = bench.Xrm.Commit(Commit.New().Create(Item, Values.None.With(Name, "pen")), gone.Token).AsTask();
        await entered.Task;

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(commit);
        await bench.UntilOff(shop);
    }

    [Fact]
    public async Task A_Saved_handler_holds_the_caller_up_no_longer_than_the_limit_and_never_refuses()
    {
        await using var bench = await Open();
        var later = new TaskCompletionSource<Receipt>();
        var shop = bench.Attach(hooks => hooks.Saved(Item).Add((_, _) => bench.Block()));
        bench.Attach(hooks => hooks.Saved(Item).Add((receipt, _) =>
        {
            later.SetResult(receipt);
            return ValueTask.CompletedTask;
        }), "library");
        var create = bench.Create("pen");

        await bench.UntilOff(shop);

        (await bench.Find(await create)).Get(Name).ShouldBe("pen");
        (await later.Task).Written.ShouldHaveSingleItem().Type.ShouldBe("Item");
    }

    [Fact]
    public async Task What_is_durable_is_told_though_whoever_committed_went_away()
    {
        await using var bench = await Open();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var later = new TaskCompletionSource<bool>();
        bench.Attach(hooks =>
        {
            hooks.Saved(Item).Add(async (_, _) => await gone.CancelAsync());
            hooks.Saved(Item).Add((_, cancellation) =>
            {
                later.SetResult(cancellation.IsCancellationRequested);
                return ValueTask.CompletedTask;
            });
        });

        await bench.Xrm.Commit(Commit.New().Create(Item, Values.None.With(Name, "pen")), gone.Token);

        (await later.Task).ShouldBeFalse();
    }
}
