using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

public sealed class SwapTests
{
    private static readonly EntityType Bench = EntityType.Named("Bench", Label.Of("Banc", "Bench")).Plural("benches", Label.Of("Bancs", "Benches"));
    private static readonly Field<string> Wood = Bench.Text("wood", Label.Of("Bois", "Wood"));

    private static readonly ModelDescription Parks = new ModelBuilder("parks").Add(Bench).Extend(ExtendedPerson()).Build();

    [Fact]
    public async Task A_new_model_is_a_new_schema_and_the_old_one_is_gone()
    {
        await using var server = await TownServer.Filled();
        const string query = "{ benches { nodes { wood } } persons(first: 1) { nodes { parks_bench } } }";
        (await server.Ask(query))["errors"].ShouldNotBeNull();
        await server.Engine.ChangeModel([Town.Description, Parks], Actor.System, TestContext.Current.CancellationToken);
        (await server.Ask(query)).ToJsonString().ShouldBe("""{"data":{"benches":{"nodes":[]},"persons":{"nodes":[{"parks_bench":null}]}}}""");
        (await server.Ask("mutation { createBench(input: { wood: \"oak\" }) { bench { wood } } }"))["data"]!.ToJsonString().ShouldBe("""{"createBench":{"bench":{"wood":"oak"}}}""");
        await server.Engine.ChangeModel([Town.Description], Actor.System, TestContext.Current.CancellationToken);
        (await server.Ask(query))["errors"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_request_in_flight_finishes_on_the_model_it_started_with()
    {
        await using var server = await TownServer.Filled();
        await server.Engine.ChangeModel([Town.Description, Parks], Actor.System, TestContext.Current.CancellationToken);
        var reached = new TaskCompletionSource();
        var swapped = new TaskCompletionSource();
        server.Store.BeforeRead = async _ =>
        {
            server.Store.BeforeRead = null;
            reached.SetResult();
            await swapped.Task;
        };
        var flight = server.Ask("{ persons(first: 1, order: [{ id: ASC }]) { nodes { familyName parks_bench mandates { totalCount } } } }");
        await reached.Task;
        await server.Engine.ChangeModel([Town.Description], Actor.System, TestContext.Current.CancellationToken);
        server.Service.SchemaText.ShouldNotContain("parks_bench");
        swapped.SetResult();
        (await flight)["data"]!["persons"]!["nodes"]![0]!["parks_bench"].ShouldBeNull();
        (await flight)["errors"].ShouldBeNull();
    }

    [Fact]
    public async Task Requests_while_the_model_is_swapped_again_and_again_all_succeed()
    {
        await using var server = await TownServer.Filled();
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var answers = new List<JsonNode>();
            do
                answers.Add(await server.Ask("{ persons { totalCount nodes { familyName mandates { nodes { mandateType } } } } }"));
            while (!stop.IsCancellationRequested);
            return answers;
        })).ToArray();
        for (var i = 0; i < 6; i++)
            await server.Engine.ChangeModel(i % 2 == 0 ? [Town.Description, Parks] : [Town.Description], Actor.System, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        foreach (var answers in await Task.WhenAll(readers))
            answers.ShouldAllBe(a => a["errors"] == null && a["data"]!["persons"]!["totalCount"]!.GetValue<int>() == 4);
    }

    private static TypeExtension ExtendedPerson()
    {
        var extension = Town.Person.ExtendedBy("parks");
        extension.Text("bench", Label.Of("Banc préféré", "Favourite bench"));
        return extension;
    }
}
