using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.PluginLoading.Tests;

/// <summary>Updates take data along, and can be taken back.</summary>
public sealed class UpdateTests
{
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_update_runs_its_migrations_in_order_and_in_one_commit_with_the_model()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await Begun(workshop, ("Rent", "12.50"), ("Salt", null));
        var update = Workshop.Install("LedgerTwo") with { Action = PluginAction.Update };

        var plan = await host.Plan(update, Admin, Cancellation);
        plan.Migrations.Select(m => m.To.ToString()).ShouldBe(["1.5.0", "2.0.0"]);
        plan.Lines.Single(l => l.Name == "Entry.amountText").IsDestructive.ShouldBeTrue();
        plan.Lines.Where(l => l.Kind == PlanKind.Added).Select(l => l.Name).ShouldBe(["Entry.amount", "Entry.title", "Holds", "Page", "Page.name"], ignoreOrder: true);
        var head = workshop.Engine.Log.Head;
        await host.Apply(update with { Plan = plan.Hash }, Admin, Cancellation);

        workshop.Engine.Log.Head.Block.ShouldBe(head.Block + 1);
        (await Entries(workshop)).ShouldBe(["Rent (1.5) 12.5 on Page Rent (1.5)", "Salt (1.5)  on Page Salt (1.5)"]);
        host.Plugins.Single(p => p.Id == "ledger").Restorable.ShouldBe(new PluginVersion(1, 0, 0));
    }

    [Fact]
    public async Task An_update_whose_migration_fails_is_refused_with_the_thing_that_it_failed_on_and_leaves_all_as_it_was()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await Begun(workshop, ("Rent", "12.50"), ("Salt", "a little"));
        var (force, head) = (workshop.Engine.Force, workshop.Engine.Log.Head);

        var problem = await Should.ThrowAsync<Problem>(async () => await host.Apply(Workshop.Install("LedgerTwo") with { Action = PluginAction.Update }, Admin, Cancellation));

        problem.Message.ShouldContain("Entry");
        workshop.Engine.Force.ShouldBeSameAs(force);
        workshop.Engine.Log.Head.ShouldBe(head);
        host.Of("ledger").Version.ShouldBe(new PluginVersion(1, 0, 0));
        host = await workshop.Start();
        host.Of("ledger").Version.ShouldBe(new PluginVersion(1, 0, 0));
    }

    [Fact]
    public async Task A_downgrade_is_refused_and_restoring_brings_version_and_data_back()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await Begun(workshop, ("Rent", "12.50"));
        await host.Apply(Workshop.Install("LedgerTwo") with { Action = PluginAction.Update }, Admin, Cancellation);
        await workshop.Engine.Commit(Commit.New().And(new Edit.Create("Entry", EntityId.New(), Values.Of(("title", "Late")))), Admin, Cancellation);
        await host.Apply(new(PluginAction.Install, "hello"), Admin, Cancellation);
        await workshop.Engine.Commit(Commit.New().And(new Edit.Create("Greeting", EntityId.New(), Values.Of(("name", "Zoé")))), Admin, Cancellation);

        var problem = await Should.ThrowAsync<Problem>(async () => await host.Apply(Workshop.Install("LedgerOne") with { Action = PluginAction.Update }, Admin, Cancellation));
        (problem.Faults.Single().Rule, problem.Message.Contains("xrm plugin restore ledger", StringComparison.Ordinal)).ShouldBe(("downgrade", true));
        var outcome = await host.Apply(new(PluginAction.Restore, "ledger"), Admin, Cancellation);

        (outcome.Plan.From, outcome.Plan.To).ShouldBe((new PluginVersion(2, 0, 0), new PluginVersion(1, 0, 0)));
        outcome.IsUnloaded.ShouldBe(true);
        var entry = (await workshop.Engine.As(Admin).Query(new Query("Entry"), Cancellation)).Entities.ShouldHaveSingleItem();
        entry.Values.ToDictionary(v => v.Key, v => v.Value).ShouldBe(new Dictionary<string, object?> { ["subject"] = "Rent", ["amountText"] = "12.50" }, ignoreOrder: true);
        (await workshop.Engine.As(Admin).Query(new Query("Greeting"), Cancellation)).Entities.ShouldHaveSingleItem();
        workshop.Engine.Model.Type("Page").ShouldBeNull();
        host.Plugins.Single(p => p.Id == "ledger").Restorable.ShouldBeNull();
    }

    [Fact]
    public async Task Data_of_an_old_version_that_was_taken_away_are_taken_along_when_a_newer_one_is_installed()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await Begun(workshop, ("Rent", "12.50"));
        await host.Apply(new(PluginAction.Remove, "ledger"), Admin, Cancellation);

        var plan = await host.Plan(Workshop.Install("LedgerTwo"), Admin, Cancellation);
        plan.Migrations.Length.ShouldBe(2);
        await host.Apply(Workshop.Install("LedgerTwo"), Admin, Cancellation);

        (await Entries(workshop)).ShouldBe(["Rent (1.5) 12.5 on Page Rent (1.5)"]);
        // An older package is refused even so: what is there is of version 2.
        await host.Apply(new(PluginAction.Remove, "ledger"), Admin, Cancellation);
        (await host.Plan(Workshop.Install("LedgerOne"), Admin, Cancellation)).Refusals.Select(r => r.Rule).ShouldContain("downgrade");
    }

    [Fact]
    public async Task An_update_that_was_cut_short_is_taken_up_by_the_next_start()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await Begun(workshop, ("Rent", "12.50"));
        var killed = Directory.CreateTempSubdirectory("xrm-killed-").FullName;
        workshop.Journal.Appending = _ => PluginLifeTests.Copy(workshop.Plugins, killed);
        workshop.Journal.FailNext(2);
        await Should.ThrowAsync<Problem>(async () => await host.Apply(Workshop.Install("LedgerTwo") with { Action = PluginAction.Update }, Admin, Cancellation));
        workshop.Journal.Appending = null;
        workshop.Journal.FailNext(0);
        await host.DisposeAsync();
        Directory.Delete(workshop.Plugins, recursive: true);
        Directory.Move(killed, workshop.Plugins);

        host = await workshop.Start();

        host.Of("ledger").Version.ShouldBe(new PluginVersion(2, 0, 0));
        (await Entries(workshop)).ShouldBe(["Rent (1.5) 12.5 on Page Rent (1.5)"]);
    }

    [Fact]
    public async Task A_part_for_another_plugin_is_there_while_that_one_is()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start();
        await host.Apply(Workshop.Install("LedgerTwo"), Admin, Cancellation);
        workshop.Engine.Model.Relationship("Greets").ShouldBeNull();

        await host.Apply(new(PluginAction.Install, "hello"), Admin, Cancellation);
        workshop.Engine.Model.Relationship("Greets").ShouldNotBeNull();
        await host.Apply(new(PluginAction.Disable, "hello"), Admin, Cancellation);
        workshop.Engine.Model.Relationship("Greets").ShouldBeNull();
        host.ShouldRun("ledger");
    }

    [Fact]
    public async Task A_newer_package_that_came_with_the_host_is_taken_at_its_start_migrations_included()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await Begun(workshop, ("Rent", "12.50"));
        workshop.Add("ledger-two.nupkg", "ledger", Workshop.Package("LedgerTwo"), "2.0.0");

        host = await workshop.Start();

        host.Of("ledger").Version.ShouldBe(new PluginVersion(2, 0, 0));
        (await Entries(workshop)).ShouldBe(["Rent (1.5) 12.5 on Page Rent (1.5)"]);
        host.Plugins.Single(p => p.Id == "ledger").Restorable.ShouldBe(new PluginVersion(1, 0, 0));
    }

    [Fact]
    public async Task A_newer_package_whose_migration_fails_at_the_start_is_refused_and_the_rest_runs()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await Begun(workshop, ("Salt", "a little"));
        await host.Apply(new(PluginAction.Install, "hello"), Admin, Cancellation);
        workshop.Add("ledger-two.nupkg", "ledger", Workshop.Package("LedgerTwo"), "2.0.0");

        host = await workshop.Start();

        host.Of("ledger").IsRefused.ShouldBeTrue();
        host.ShouldRun("hello");
        workshop.Engine.Model.Whole.Type("Entry").ShouldNotBeNull();
    }

    private static async Task<PluginHost> Begun(Workshop workshop, params (string Subject, string? Amount)[] entries)
    {
        var host = await workshop.Start();
        await host.Apply(Workshop.Install("LedgerOne"), Admin, Cancellation);
        var commit = Commit.New();
        foreach (var (subject, amount) in entries)
            commit = commit.And(new Edit.Create("Entry", EntityId.New(), Values.Of(("subject", subject), ("amountText", amount))));
        await workshop.Engine.Commit(commit, Admin, Cancellation);
        return host;
    }

    private static async Task<string[]> Entries(Workshop workshop)
    {
        var found = await workshop.Engine.As(Admin).Query(new Query("Entry") { Orders = [new("title")], Includes = [new("page")] }, Cancellation);
        return [.. found.Entities.Select(e => $"{Value(e, "title")} {Value(e, "amount"):0.##} on {string.Join(',', e.Related["page"].Select(p => p.Other!.DisplayName))}")];

        static object? Value(Entity entity, string field) => entity.Values.TryGet(field, out var value) ? value : null;
    }
}
