using System.Collections.Immutable;
using System.Text;
using Xrm.Sdk;

namespace Xrm.PluginLoading.Tests;

/// <summary>Each place where a plugin takes part, with a plugin that was packed and loaded.</summary>
public sealed class HooksTests
{
    private static readonly Actor Clerk = Actor.Of("user:clerk", Role.Administrator);

    [Fact]
    public async Task The_Saving_hook_sets_fields_of_what_is_saved()
    {
        await using var workshop = new Workshop().With("Hello");
        await workshop.Start("hello");
        var greeting = await Created(workshop, "Greeting", ("name", "Zoé"));
        Text(greeting, "text").ShouldBe("Bonjour Zoé !");
    }

    [Fact]
    public async Task The_Saving_hook_has_the_plugins_own_services()
    {
        await using var workshop = new Workshop().With("Ground");
        await workshop.Start("ground");
        var place = await Created(workshop, "Place", ("name", "Mairie"));
        Text(place, "keeper").ShouldNotBeNull().ShouldStartWith("gardener of 2");
    }

    [Fact]
    public async Task The_Saving_hook_of_a_plugin_that_throws_refuses_the_commit_and_the_others_go_on()
    {
        await using var workshop = new Workshop().With("Hello", "ThrowsInHook");
        var host = await workshop.Start("hello", "throws-in-hook");
        var problem = await Should.ThrowAsync<Problem>(() => Created(workshop, "Snag", ("text", "a nail")));
        problem.Code.ShouldBe(ProblemCode.Internal);
        var fault = problem.Faults.ShouldHaveSingleItem();
        fault.Message.En.ShouldContain("throws-in-hook");
        fault.Message.En.ShouldNotContain("torn by");
        host.ShouldRun("hello", "throws-in-hook");
        Text(await Created(workshop, "Greeting", ("name", "Ana")), "text").ShouldBe("Bonjour Ana !");
        (await workshop.Engine.As(Clerk).Query(new Query("Snag"), TestContext.Current.CancellationToken)).Entities.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_Saving_hook_is_gone_with_its_plugin()
    {
        await using var workshop = new Workshop().With("Hello");
        var host = await workshop.Start("hello");
        await host.DisposeAsync();
        Text(await Created(workshop, "Greeting", ("name", "Zoé")), "text").ShouldBeNull();
    }

    [Fact]
    public async Task The_Saved_hook_is_told_once_of_what_was_written_and_its_failure_reaches_nobody()
    {
        await using var workshop = new Workshop().With("Hello");
        await workshop.Start("hello");
        var told = new List<Receipt>();
        var hooks = new Hooks();
        hooks.Saved("Greeting").Add((receipt, _) =>
        {
            told.Add(receipt);
            throw new InvalidOperationException("the mail is down");
        });
        using var attached = workshop.Engine.Attach("listener", hooks);
        var commit = Commit.New().And(new Edit.Create("Greeting", EntityId.New(), Values.Of(("name", "Zoé"))));
        var first = await workshop.Engine.Commit(commit, Clerk, TestContext.Current.CancellationToken);
        var again = await workshop.Engine.Commit(commit, Clerk, TestContext.Current.CancellationToken);
        again.IsReplay.ShouldBeTrue();
        told.ShouldHaveSingleItem().Written.ShouldBe(first.Written);
        first.Written.ShouldHaveSingleItem().Type.ShouldBe("Greeting");
    }

    [Fact]
    public async Task The_Imports_hook_brings_a_format_that_reads_a_file_and_writes_nothing()
    {
        await using var workshop = new Workshop().With("Ground");
        var host = await workshop.Start("ground");
        var format = host.Running.SelectMany(r => r.Hooks.Imports.Handlers).ShouldHaveSingleItem();
        format.Name.ShouldBe("places");

        var plan = await Read(workshop, format, "Mairie\nGare\n");
        plan.Report.Rows.ShouldBe(2);
        plan.Commit.Edits.Count.ShouldBe(2);
        (await Read(workshop, format, "Mairie\n")).Commit.Edits.Count.ShouldBe(1);

        await workshop.Engine.Commit(plan.Commit, Clerk, TestContext.Current.CancellationToken);
        (await Read(workshop, format, "Gare\nMairie\n")).Commit.Edits.ShouldBeEmpty();
    }

    private static async Task<ImportPlan> Read(Workshop workshop, ImportFormat format, string text)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await format.Read(new Import(file, "places.txt", ImmutableDictionary<string, string>.Empty, workshop.Engine.As(Clerk), new Progress<ImportProgress>()), TestContext.Current.CancellationToken);
    }

    private static async Task<Entity> Created(Workshop workshop, string type, params (string Field, object? Value)[] values)
    {
        var id = EntityId.New();
        await workshop.Engine.Commit(Commit.New().And(new Edit.Create(type, id, Values.Of(values))), Clerk, TestContext.Current.CancellationToken);
        var found = await workshop.Engine.As(Clerk).Query(new Query(type) { Filter = new Filter.Compare("id", Comparison.Equal, id) }, TestContext.Current.CancellationToken);
        return found.Entities.ShouldHaveSingleItem();
    }

    private static string? Text(Entity entity, string field) => entity.Values.TryGet(field, out var value) ? (string?)value : null;
}
