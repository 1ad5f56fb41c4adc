using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.PluginLoading.Tests;

/// <summary>Tests that measure the process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>Code that left is gone from memory.</summary>
[Collection(nameof(AloneCollection))]
public sealed class UnloadTests
{
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hello", "Hello")]
    [InlineData("parties", "Parties")]
    [InlineData("elus", "Parties", "Elus")]
    [InlineData("guest", "Ground", "Guest")]
    [InlineData("scribe", "Scribe")]
    [InlineData("ledger", "LedgerTwo")]
    [InlineData("throws-in-hook", "ThrowsInHook")]
    public async Task The_code_of_a_plugin_that_is_taken_away_is_collected(string id, params string[] packages)
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();
        foreach (var package in packages)
            await host.Apply(Workshop.Install(package), Admin, Cancellation);
        await Use(workshop);
        var code = CodeOf(host, id);
        code.IsAlive.ShouldBeTrue();

        var outcome = await host.Apply(new(PluginAction.Remove, id), Admin, Cancellation);

        outcome.Held?.En.ShouldBeNull();
        outcome.IsUnloaded.ShouldBe(true);
        code.IsAlive.ShouldBeFalse();
    }

    [Fact]
    public async Task A_custom_field_of_a_field_type_that_a_plugin_brought_does_not_hold_its_code()
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();
        await host.Apply(Workshop.Install("Hello"), Admin, Cancellation);
        await host.Apply(Workshop.Install("Parties"), Admin, Cancellation);
        await AddSiret(workshop);
        await Use(workshop);
        var code = CodeOf(host, "parties");

        var outcome = await host.Apply(new(PluginAction.Remove, "parties"), Admin, Cancellation);

        outcome.Held?.En.ShouldBeNull();
        code.IsAlive.ShouldBeFalse();
        workshop.Engine.Model.Type("Greeting")!.ByName.ContainsKey("x_siret").ShouldBeFalse();
        await host.Apply(Workshop.Install("Parties"), Admin, Cancellation);
        workshop.Engine.Model.Type("Greeting")!.ByName["x_siret"].Description.Type.GetType().Name.ShouldBe("SiretType");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AddSiret(Workshop workshop)
    {
        var type = CustomFields.TypeNamed(workshop.Engine.Model, "siret", null, [], null).ShouldNotBeNull();
        await new CustomFields(workshop.Engine).Apply(new(CustomFieldAction.Add, "Greeting", "siret") { Field = new("siret", type, Label.Of("Siret", "Siret")) }, Admin, Cancellation);
    }

    [Fact]
    public async Task Code_that_was_taken_out_of_service_or_was_updated_is_collected_and_that_of_its_dependents_too()
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();
        await host.Apply(Workshop.Install("Ground"), Admin, Cancellation);
        await host.Apply(Workshop.Install("Guest"), Admin, Cancellation);
        await Use(workshop);
        var (ground, guest) = (CodeOf(host, "ground"), CodeOf(host, "guest"));

        var update = Workshop.Install("Ground", m => m["version"] = "0.1.1") with { Action = PluginAction.Update };
        (await host.Apply(update, Admin, Cancellation)).IsUnloaded.ShouldBe(true);

        ground.IsAlive.ShouldBeFalse();
        guest.IsAlive.ShouldBeFalse();
        (ground, guest) = (CodeOf(host, "ground"), CodeOf(host, "guest"));
        (await host.Apply(new(PluginAction.Disable, "ground") { Cascade = true }, Admin, Cancellation)).IsUnloaded.ShouldBe(true);
        ground.IsAlive.ShouldBeFalse();
        guest.IsAlive.ShouldBeFalse();
    }

    [Fact]
    public async Task A_plugin_that_cannot_be_unloaded_is_told_with_what_holds_it_and_the_host_goes_on()
    {
        await using var workshop = new Workshop { Grace = TimeSpan.FromMilliseconds(500) };
        var host = await workshop.Start();
        await host.Apply(Workshop.Install("Leaks"), Admin, Cancellation);

        var outcome = await host.Apply(new(PluginAction.Remove, "leaks"), Admin, Cancellation);

        outcome.IsUnloaded.ShouldBe(false);
        outcome.Held.ShouldNotBeNull().En.ShouldContain("AppDomain.s_domain.ProcessExit holds");
        host.Plugins.Single(p => p.Id == "leaks").Held.ShouldNotBeNull();
        await host.Apply(Workshop.Install("Hello"), Admin, Cancellation);
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task Sixty_rounds_of_two_plugins_leave_no_memory_behind()
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();
        for (var i = 0; i < 10; i++)
            await Round(workshop, host);
        var (heap, resident) = Memory();

        for (var i = 0; i < 60; i++)
            await Round(workshop, host);

        var (heapAfter, residentAfter) = Memory();
        TestContext.Current.SendDiagnosticMessage($"heap {heap / 1024} to {heapAfter / 1024} KiB, resident {resident >> 20} to {residentAfter >> 20} MiB");
        // The log of tests lies in memory: it keeps each of the 240 models, 2 KiB a model.
        (heapAfter - heap).ShouldBeLessThan(1 << 20);
        (residentAfter - resident).ShouldBeLessThan(15 << 20);
    }

    private static async Task Round(Workshop workshop, PluginHost host)
    {
        await host.Apply(Workshop.Install("Hello"), Admin, Cancellation);
        await host.Apply(Workshop.Install("Scribe"), Admin, Cancellation);
        await Use(workshop);
        (await host.Apply(new(PluginAction.Remove, "hello"), Admin, Cancellation)).IsUnloaded.ShouldBe(true);
        (await host.Apply(new(PluginAction.Remove, "scribe"), Admin, Cancellation)).IsUnloaded.ShouldBe(true);
    }

    /// <summary>Has hooks run, so that whatever remembers types has met them.</summary>
    private static async Task Use(Workshop workshop)
    {
        var model = workshop.Engine.Model;
        var commit = Commit.New();
        if (model.Type("Greeting") is not null)
            commit = commit.And(new Edit.Create("Greeting", EntityId.New(), Values.Of(("name", "Zoé"))));
        if (model.Type("Script") is not null)
            commit = commit.And(new Edit.Create("Script", EntityId.New(), Values.Of(("text", "lorem"))));
        if (model.Type("Place") is not null)
            commit = commit.And(new Edit.Create("Place", EntityId.New(), Values.Of(("name", "Mairie"))));
        if (model.Type("Person") is not null)
            commit = commit.And(new Edit.Create("Person", EntityId.New(), Values.Of(("familyName", "LEFÈVRE"))));
        if (!commit.Edits.IsEmpty)
            await workshop.Engine.Commit(commit, Admin, Cancellation);
        if (model.Type("Script") is not null)
            (await workshop.Engine.As(Admin).Query(new Query("Script"), Cancellation)).Entities[^1].Values.TryGet("json", out var json).ShouldBeTrue();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference CodeOf(PluginHost host, string id) => new(host.Running.Single(r => r.Manifest.Id == id).Loaded.Code.Assembly);

    private static (long Heap, long Resident) Memory()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64);
    }
}
