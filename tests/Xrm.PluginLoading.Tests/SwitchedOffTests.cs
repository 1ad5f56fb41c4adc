using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.PluginLoading.Tests;

/// <summary>A plugin whose handlers do not end is switched off, and stands in nobody's way more than it said it would.</summary>
public sealed class SwitchedOffTests
{
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);
    private static readonly EntityType Swamp = EntityType.Elsewhere("Swamp");
    private static readonly EntityType Mist = EntityType.Elsewhere("Mist");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_that_never_ends_switches_its_plugin_off_and_enabling_it_loads_it_anew()
    {
        await using var workshop = new Workshop { HookTime = TimeSpan.FromMilliseconds(200), Grace = TimeSpan.FromSeconds(2) }.With("HangsInHook", "Hello");
        var host = await workshop.Start("hangs-in-hook", "hello");

        (await Refused(workshop, Swamp)).ShouldBe(ProblemCode.Unavailable);

        var status = host.Plugins.Single(p => p.Id == "hangs-in-hook");
        status.Condition.ShouldBe(PluginCondition.SwitchedOff);
        status.Reasons.Single().En.ShouldContain("Swamp");
        // Off: what it must see is refused without waiting, what can do without it goes on.
        (await Refused(workshop, Swamp)).ShouldBe(ProblemCode.Unavailable);
        await Save(workshop, Mist);
        await Save(workshop, EntityType.Elsewhere("Greeting"), "name", "Zoé");
        host.Plugins.Single(p => p.Id == "hello").Condition.ShouldBe(PluginCondition.Running);

        var outcome = await host.Apply(new(PluginAction.Enable, "hangs-in-hook"), Admin, Cancellation);

        outcome.Status!.Condition.ShouldBe(PluginCondition.Running);
        // The thread that hangs holds the old code: that is told, and stops nobody.
        outcome.IsUnloaded.ShouldBe(false);
        outcome.Held.ShouldNotBeNull();
        await Save(workshop, Swamp, "text", "dry");
    }

    [Fact]
    public async Task A_handler_that_never_completes_lets_the_write_go_on_where_it_said_so()
    {
        await using var workshop = new Workshop { HookTime = TimeSpan.FromMilliseconds(200) }.With("HangsInHook");
        var host = await workshop.Start("hangs-in-hook");

        await Save(workshop, Mist);

        host.Plugins.Single().Condition.ShouldBe(PluginCondition.SwitchedOff);
        var mist = (await workshop.Engine.As(Admin).Query(Query.For(Mist), Cancellation)).Entities.Single();
        mist.DisplayName.ShouldNotContain("lost");
    }

    private static async Task<ProblemCode> Refused(Workshop workshop, EntityType type) => (await Should.ThrowAsync<Problem>(() => Save(workshop, type))).Code;

    private static async Task Save(Workshop workshop, EntityType type, string? field = null, string text = "") =>
        await workshop.Engine.As(Admin).Commit(Commit.New().Create(type, field is null ? Values.None : Values.None.With(type.Text(field, Label.Of(field, field)), text)), Cancellation);
}
