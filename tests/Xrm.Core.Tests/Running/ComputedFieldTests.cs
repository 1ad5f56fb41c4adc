using System.Collections.Immutable;
using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.Core.Tests.Running.Workbench;

namespace Xrm.Core.Tests.Running;

public sealed class ComputedFieldTests
{
    [Fact]
    public async Task The_Computed_hook_gives_all_entities_of_a_level_their_values_in_one_call()
    {
        await using var bench = await Open();
        var calls = new List<string>();
        bench.Attach(hooks =>
        {
            hooks.Computed(Length).Add((asked, _) => Lengths(asked, calls));
            hooks.Computed(Load).Add(async (asked, cancellation) =>
            {
                calls.Add($"load {asked.Entities.Length}");
                var shelves = await asked.Xrm.Query(Query.For(Shelf).With(LiesOn.Target), cancellation);
                foreach (var shelf in asked.Entities)
                    asked.Put(shelf, Load, shelves.Entities.Single(s => s.Id == shelf.Id).Get(LiesOn.Target).Length);
            });
        });
        var shelf = await bench.Create("left", Shelf);
        foreach (var name in (string[])["pen", "paper"])
            await bench.Xrm.Commit(Commit.New().Relate(await bench.Create(name), LiesOn, shelf), TestContext.Current.CancellationToken);
        await bench.Create("right", Shelf);
        calls.Clear();

        var shelves = (await bench.Xrm.Query(Query.For(Shelf).Order(Place).With(LiesOn.Target), TestContext.Current.CancellationToken)).Entities;

        calls.ShouldBe(["length 2", "load 2"], ignoreOrder: true);
        shelves.Select(s => s.Get(Load)).ShouldBe([2, 0]);
        shelves[0].Get(LiesOn.Target).Select(i => i.Other!.Get(Length)).Order().ShouldBe([3, 5]);
        (await bench.Find(shelves[0].Get(LiesOn.Target)[0].Other!.Id)).Values.TryGet("length", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task The_Computed_hook_sees_all_as_the_plugin_and_who_asks_and_shows_what_the_asker_may_see()
    {
        await using var bench = await Open();
        var asked = new List<(string? Secret, string Actor)>();
        bench.Attach(hooks =>
        {
            hooks.Computed(Length).Add((computing, _) =>
            {
                asked.Add((computing.Entities.Single().Get(Secret), computing.Actor.Id));
                return Lengths(computing, []);
            });
            hooks.Computed(Letters).Add((computing, _) =>
            {
                asked.Add(("letters", computing.Actor.Id));
                computing.Put(computing.Entities[0], Letters, ["p", "e", "n"]);
                return default;
            });
        });
        await bench.Xrm.Commit(Commit.New().Create(Item, Values.None.With(Name, "pen").With(Secret, "gold")), TestContext.Current.CancellationToken);

        var clerk = (await bench.Engine.As(Clerk).Query(Query.For(Item), TestContext.Current.CancellationToken)).Entities.Single();
        var admin = (await bench.Xrm.Query(Query.For(Item), TestContext.Current.CancellationToken)).Entities.Single();

        (clerk.Get(Length), clerk.Get(Secret), clerk.Values.TryGet("letters", out _)).ShouldBe((3, null, false));
        admin.Get(Letters).ShouldBe(["p", "e", "n"]);
        asked.ShouldBe([("gold", Clerk.Id), ("gold", Admin.Id), ("letters", Admin.Id)]);
    }

    [Fact]
    public async Task What_a_handler_reads_has_no_computed_values_so_that_none_waits_for_itself()
    {
        await using var bench = await Open();
        var calls = 0;
        bench.Attach(hooks =>
        {
            hooks.Computed(Length).Add(async (asked, cancellation) =>
            {
                calls++;
                var all = await asked.Xrm.Query(Query.For(Item), cancellation);
                asked.Put(asked.Entities[0], Length, all.Entities.Count(i => i.Values.TryGet("length", out var _)) + asked.Entities.Count(i => i.Values.TryGet("length", out _)));
            });
            hooks.Saving(Item).Add(async (item, cancellation) => item.Put(Note, (await item.Xrm.Query(Query.For(Item), cancellation)).Entities.Any(i => i.Values.TryGet("length", out _)) ? "computed" : "kept"));
        });
        await bench.Create("paper");

        var item = await bench.Find(await bench.Create("pen"));

        (item.Get(Length), item.Get(Note), calls).ShouldBe((0, "kept", 1));
    }

    [Theory]
    [InlineData(WhenFailing.Refuse)]
    [InlineData(WhenFailing.GoOn)]
    public async Task In_queries_of_the_sdk_a_field_that_could_not_be_computed_has_no_value(WhenFailing whenFailing)
    {
        await using var bench = await Open();
        var shop = bench.Attach(hooks => hooks.Computed(Length).Add((_, _) => throw new InvalidOperationException(), whenFailing));
        var id = await bench.Create("pen");

        for (var i = 0; i < PluginHealth.MostFailures + 1; i++)
            (await bench.Find(id)).Values.TryGet("length", out _).ShouldBeFalse();

        shop.Health.Off!.En.ShouldContain("Computed (Item.length)");
    }

    [Fact]
    public async Task A_handler_that_hangs_holds_a_query_up_for_half_the_limit_at_most_and_is_called_no_more()
    {
        await using var bench = await Open();
        var shop = bench.Attach(hooks => hooks.Computed(Length).Add((_, _) => bench.Block()));
        var id = await bench.Create("pen");
        var finding = bench.Find(id);

        await bench.UntilOff(shop);

        (await finding).Values.TryGet("length", out _).ShouldBeFalse();
        (await bench.Find(id)).Values.TryGet("length", out _).ShouldBeFalse();
        shop.Health.Off!.En.ShouldBe("Computed (Item.length) did not end within 2.5 seconds.");
    }

    [Fact]
    public async Task A_value_of_another_shape_is_a_failure_of_the_plugin()
    {
        await using var bench = await Open();
        var text = EntityType.Elsewhere("Item").Text("length", Label.Of("longueur", "length"));
        var shop = bench.Attach(hooks => hooks.Computed(Length).Add((asked, _) =>
        {
            asked.Put(asked.Entities[0], text, "three");
            return default;
        }));
        var id = await bench.Create("pen");

        for (var i = 0; i < PluginHealth.MostFailures; i++)
            (await bench.Find(id)).Values.TryGet("length", out _).ShouldBeFalse();

        shop.Health.Off.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_computed_field_cannot_be_set_compared_or_sorted_by()
    {
        await using var bench = await Open();
        bench.Attach(hooks => hooks.Computed(Length).Add((asked, _) => Lengths(asked, [])));
        var item = await bench.Find(await bench.Create("pen"));

        await Invalid("readOnly", async () => await bench.Xrm.Commit(Commit.New().Change(item, Length, 4)));
        await Invalid("comparison", async () => await bench.Xrm.Query(Query.For(Item).Where(Length.AtLeast(2))));
        await Invalid("unknown", async () => await bench.Xrm.Query(Query.For(Item).Order(Length)));
    }

    [Fact]
    public async Task The_value_is_of_the_state_that_is_answered_from()
    {
        await using var bench = await Open();
        bench.Attach(hooks => hooks.Computed(Length).Add(async (asked, cancellation) =>
        {
            await bench.Create("written meanwhile", Shelf);
            asked.Put(asked.Entities[0], Length, (await asked.Xrm.Query(Query.For(Shelf), cancellation)).Entities.Length);
        }));

        (await bench.Find(await bench.Create("pen"))).Get(Length).ShouldBe(0);
    }

    private static ValueTask Lengths(Computing asked, List<string> calls)
    {
        calls.Add($"length {asked.Entities.Length}");
        foreach (var item in asked.Entities)
            asked.Put(item, Length, item.Get(Name)!.Length);
        return default;
    }

    private static async Task Invalid(string rule, Func<Task> ask)
    {
        var problem = await Should.ThrowAsync<Problem>(ask);
        (problem.Code, problem.Faults.Single().Field, problem.Faults.Single().Rule).ShouldBe((ProblemCode.Invalid, "length", rule));
    }
}
