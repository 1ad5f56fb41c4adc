using Microsoft.Extensions.Logging;
using Xrm.Sdk;

namespace Xrm.Testing.Tests;

public sealed class ClockTests
{
    [Fact]
    public async Task The_Jobs_hook_runs_jobs_at_their_times_and_they_have_ended_when_the_clock_has_moved()
    {
        await using var xrm = await TestXrm.With<HarbourPlugin>();

        await xrm.Clock.Advance(minutes: 59);
        (await xrm.Query(Query.For(Boat.Type))).ShouldBeEmpty();
        await xrm.Clock.Advance(hours: 2);

        var counted = await xrm.Query(Query.For(Boat.Type));
        counted.Select(b => b.Get(Boat.Name)).ShouldBe(["Counted 1", "Counted 2"], ignoreOrder: true);
        counted.Select(b => b.CreatedAt).Order().ShouldBe([TestClock.Monday.AddHours(1), TestClock.Monday.AddHours(2)]);
        xrm.Clock.GetUtcNow().ShouldBe(TestClock.Monday.AddHours(2).AddMinutes(59));
    }

    [Fact]
    public async Task A_job_that_fails_is_logged_and_tried_again_until_its_plugin_is_switched_off()
    {
        await using var xrm = await TestXrm.With<Windless>();

        await xrm.Clock.Advance(days: 2);
        xrm.Log.Count(l => l.Level == LogLevel.Error && l.Exception?.Message == "There is no wind.").ShouldBe(2);
        xrm.WhyOff("windless").ShouldBeNull();
        await xrm.Clock.Advance(days: 20);

        xrm.Log.Count(l => l.Level == LogLevel.Error).ShouldBe(10);
        xrm.WhyOff("windless")!.En.ShouldContain("the job sail");
    }

    [Fact]
    public async Task Jobs_end_with_their_plugin()
    {
        await using var xrm = await TestXrm.With<HarbourPlugin>();
        await xrm.Remove("harbour");

        await xrm.Clock.Advance(days: 1);

        xrm.Log.ShouldNotContain(l => l.Level == LogLevel.Error);
    }

    [Fact]
    public async Task A_job_that_was_not_asked_for_is_refused() =>
        (await Should.ThrowAsync<Problem>(() => TestXrm.With<Restless>())).Faults.Single().Message.En.ShouldContain("Jobs(fidget)");

    [Fact]
    public async Task Whatever_waits_by_the_clock_goes_on_when_it_is_moved()
    {
        var clock = new TestClock(Some.Monday);
        var told = new List<string>();
        async Task Wait(string name, int minutes)
        {
            await Task.Delay(TimeSpan.FromMinutes(minutes), clock);
            told.Add($"{name} {clock.GetUtcNow():HH:mm}");
        }
        using var often = clock.CreateTimer(_ => told.Add($"often {clock.GetUtcNow():HH:mm}"), null, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(4));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(7), clock);
        var waiting = Task.WhenAll(Wait("late", 10), Wait("early", 3));
        var start = clock.GetTimestamp();

        await clock.Advance(minutes: 9);
        limit.IsCancellationRequested.ShouldBeTrue();
        await often.DisposeAsync();
        await clock.Advance(minutes: 11);
        await waiting;

        told.ShouldBe(["early 08:03", "often 08:04", "often 08:08", "late 08:10"], ignoreOrder: true);
        clock.GetElapsedTime(start).ShouldBe(TimeSpan.FromMinutes(20));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => clock.Advance(minutes: -1));
    }

    public sealed class Windless : Plugin
    {
        public override string Id => "windless";
        public override Label Title => Label.Of("Sans vent", "Windless");
        public override void Describe(ModelBuilder model) => model.Permissions(ask => ask.Schedule("sail", TimeSpan.FromDays(1)));
        public override void Attach(Hooks hooks, PluginContext context) => hooks.Jobs.Add(new Job("sail", _ => throw new InvalidOperationException("There is no wind.")));
    }

    private sealed class Restless : Plugin
    {
        public override string Id => "restless";
        public override Label Title => Label.Of("Agité", "Restless");
        public override void Describe(ModelBuilder model) { }
        public override void Attach(Hooks hooks, PluginContext context) => hooks.Jobs.Add(new Job("fidget", _ => ValueTask.CompletedTask));
    }
}
