using Hello;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Hello.Tests;

public class GreetingTests
{
    [Fact]
    public Task A_greeting_without_a_text_is_given_one_and_one_with_a_text_keeps_it() => Scenario.With(new HelloPlugin())
        .Given("short", Greeting.Type, Values.None.With(Greeting.Name, "Zoé"))
        .Given("long", Greeting.Type, Values.None.With(Greeting.Name, "Zoé").With(Greeting.Text, "Bonsoir."))
        .Then("short", Greeting.Text, "Bonjour Zoé !")
        .Then("long", Greeting.Text, "Bonsoir.")
        .When("the text is taken away", s => Commit.New().Change(s["long"], Greeting.Text, null))
        .Then("long", Greeting.Text, "Bonjour Zoé !")
        .Run();

    [Fact]
    public Task Greeters_greet_and_others_see_nothing() => Scenario.With(new HelloPlugin())
        .When("a greeter greets", _ => Commit.New().Create(Greeting.Type, Values.None.With(Greeting.Name, "Zoé")), Actor.Of("user:1", "greeter"))
        .Then("a greeter sees it", async s => (await s.Xrm.As("greeter").Query(Query.For(Greeting.Type))).Entities.Length == 1)
        .Then("nobody else does", async s => (await s.Xrm.As("agent").Query(Query.For(Greeting.Type))).Entities.IsEmpty)
        .ThenRefused("a greeting to nobody", _ => Commit.New().Create(Greeting.Type, Values.None), "required")
        .Run();
}
