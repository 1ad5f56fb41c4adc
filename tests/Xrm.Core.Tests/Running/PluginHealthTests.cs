using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.Core.Tests.Running.Workbench;

namespace Xrm.Core.Tests.Running;

public sealed class PluginHealthTests
{
    [Fact]
    public async Task A_plugin_that_keeps_failing_at_one_place_is_switched_off_whatever_goes_well_elsewhere()
    {
        await using var bench = await Open();
        var off = new List<Label>();
        var shop = bench.Attach(hooks =>
        {
            hooks.Saving(Item).Add((_, _) => throw new InvalidOperationException("secret"));
            hooks.Saving(Shelf).Add((_, _) => ValueTask.CompletedTask);
        });
        shop.Health.SwitchedOff += off.Add;

        for (var i = 0; i < PluginHealth.MostFailures; i++)
        {
            off.ShouldBeEmpty();
            (await Should.ThrowAsync<Problem>(bench.Create("pen"))).Code.ShouldBe(ProblemCode.Internal);
            if (i < PluginHealth.MostFailures - 1)
                await bench.Create("left", Shelf);
        }

        off.ShouldHaveSingleItem().En.ShouldBe("10 failures in a row in Saving (Item), the last one: InvalidOperationException.");
        off[0].ShouldBe(shop.Health.Off);
    }

    [Fact]
    public async Task A_success_at_the_same_place_makes_earlier_failures_forgotten()
    {
        await using var bench = await Open();
        var shop = bench.Attach(hooks => hooks.Saving(Item).Add((item, _) => item.Get(Name) == "bad" ? throw new InvalidOperationException() : ValueTask.CompletedTask));

        for (var i = 0; i < 3 * PluginHealth.MostFailures; i++)
            if (i % PluginHealth.MostFailures == 0)
                await bench.Create("good");
            else
                await Should.ThrowAsync<Problem>(bench.Create("bad"));

        shop.Health.Off.ShouldBeNull();
    }

    [Fact]
    public async Task A_problem_is_a_refusal_and_no_failure()
    {
        await using var bench = await Open();
        var shop = bench.Attach(hooks => hooks.Saving(Item).Add((_, _) => throw new Problem(ProblemCode.Invalid, Label.Of("non", "no"), "name", "S-1"), WhenFailing.GoOn));

        for (var i = 0; i < 2 * PluginHealth.MostFailures; i++)
            (await Should.ThrowAsync<Problem>(bench.Create("pen"))).Faults.Single().Rule.ShouldBe("S-1");

        shop.Health.Off.ShouldBeNull();
    }

    [Fact]
    public async Task What_a_plugin_that_is_off_must_look_at_is_refused_and_the_rest_is_written()
    {
        await using var bench = await Open();
        var calls = 0;
        var shop = bench.Attach(hooks =>
        {
            hooks.Saving(Item).Add((_, _) => { calls++; return ValueTask.CompletedTask; });
            hooks.Saving(Shelf).Add((_, _) => { calls++; return ValueTask.CompletedTask; }, WhenFailing.GoOn);
            hooks.Saved(Shelf).Add((_, _) => { calls++; return ValueTask.CompletedTask; });
        });
        var item = await bench.Find(await bench.Create("pen"));
        shop.Health.Hung(HookCalls.Named("Saving", "Item"), TimeSpan.FromSeconds(5));
        calls = 0;

        var fault = (await Should.ThrowAsync<Problem>(bench.Create("pencil"))).Faults.ShouldHaveSingleItem();
        await bench.Create("left", Shelf);
        await bench.Create("On pens", Book);
        await bench.Xrm.Commit(Commit.New().Delete(item), TestContext.Current.CancellationToken);

        (fault.Code, fault.Edit, calls).ShouldBe((ProblemCode.Unavailable, 0, 0));
        fault.Message.En.ShouldBe("Plugin shop is switched off: Saving (Item) did not end within 5 seconds. To enable it again: xrm plugin enable shop");
        fault.Message.Fr.ShouldBe("Le module shop est à l'arrêt : Saving (Item) n'a pas fini en 5 secondes. Pour le remettre en marche : xrm plugin enable shop");
    }

    [Fact]
    public async Task Failures_of_Saved_handlers_count_and_reach_nobody()
    {
        await using var bench = await Open();
        var calls = 0;
        var shop = bench.Attach(hooks => hooks.Saved(Item).Add((_, _) =>
        {
            calls++;
            throw new InvalidOperationException();
        }));

        for (var i = 0; i < PluginHealth.MostFailures + 5; i++)
            await bench.Create("pen");

        calls.ShouldBe(PluginHealth.MostFailures);
        shop.Health.Off.ShouldNotBeNull();
    }
}
