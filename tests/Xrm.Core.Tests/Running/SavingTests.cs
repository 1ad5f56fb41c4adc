using Xrm.Sdk;
using Xrm.Testing;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Running;

public sealed class SavingTests
{
    [Fact]
    public async Task A_handler_sets_fields_by_the_same_rules()
    {
        await using var xrm = await TestXrm.With([new Shop()], null);

        var item = await xrm.Create(Shop.Item, (Shop.Price, 10m));
        item.Get(Shop.Total).ShouldBe(12m);
        await xrm.Commit(Commit.New().Change(item, Shop.Price, 20m));
        (await xrm.Find(Shop.Item, item.Id))!.Get(Shop.Total).ShouldBe(24m);
        var problem = await Should.ThrowAsync<Problem>(xrm.Create(Shop.Item, (Shop.Price, 1000m)));
        (problem.Faults.Single().Field, problem.Faults.Single().Rule).ShouldBe(("total", "max"));
    }

    [Fact]
    public async Task A_handler_may_refuse_with_a_problem()
    {
        await using var xrm = await TestXrm.With([new Shop()], null);

        var problem = await Should.ThrowAsync<Problem>(xrm.Create(Shop.Item, (Shop.Price, 13m)));

        (problem.Code, problem.Faults.Single().Rule).ShouldBe((ProblemCode.Invalid, "S-13"));
        (await xrm.Query(Query.For(Shop.Item))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_handler_that_fails_is_an_internal_fault_without_its_message()
    {
        await using var xrm = await TestXrm.With([new Shop()], null);

        var problem = await Should.ThrowAsync<Problem>(xrm.Create(Shop.Item, (Shop.Price, 14m)));

        problem.Code.ShouldBe(ProblemCode.Internal);
        problem.Message.ShouldContain("shop");
        problem.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_handler_does_not_run_when_nothing_changes_nor_after_it_was_detached()
    {
        var shop = new Shop();
        await using var xrm = await TestXrm.With([shop], null);
        var item = await xrm.Create(Shop.Item, (Shop.Price, 10m));
        shop.Saves.ShouldBe(1);

        await xrm.Commit(Commit.New().Change(item, Shop.Price, 10m));
        shop.Saves.ShouldBe(1);
        var hooks = new Hooks();
        var runs = 0;
        hooks.Saving(Shop.Item).Add((_, _) => { runs++; return ValueTask.CompletedTask; });
        using (xrm.Engine.Attach("other", hooks))
            await xrm.Create(Shop.Item, (Shop.Price, 11m));
        await xrm.Create(Shop.Item, (Shop.Price, 12m));

        runs.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_handler_read_guards_its_commit()
    {
        var shop = new Shop();
        await using var xrm = await TestXrm.With([shop], null);
        // Each handler counts what is there: without guards two at once would count the same.
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => xrm.Create(Shop.Item, (Shop.Price, 20m + i)))));

        (await xrm.Query(Query.For(Shop.Item).Order(Shop.Number))).Select(i => i.Get(Shop.Number)).ShouldBe(Enumerable.Range(1, 12));
    }

    [Fact]
    public async Task A_handler_cannot_commit()
    {
        await using var xrm = await TestXrm.With([new Shop()], null);

        (await Should.ThrowAsync<Problem>(xrm.Create(Shop.Item, (Shop.Price, 15m)))).Code.ShouldBe(ProblemCode.Internal);
    }

    [Fact]
    public async Task Saved_handlers_run_once_after_the_commit_and_cannot_refuse()
    {
        var shop = new Shop();
        await using var xrm = await TestXrm.With([shop], null);
        var commit = Commit.New().Create(Shop.Item, Values.None.With(Shop.Price, 10m));

        await xrm.Commit(commit);
        await xrm.Commit(commit);

        shop.Saved.ShouldBe(1);
        (await xrm.Query(Query.For(Shop.Item))).Length.ShouldBe(1);
    }

    private sealed class Shop : Plugin
    {
        public static readonly EntityType Item = EntityType.Named("Item", L);
        public static readonly Field<decimal> Price = Item.Money("price", L);
        public static readonly Field<decimal> Total = Item.Money("total", L).Max(1000m);
        public static readonly Field<int> Number = Item.Integer("number", L);

        public int Saves { get; private set; }
        public int Saved { get; private set; }
        public override string Id => "shop";
        public override Label Title => L;

        public override void Describe(ModelBuilder model) => model.Add(Item);

        public override void Attach(Hooks hooks, PluginContext context)
        {
            hooks.Saving(Item).Add(Save);
            hooks.Saved(Item).Add((_, _) =>
            {
                // Not each time: that would switch the shop off.
                return ++Saved == 1 ? throw new InvalidOperationException("after the fact") : ValueTask.CompletedTask;
            });
        }

        private async ValueTask Save(Saving item, CancellationToken cancellation)
        {
            Saves++;
            switch (item.Get(Price))
            {
                case 13m:
                    throw new Problem(ProblemCode.Invalid, L, "price", "S-13");
                case 14m:
                    throw new InvalidOperationException("secret");
                case 15m:
                    await item.Xrm.Commit(Commit.New(), cancellation);
                    break;
                case 10m or 20m when item.Before is not null:
                case >= 10m and < 13m:
                case 1000m:
                    item.Put(Total, item.Get(Price) * 1.2m);
                    break;
            }
            if (item.Before is null && item.Get(Price) >= 20m)
                item.Put(Number, (await item.Xrm.Query(Query.For(Item), cancellation)).Entities.Length + 1);
        }
    }
}
