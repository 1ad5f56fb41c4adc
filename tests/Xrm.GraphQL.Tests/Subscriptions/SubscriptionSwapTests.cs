using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Subscriptions;

/// <summary>Models that are swapped under open subscriptions.</summary>
public sealed class SubscriptionSwapTests
{
    private static readonly string Person = $$"""subscription { person(id: "{{TownServer.Id(1)}}") { givenName } }""";
    private static readonly string Walker = $$"""subscription { person(id: "{{TownServer.Id(1)}}") { givenName parks_bench } }""";
    private static readonly ModelDescription Benches = Build();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_is_valid_in_the_new_model_goes_on_and_tells_what_is_new()
    {
        await using var server = await TownServer.Filled();
        using var changes = await Subscriber.Start(server, "subscription { changes { type field } }");
        using var person = await Subscriber.Start(server, Person);
        await person.Next();

        await Put(server, Town.Description, Benches);
        await server.Engine.Commit(Commit.New().Create(Parks.Bench, TownServer.At(81), Values.None.With(Parks.Wood, "oak")), TownServer.Admin, Cancellation);
        (await changes.Next("changes"))!.ToJsonString().ShouldBe("""{"type":"Model","field":null}""");
        (await changes.Next("changes"))!.ToJsonString().ShouldBe("""{"type":"Bench","field":"wood"}""");
        await person.Tells("person", () => Name(server, 1, "Zora"), """{"givenName":"Zora"}""");
        await Put(server, Town.Description);
        await person.Tells("person", () => Name(server, 2, "Zoë"), """{"givenName":"Zo\u00EB"}""");
    }

    [Fact]
    public async Task One_that_is_not_valid_in_the_new_model_ends_and_says_why()
    {
        await using var server = await TownServer.Filled();
        await Put(server, Town.Description, Benches);
        using var person = await Subscriber.Start(server, Walker);
        await person.Next();
        var end = person.End();

        await Put(server, Town.Description);

        var errors = await end;
        errors[0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"INVALID","rule":"model"}""");
        errors[1]!["message"]!.GetValue<string>().ShouldContain("parks_bench");
        errors[1]!["locations"].ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_written_while_the_model_is_swapped_again_and_again_is_told_once()
    {
        await using var server = await TownServer.Filled(new() { Streams = new() { Ahead = 300 } });
        using var changes = await Subscriber.Start(server, "subscription { changes(types: [\"Address\"]) { after } }");
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 120; i++)
                await server.Engine.Commit(Commit.New().Create(Town.Address, EntityId.New(), Values.None.With(Town.City, $"C{i}")), TownServer.Admin, Cancellation);
        }, Cancellation);
        var swapping = Task.Run(async () =>
        {
            for (var i = 0; i < 6; i++)
                await (i % 2 == 0 ? Put(server, Town.Description, Benches) : Put(server, Town.Description));
        }, Cancellation);

        for (var i = 0; i < 120; i++)
            (await changes.Next("changes"))!["after"]!.GetValue<string>().ShouldBe($"C{i}");
        await Task.WhenAll(writing, swapping);
    }

    [Fact]
    public async Task What_was_in_force_is_let_go_of_while_subscriptions_wait()
    {
        await using var server = await TownServer.Filled();
        await Put(server, Town.Description, Benches);
        using var changes = await Subscriber.Start(server, "subscription { changes { type } }");
        using var person = await Subscriber.Start(server, Person);
        await person.Next();
        var waiting = (Task<JsonNode>[])[changes.Next(), person.Next()];
        var force = InForce(server);
        await Put(server, Town.Description);
        (await waiting[0])["changes"]!["type"]!.GetValue<string>().ShouldBe("Model");

        for (var i = 0; i < 100 && force.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(10, Cancellation);
        }

        force.IsAlive.ShouldBeFalse();
        waiting[1].IsCompleted.ShouldBeFalse();
        await Name(server, 1, "Zora");
        (await waiting[1])["person"]!["givenName"]!.GetValue<string>().ShouldBe("Zora");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference InForce(TownServer server) => new(server.Engine.Force);

    private static async Task Put(TownServer server, params ModelDescription[] descriptions) => await server.Engine.ChangeModel([.. descriptions], Actor.System, Cancellation);

    private static async Task Name(TownServer server, int version, string name) =>
        await server.Engine.Commit(Commit.New().And(new Edit.Update("Person", TownServer.At(1), version, Values.None.With(Town.GivenName, name))), TownServer.Admin, Cancellation);

    private static ModelDescription Build()
    {
        var extension = Town.Person.ExtendedBy("parks");
        extension.Text("bench", Label.Of("Banc préféré", "Favourite bench"));
        return new ModelBuilder("parks").Add(Parks.Bench).Extend(extension).Build();
    }
}
