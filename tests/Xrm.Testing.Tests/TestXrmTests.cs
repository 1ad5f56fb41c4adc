using Microsoft.Extensions.Logging;
using Xrm.Sdk;

namespace Xrm.Testing.Tests;

public sealed class TestXrmTests
{
    [Fact]
    public async Task A_plugin_has_its_settings_and_its_services_and_they_go_with_it()
    {
        var disposed = HarbourPlugin.Register.Disposed.Value = [];
        await using (var xrm = await TestXrm.With([new HarbourPlugin()], new TestOptions { Settings = new Dictionary<string, string> { ["harbour/port"] = "Val-Doré", ["other/port"] = "-" } }))
        {
            (await xrm.Create(Boat.Type, (Boat.Name, "Marie"))).Get(Boat.Port).ShouldBe("Val-Doré");
            disposed.ShouldBeEmpty();
        }
        disposed.ShouldBe(["register"]);
    }

    [Fact]
    public async Task What_is_logged_is_kept()
    {
        await using var xrm = await TestXrm.With(new HarbourPlugin { Greeting = Label.Of("Port", "The harbour") });

        xrm.Log.ShouldContain(l => l.Level == LogLevel.Information && l.Message == "The harbour runs");
    }

    [Fact]
    public async Task A_plugin_reaches_what_it_asked_for_and_nothing_else()
    {
        var crew = new CrewPlugin();
        await using var xrm = await TestXrm.With(new HarbourPlugin(), crew);

        await crew.Context!.Xrm.Commit(Commit.New().Create(Sailor.Type, Values.None.With(Sailor.Name, "Zoé")));
        var refused = await Should.ThrowAsync<Problem>(() => crew.Context.Xrm.Commit(Commit.New().Create(Boat.Type, Values.None.With(Boat.Name, "Marie"))).AsTask());

        refused.Code.ShouldBe(ProblemCode.Forbidden);
        (await xrm.AsPlugin("crew").Query(Query.For(Sailor.Type))).Entities.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Optional_parts_appear_when_the_other_plugin_arrives_and_are_parked_when_it_goes()
    {
        await using var xrm = await TestXrm.With(new CrewPlugin());
        var zoe = await xrm.Create(Sailor.Type, (Sailor.Name, "Zoé"));
        await xrm.Add(new HarbourPlugin());
        var marie = await xrm.Create(Boat.Type, (Boat.Name, "Marie"));
        await xrm.Commit(Commit.New().Relate(zoe.Id, Sailor.SailsOn, marie.Id));
        var sailors = Query.For(Sailor.Type).With(Sailor.SailsOn.Source);
        (await xrm.Query(sailors)).Single().Get(Sailor.SailsOn.Source).ShouldHaveSingleItem();

        await xrm.Remove("harbour");
        await Should.ThrowAsync<Problem>(() => xrm.Query(sailors));
        (await xrm.Get("harbour/boats")).Status.ShouldBe(404);

        await xrm.Add(new HarbourPlugin());
        (await xrm.Query(sailors)).Single().Get(Sailor.SailsOn.Source).Single().Other!.DisplayName.ShouldBe("Marie");
    }

    [Fact]
    public async Task A_plugin_that_does_not_fit_leaves_all_as_it_was()
    {
        var disposed = HarbourPlugin.Register.Disposed.Value = [];
        await using var xrm = await TestXrm.With(new HarbourPlugin());

        await Should.ThrowAsync<Problem>(() => xrm.Add(new HarbourPlugin()));

        disposed.ShouldBe(["register"]);
        (await xrm.Create(Boat.Type, (Boat.Name, "Marie"))).Get(Boat.Port).ShouldBe("Nulle-Part");
        Should.Throw<ArgumentException>(() => xrm.AsPlugin("crew"));
    }

    [Fact]
    public async Task Roles_and_administrators_ask_in_graphql()
    {
        await using var xrm = await TestXrm.With<HarbourPlugin>();

        (await xrm.Ask("""mutation { createBoat(input: { name: "Titanic" }) { boat { id } } }"""))["errors"]![0]!["message"]!.GetValue<string>().ShouldBe("This name brings bad luck.");
        (await xrm.Ask("mutation($n: String!) { createBoat(input: { name: $n }) { boat { port } } }", new() { ["n"] = "Marie" }, Actor.Of("user:h", "harbourMaster")))["data"]!["createBoat"]!["boat"]!["port"]!.GetValue<string>().ShouldBe("Nulle-Part");
        (await xrm.Ask("{ boats { nodes { name } } }"))["data"]!.ToJsonString().ShouldBe("""{"boats":{"nodes":[{"name":"Marie"}]}}""");
    }

    [Fact]
    public async Task The_Exports_hook_writes_what_the_Imports_hook_reads_as_the_commands_do()
    {
        await using var xrm = await TestXrm.With<HarbourPlugin>();

        (await xrm.PlanImport("boats", new MemoryStream("Marie\n"u8.ToArray()))).Commit.Edits.Count.ShouldBe(1);
        var first = await xrm.Import("boats", "Marie\nAnne\n");
        var again = await xrm.Import("boats", "Marie\nAnne\n");
        await xrm.Import("boats", "Zoé", new Dictionary<string, string> { ["fleet"] = " II" });
        var file = await xrm.Export("boats");

        (first.Report.Rows, first.Receipt!.Written.Length, first.Receipt.Actor).ShouldBe((2, 2, "operator:1000"));
        (again.Commit.Edits.Count, again.Receipt).ShouldBe((0, null));
        (file.Text, file.Count).ShouldBe(("Anne\nMarie\nZoé II\n", 3));
    }

    [Fact]
    public async Task A_format_or_option_that_is_not_known_and_an_edit_that_was_not_asked_for_are_refused()
    {
        await using var xrm = await TestXrm.With(new HarbourPlugin(), new CrewPlugin());

        (await Should.ThrowAsync<Problem>(() => xrm.Import("ships", ""))).Message.ShouldContain("There are: boats");
        (await Should.ThrowAsync<Problem>(() => xrm.Export("boats", new Dictionary<string, string> { ["x"] = "" }))).Faults.Single().Field.ShouldBe("x");
        (await Should.ThrowAsync<Problem>(() => xrm.Import("boats", "Person"))).Code.ShouldBe(ProblemCode.Forbidden);
    }
}
