using System.Text.Json.Nodes;
using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.PluginLoading.Tests;

/// <summary>Plugins come, change and go while the engine serves.</summary>
public sealed class PluginLifeTests
{
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plugin_is_installed_into_a_running_engine_and_is_there_at_the_next_start()
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();
        workshop.Engine.Model.Type("Greeting").ShouldBeNull();

        var outcome = await host.Apply(Workshop.Install("Hello"), Admin, Cancellation);

        outcome.Status!.Condition.ShouldBe(PluginCondition.Running);
        outcome.IsUnloaded.ShouldBeNull();
        (await Greet(workshop, "Zoé")).ShouldBe("Bonjour Zoé !");
        host = await workshop.Start();
        host.ShouldRun("hello");
        (await Greet(workshop, "Ana")).ShouldBe("Bonjour Ana !");
    }

    [Fact]
    public async Task A_plan_tells_what_would_be_done_and_runs_no_code_of_the_package()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start();

        var plan = await host.Plan(Workshop.Install("ThrowsInConstructor"), Admin, Cancellation);

        plan.IsRefused.ShouldBeFalse();
        (plan.From, plan.To).ShouldBe((null, new PluginVersion(0, 1, 0)));
        var hello = await host.Plan(new(PluginAction.Install, "hello"), Admin, Cancellation);
        hello.TrustedBy.ShouldBe("bundled");
        hello.Permissions.Writes.ShouldBe(["Greeting"]);
        hello.Sha256!.Length.ShouldBe(64);
        workshop.Engine.Log.Head.ShouldBe(Cursor.Start);
        Directory.Exists(Path.Combine(workshop.Plugins, "code")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_plan_is_done_as_it_was_read_or_not_at_all()
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();
        var install = Workshop.Install("Hello");
        var plan = await host.Plan(install, Admin, Cancellation);
        await host.Apply(Workshop.Install("Ground"), Admin, Cancellation);

        var problem = await Should.ThrowAsync<Problem>(async () => await host.Apply(install with { Plan = plan.Hash }, Admin, Cancellation));

        problem.Code.ShouldBe(ProblemCode.Conflict);
        host.ShouldRun("ground");
        plan = await host.Plan(install, Admin, Cancellation);
        await host.Apply(install with { Plan = plan.Hash }, Admin, Cancellation);
        host.ShouldRun("ground", "hello");
    }

    [Theory]
    [InlineData("ThrowsInConstructor", "no key in the lock")]
    [InlineData("ThrowsInDescribe", "lost for words")]
    [InlineData("DescribesOtherwise", "something else than its manifest")]
    [InlineData("ThrowsInServices", "no tools in the box")]
    [InlineData("ThrowsInAttach", "no wind")]
    [InlineData("SameEntityTwice", "Echo")]
    [InlineData("Guest", "\"ground\"")]
    public async Task An_install_that_fails_leaves_model_store_and_files_as_they_were(string fixture, string reason)
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start("hello");
        var (model, head, files, states) = (workshop.Engine.Force, workshop.Engine.Log.Head, Files(workshop), host.States);

        var problem = await Should.ThrowAsync<Problem>(async () => await host.Apply(Workshop.Install(fixture), Admin, Cancellation));

        problem.Message.ShouldContain(reason);
        problem.Faults.ShouldAllBe(f => f.Message.Fr != f.Message.En);
        workshop.Engine.Force.ShouldBeSameAs(model);
        workshop.Engine.Log.Head.ShouldBe(head);
        Files(workshop).ShouldBe(files);
        host.States.ShouldBe(states);
        (await Greet(workshop, "Zoé")).ShouldBe("Bonjour Zoé !");
    }

    [Fact]
    public async Task A_store_that_cannot_write_leaves_all_as_it_was()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start("hello");
        var (model, files) = (workshop.Engine.Force, Files(workshop));
        workshop.Journal.FailNext();

        await Should.ThrowAsync<Problem>(async () => await host.Apply(Workshop.Install("Ground"), Admin, Cancellation));

        workshop.Engine.Force.ShouldBeSameAs(model);
        Files(workshop).ShouldBe(files);
        (await Greet(workshop, "Zoé")).ShouldBe("Bonjour Zoé !");
        await host.Apply(Workshop.Install("Ground"), Admin, Cancellation);
        host.ShouldRun("hello", "ground");
    }

    [Fact]
    public async Task A_start_takes_up_an_install_that_was_cut_short_between_list_and_store()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start("hello");
        var killed = Directory.CreateTempSubdirectory("xrm-killed-").FullName;
        // Where the store is about to write, the process ends: what is on disk then is what the next start finds.
        workshop.Journal.Appending = _ => Copy(workshop.Plugins, killed);
        workshop.Journal.FailNext();
        await Should.ThrowAsync<Problem>(async () => await host.Apply(Workshop.Install("Ground"), Admin, Cancellation));
        workshop.Journal.Appending = null;
        await host.DisposeAsync();
        Directory.Delete(workshop.Plugins, recursive: true);
        Directory.Move(killed, workshop.Plugins);

        host = await workshop.Start();

        host.ShouldRun("hello", "ground");
    }

    [Fact]
    public async Task A_disabled_plugin_is_out_of_the_model_until_it_is_enabled_and_its_data_wait()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start("hello");
        await Greet(workshop, "Zoé");

        await host.Apply(new(PluginAction.Disable, "hello"), Admin, Cancellation);
        workshop.Engine.Model.Type("Greeting").ShouldBeNull();
        workshop.Engine.Model.Whole.Type("Greeting").ShouldNotBeNull();
        host = await workshop.Start("hello");
        host.ShouldRun();
        var hello = host.Plugins.Single(p => p.Id == "hello");
        (hello.Condition, hello.Title.Fr).ShouldBe((PluginCondition.Disabled, "Bonjour"));

        await host.Apply(new(PluginAction.Enable, "hello"), Admin, Cancellation);
        (await workshop.Engine.As(Admin).Query(new Query("Greeting"), Cancellation)).Entities.ShouldHaveSingleItem();
        (await Greet(workshop, "Ana")).ShouldBe("Bonjour Ana !");
    }

    [Fact]
    public async Task A_removed_plugin_is_not_brought_back_by_the_settings_and_its_data_are_there_again_when_it_is_installed()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start("hello");
        await Greet(workshop, "Zoé");

        (await host.Apply(new(PluginAction.Remove, "hello"), Admin, Cancellation)).Status.ShouldBeNull();
        Directory.EnumerateFiles(Path.Combine(workshop.Plugins, "packages")).ShouldBeEmpty();
        host = await workshop.Start("hello");
        host.ShouldRun();

        await host.Apply(new(PluginAction.Install, "hello"), Admin, Cancellation);
        (await workshop.Engine.As(Admin).Query(new Query("Greeting"), Cancellation)).Entities.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_plugin_that_others_require_leaves_only_when_it_is_said_what_goes_with_it()
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();
        await host.Apply(Workshop.Install("Ground"), Admin, Cancellation);
        await host.Apply(Workshop.Install("Guest"), Admin, Cancellation);

        var problem = await Should.ThrowAsync<Problem>(async () => await host.Apply(new(PluginAction.Remove, "ground"), Admin, Cancellation));

        var fault = problem.Faults.ShouldHaveSingleItem();
        (fault.Field, fault.Rule).ShouldBe(("guest", "inUse"));
        fault.Message.En.ShouldContain("Visit");
        host.ShouldRun("ground", "guest");
        var outcome = await host.Apply(new(PluginAction.Remove, "ground") { Cascade = true }, Admin, Cancellation);
        outcome.Plan.Affected.ShouldBe(["guest"]);
        host.ShouldRun();
        host.Plugins.Single(p => p.Id == "guest").Condition.ShouldBe(PluginCondition.Disabled);

        await host.Apply(Workshop.Install("Ground"), Admin, Cancellation);
        await host.Apply(new(PluginAction.Enable, "guest"), Admin, Cancellation);
        host.ShouldRun("ground", "guest");
    }

    [Fact]
    public async Task An_update_reloads_those_that_use_its_code_in_the_same_swap()
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();
        await host.Apply(Workshop.Install("Ground"), Admin, Cancellation);
        await host.Apply(Workshop.Install("Guest"), Admin, Cancellation);
        var head = workshop.Engine.Log.Head;

        var outcome = await host.Apply(Workshop.Install("Ground", m => m["version"] = "0.1.1") with { Action = PluginAction.Update }, Admin, Cancellation);

        outcome.Plan.Affected.ShouldBe(["guest"]);
        workshop.Engine.Log.Head.Block.ShouldBe(head.Block + 1);
        host.Of("ground").Version.ShouldBe(new PluginVersion(0, 1, 1));
        var (ground, guest) = (host.Running.Single(r => r.Manifest.Id == "ground").Loaded.Code.Assembly, host.Running.Single(r => r.Manifest.Id == "guest").Loaded.Code.Assembly);
        guest.GetType("Guest.Visit")!.GetProperty("Seen")!.GetValue(null).ShouldBeSameAs(ground.GetType("Ground.Place")!.GetField("Type")!.GetValue(null));
    }

    [Fact]
    public async Task An_update_that_its_dependents_cannot_take_is_refused_and_names_them()
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();
        await host.Apply(Workshop.Install("Ground"), Admin, Cancellation);
        await host.Apply(Workshop.Install("Guest"), Admin, Cancellation);

        var plan = await host.Plan(Workshop.Install("Ground", m => m["version"] = "0.2.0") with { Action = PluginAction.Update }, Admin, Cancellation);

        plan.Refusals.ShouldHaveSingleItem().Message.En.ShouldContain("\"guest\" could no longer run");
    }

    [Fact]
    public async Task A_plugin_that_was_refused_for_want_of_another_runs_once_that_is_installed()
    {
        await using var workshop = new Workshop().With("Guest");
        var host = await workshop.Start("guest");
        host.ShouldBeRefused("guest", PluginPhase.Requirements, "not installed");

        await host.Apply(Workshop.Install("Ground"), Admin, Cancellation);

        host.ShouldRun("ground", "guest");
    }

    [Fact]
    public async Task A_package_that_nobody_trusts_is_refused_unless_somebody_answers_for_it_once()
    {
        await using var workshop = new Workshop();
        var host = await workshop.Start();

        var problem = await Should.ThrowAsync<Problem>(async () => await host.Apply(Workshop.Install("Hello") with { TrustOnce = false }, Admin, Cancellation));

        (problem.Code, problem.Faults.Single().Rule).ShouldBe((ProblemCode.Forbidden, "trust"));
        host.ShouldRun();
        var sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Workshop.Package("Hello")));
        host = await workshop.Start(workshop.Options() with { Trust = (_, hash) => new(hash == sha ? "hash" : null, []) });
        await host.Apply(Workshop.Install("Hello") with { TrustOnce = false }, Admin, Cancellation);
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task Only_an_administrator_changes_plugins()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start("hello");
        var clerk = Actor.Of("user:clerk", "greeter");

        (await Should.ThrowAsync<Problem>(async () => await host.Plan(new(PluginAction.Remove, "hello"), clerk, Cancellation))).Code.ShouldBe(ProblemCode.Forbidden);
        (await Should.ThrowAsync<Problem>(async () => await host.Apply(new(PluginAction.Remove, "hello"), clerk, Cancellation))).Code.ShouldBe(ProblemCode.Forbidden);
        host.ShouldRun("hello");
    }

    [Theory]
    [InlineData(nameof(PluginAction.Disable), "nowhere", "no plugin \"nowhere\"")]
    [InlineData(nameof(PluginAction.Enable), "hello", "enabled already")]
    [InlineData(nameof(PluginAction.Restore), "hello", "no version")]
    [InlineData(nameof(PluginAction.Install), "hello", "installed already")]
    [InlineData(nameof(PluginAction.Update), "hello", "is the one that is installed")]
    [InlineData(nameof(PluginAction.Remove), "ground", "not installed")]
    public async Task What_cannot_be_done_is_told(string action, string id, string reason)
    {
        await using var workshop = new Workshop().With("Hello", "Ground");
        var host = await workshop.Start("hello");

        var problem = await Should.ThrowAsync<Problem>(async () => await host.Apply(new(Enum.Parse<PluginAction>(action), id), Admin, Cancellation));

        problem.Message.ShouldContain(reason);
        host.ShouldRun("hello");
    }

    [Fact]
    public async Task A_request_that_began_before_a_swap_ends_on_what_it_began_with()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start("hello");
        await Greet(workshop, "Zoé");
        var reader = workshop.Engine.Read(Admin);

        await host.Apply(new(PluginAction.Remove, "hello") { AwaitsUnload = false }, Admin, Cancellation);

        reader.Model.Type("Greeting").ShouldNotBeNull();
        reader.Force.Attachments.ShouldHaveSingleItem().Plugin.ShouldBe("hello");
        var rows = await reader.Read(new Core.Plans.ReadStep.List { Views = [Core.Plans.TypeView.Of(reader.Model.Type("Greeting")!)] }, Cancellation);
        reader.DisplayName(rows.Items.ShouldHaveSingleItem()).ShouldBe("Zoé");
        reader.Dispose();
    }

    [Fact]
    public async Task Hooks_of_a_plugin_that_left_run_no_more()
    {
        await using var workshop = new Workshop().With("Ground");
        var host = await workshop.Start("ground");
        workshop.Engine.Force.Attachments.ShouldHaveSingleItem();

        await host.Apply(new(PluginAction.Disable, "ground"), Admin, Cancellation);

        workshop.Engine.Force.Attachments.ShouldBeEmpty();
        host.Running.ShouldBeEmpty();
    }

    private static async Task<string?> Greet(Workshop workshop, string name)
    {
        var id = EntityId.New();
        await workshop.Engine.Commit(Commit.New().And(new Edit.Create("Greeting", id, Values.Of(("name", name)))), Admin, Cancellation);
        var found = await workshop.Engine.As(Admin).Query(new Query("Greeting") { Filter = new Filter.Compare("id", Comparison.Equal, id) }, Cancellation);
        return found.Entities.Single().Values.TryGet("text", out var text) ? (string?)text : null;
    }

    internal static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string[] Files(Workshop workshop) =>
        [.. Directory.EnumerateFiles(workshop.Plugins, "*", SearchOption.AllDirectories).Select(f => f + " " + (f.EndsWith(".json", StringComparison.Ordinal) ? File.ReadAllText(f) : new FileInfo(f).Length)).Order(StringComparer.Ordinal)];
}
