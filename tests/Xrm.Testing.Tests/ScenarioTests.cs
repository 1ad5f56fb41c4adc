using Xrm.Sdk;

namespace Xrm.Testing.Tests;

public sealed class ScenarioTests
{
    private static readonly Scenario Crewed = Scenario.With(new HarbourPlugin(), new CrewPlugin())
        .Given("Marie", Boat.Type, Values.None.With(Boat.Name, "Marie"))
        .Given("Zoé", Sailor.Type, Values.None.With(Sailor.Name, "Zoé"))
        .Related("Zoé", Sailor.SailsOn, "Marie");

    [Fact]
    public Task A_scenario_goes_through_its_steps() => Crewed
        .Then("Marie", Boat.Port, "Nulle-Part")
        .ThenRelated("Zoé", Sailor.SailsOn.Source, "Marie")
        .ThenRelated("Marie", Sailor.SailsOn.Target, "Zoé")
        .When("Marie is renamed twice", s => Commit.New().Change(s["Marie"], Boat.Name, "Anne"))
        .When("and by the harbour master", s => Commit.New().Change(s["Marie"], Boat.Name, "Anne II"), Actor.Of("user:h", "harbourMaster"))
        .Then("Marie", Boat.Name, "Anne II")
        .ThenRefused("a bad name", s => Commit.New().Change(s["Marie"], Boat.Name, "Titanic"), "luck")
        .ThenFinds("the boats of nobody", _ => Query.For(Boat.Type), [], Actor.Of("user:n", "nobody"))
        .TimePasses(hours: 1)
        .Then("the hour was counted", async s => (await s.Xrm.Query(Query.For(Boat.Type))).Length == 2)
        .ThenAnswers("{ boat: boats(where: { name: { startsWith: \"Counted\" } }) { nodes { name } } }", """{ "boat": { "nodes": [{ "name": "Counted 1" }] } }""")
        .When("the harbour is closed", s => s.Xrm.Remove("harbour"))
        .ThenFinds("the sailors left", _ => Query.For(Sailor.Type), ["Zoé"])
        .Run();

    [Fact]
    public async Task A_failure_tells_all_steps_what_was_expected_and_what_was_there()
    {
        var failure = await Should.ThrowAsync<ScenarioFailure>(() => Crewed.Then("Marie", Boat.Name, "Anne").TimePasses(days: 2, hours: 1).Run());

        failure.Message.ShouldBe("""
            Step 4 of 5 went wrong:
              1. given Marie, a Boat with name = "Marie"
              2. given Zoé, a Person with name = "Zoé"
              3. given Zoé SailsOn Marie
            > 4. then Marie has name = "Anne"
                 but it is "Marie"
              5. when 2 days, 1 hour pass
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Each_kind_of_expectation_can_fail()
    {
        (string Reason, Scenario Scenario)[] wrong =
        [
            ("but it is [Marie]", Crewed.ThenRelated("Zoé", Sailor.SailsOn.Source)),
            ("but it is [Marie]", Crewed.ThenFinds("boats", _ => Query.For(Boat.Type), ["Marie", "Anne"])),
            ("but it was done", Crewed.ThenRefused("a good name", s => Commit.New().Change(s["Marie"], Boat.Name, "Anne"), "luck")),
            ("but it was refused because of name (luck)", Crewed.ThenRefused("a bad name", s => Commit.New().Change(s["Marie"], Boat.Name, "Titanic"), "required")),
            ("but it is {\"boats\":{\"totalCount\":1}}", Crewed.ThenAnswers("{ boats { totalCount } }", """{ "boats": { "totalCount": 2 } }""")),
            ("but it was not so", Crewed.Then("pigs fly", _ => Task.FromResult(false))),
            ("but This name brings bad luck.", Crewed.When("a bad name is given", s => Commit.New().Change(s["Marie"], Boat.Name, "Titanic"))),
            ("but there is no \"Anne\"; there are: Marie, Zoé", Crewed.Then("Anne", Boat.Name, "Anne")),
        ];
        foreach (var (reason, scenario) in wrong)
            (await Should.ThrowAsync<ScenarioFailure>(scenario.Run)).Message.ShouldContain(reason);
    }
}
