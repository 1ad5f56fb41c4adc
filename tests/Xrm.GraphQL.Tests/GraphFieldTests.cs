using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

public sealed class GraphFieldTests
{
    private static readonly GraphResult Text = new GraphResult.Value(Shape.Text);
    private static readonly GraphResult Persons = new GraphResult.Things(Town.Person, IsMany: true);

    private readonly List<string> _calls = [];

    [Fact]
    public async Task The_GraphFields_hook_is_called_once_for_all_entities_of_a_level_and_distinct_arguments()
    {
        await using var server = await TownServer.Filled();
        Parks.Attach(server, hooks => hooks.GraphFields.Add(new GraphField("greeting", Label.Of("Salut", "Greeting"), Text, Greet)
        {
            On = Town.Person,
            Arguments = [new("word", Shape.Text, Label.Of("mot", "word"), IsRequired: true), new("times", Shape.Integer, Label.Of("fois", "times"))],
        }), "green-parks");

        await server.Hold("""
            { persons(order: [{ id: ASC }], first: 2) {
                nodes { green_parks_greeting(word: "hi") same: green_parks_greeting(times: null, word: "hi") other: green_parks_greeting(word: "ho", times: 2) }
                edges { node { green_parks_greeting(word: "hi") } } } }
            """, """
            {"data":{"persons":{
                "nodes":[{"green_parks_greeting":"hi Zoé","same":"hi Zoé","other":"ho ho Zoé"},{"green_parks_greeting":"hi Nathalie","same":"hi Nathalie","other":"ho ho Nathalie"}],
                "edges":[{"node":{"green_parks_greeting":"hi Zoé"}},{"node":{"green_parks_greeting":"hi Nathalie"}}]}}}
            """);
        _calls.ShouldBe(["hi × 1 to 2 by user:admin", "ho × 2 to 2 by user:admin"]);
        (await server.Ask("{ persons { nodes { green_parks_greeting } } }"))["errors"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Things_that_it_names_are_read_in_one_batch_for_a_level_and_go_on_below()
    {
        await using var server = await TownServer.Filled();
        Parks.Attach(server, hooks =>
        {
            hooks.GraphFields.Add(Named("neighbours", Persons, 2, 3, 4, 99) with { On = Town.Person });
            hooks.GraphFields.Add(Named("friend", new GraphResult.Things(Town.Person), 2) with { On = Town.Person });
        });
        server.Store.Reads = 0;
        await server.Hold("{ persons(order: [{ id: ASC }], first: 2) { nodes { parks_neighbours { givenName mandates { nodes { mandateType } } } parks_friend { familyName } } } }", """
            {"data":{"persons":{"nodes":[
                {"parks_neighbours":[{"givenName":"Nathalie","mandates":{"nodes":[{"mandateType":"municipal"}]}},{"givenName":"Gérard","mandates":{"nodes":[{"mandateType":"municipal"}]}},{"givenName":"Joseph","mandates":{"nodes":[]}}],"parks_friend":{"familyName":"APPÉRÉ"}},
                {"parks_neighbours":[{"givenName":"Nathalie","mandates":{"nodes":[{"mandateType":"municipal"}]}},{"givenName":"Gérard","mandates":{"nodes":[{"mandateType":"municipal"}]}},{"givenName":"Joseph","mandates":{"nodes":[]}}],"parks_friend":{"familyName":"APPÉRÉ"}}]}}}
            """);
        server.Store.Reads.ShouldBe(4);
    }

    [Fact]
    public async Task Things_that_whoever_asks_may_not_see_are_null_or_left_out()
    {
        await using var server = await TownServer.Filled();
        Parks.Attach(server, hooks =>
        {
            hooks.GraphFields.Add(Named("boss", new GraphResult.Things(Town.Organisation), 41) with { On = Town.Person });
            hooks.GraphFields.Add(Named("bosses", new GraphResult.Things(Town.Organisation, IsMany: true), 41, 41) with { On = Town.Person });
            hooks.GraphFields.Add(Named("bosses", new GraphResult.Things(Town.Organisation, IsMany: true), 41));
            hooks.GraphFields.Add(Named("boss", new GraphResult.Things(Town.Organisation), 41));
        });
        const string query = "{ person(id: \"#1\") { parks_boss { siren } parks_bosses { siren } } parks_boss { siren } parks_bosses { siren } }";
        await server.Hold(query, """{"data":{"person":{"parks_boss":{"siren":"123456789"},"parks_bosses":[{"siren":"123456789"},{"siren":"123456789"}]},"parks_boss":{"siren":"123456789"},"parks_bosses":[{"siren":"123456789"}]}}""");
        await server.Hold(query, """{"data":{"person":{"parks_boss":null,"parks_bosses":[]},"parks_boss":null,"parks_bosses":[]}}""", asReader: true);
    }

    [Fact]
    public async Task It_reads_as_whoever_asks_as_far_as_its_plugin_was_granted_and_writes_nothing()
    {
        await using var server = await TownServer.Filled();
        Parks.Attach(server, hooks =>
        {
            hooks.GraphFields.Add(new GraphField("emails", Label.Of("Courriels", "E-mails"), new GraphResult.Value(Shape.Text, IsMany: true), async (call, cancellation) =>
                call.Put(0, (await call.Xrm.Query(Query.For(Town.Person), cancellation)).Entities.Select(p => p.Get(Town.Email)).OfType<object>().ToImmutableArray())));
            hooks.GraphFields.Add(new GraphField("cities", Label.Of("Villes", "Cities"), Text, async (call, cancellation) => await call.Xrm.Query(Query.For(Town.Address), cancellation)));
            hooks.GraphFields.Add(new GraphField("write", Label.Of("Écrire", "Write"), Text, async (call, cancellation) => await call.Xrm.Commit(Commit.New(), cancellation)));
        }, granted: new() { Reads = ["Person"] });
        await server.Hold("{ parks_emails }", """{"data":{"parks_emails":["zoe@example.org"]}}""");
        await server.Hold("{ parks_emails }", """{"data":{"parks_emails":[]}}""", asReader: true);
        var answer = await server.Ask("{ parks_cities parks_write }");
        answer["data"]!.ToJsonString().ShouldBe("""{"parks_cities":null,"parks_write":null}""");
        answer["errors"]!.AsArray().Select(e => e!["extensions"]!["code"]!.GetValue<string>()).ShouldBe(["FORBIDDEN", "INTERNAL"]);
    }

    [Fact]
    public async Task Arguments_and_values_have_every_shape()
    {
        await using var server = await TownServer.Filled();
        Parks.Attach(server, hooks =>
        {
            foreach (var shape in Enum.GetValues<Shape>())
                hooks.GraphFields.Add(Parks.Field($"echo{shape}", new GraphResult.Value(shape, IsMany: true), call => call.Arguments.TryGet("value", out var value) ? ImmutableArray.Create(value!, value!) : null) with
                {
                    Arguments = [new("value", shape, Label.Of("valeur", "value"))],
                });
        });
        await server.Hold("""
            query($json: JSON = [1, "1"]) { parks_echoText(value: "é\"") parks_echoBoolean(value: true) parks_echoInteger(value: 7) parks_echoDecimal(value: "1.50") parks_echoDate(value: "2026-01-05")
              parks_echoDateTime(value: "2026-01-05T09:00:00+01:00") parks_echoDuration(value: "PT90M") parks_echoJson(value: $json) none: parks_echoText(value: null) }
            """, """
            {"data":{"parks_echoText":["é\"","é\""],"parks_echoBoolean":[true,true],"parks_echoInteger":[7,7],"parks_echoDecimal":["1.5","1.5"],"parks_echoDate":["2026-01-05","2026-01-05"],
              "parks_echoDateTime":["2026-01-05T08:00:00.000Z","2026-01-05T08:00:00.000Z"],"parks_echoDuration":["PT1H30M","PT1H30M"],"parks_echoJson":[[1,"1"],[1,"1"]],"none":null}}
            """);
    }

    [Fact]
    public async Task What_fails_is_null_and_told_or_plainly_null_as_the_plugin_said()
    {
        await using var server = await TownServer.Filled();
        Parks.Attach(server, hooks =>
        {
            hooks.GraphFields.Add(Parks.Field("broken", Text, _ => throw new InvalidOperationException("secret")) with { On = Town.Person });
            hooks.GraphFields.Add(Parks.Field("broken", Text, _ => throw new InvalidOperationException("secret")));
            hooks.GraphFields.Add(Parks.Field("quiet", Text, _ => throw new InvalidOperationException()) with { On = Town.Person }, WhenFailing.GoOn);
            hooks.GraphFields.Add(Parks.Field("quiet", Persons, _ => throw new InvalidOperationException()), WhenFailing.GoOn);
            hooks.GraphFields.Add(Parks.Field("misshapen", Text, _ => 5));
            hooks.GraphFields.Add(Parks.Field("nobody", Persons, _ => ImmutableArray.Create<object>("me")));
            hooks.GraphFields.Add(Parks.Field("refused", Text, _ => throw new Problem(ProblemCode.Unavailable, Label.Of("Plus tard.", "Later."))));
        });
        await server.Hold("{ persons(first: 1, order: [{ id: ASC }]) { nodes { givenName parks_broken parks_quiet } } parks_broken parks_quiet { id } }", """
            {"data":{"persons":{"nodes":[{"givenName":"Zoé","parks_broken":null,"parks_quiet":null}]},"parks_broken":null,"parks_quiet":null},"errors":[
                {"message":"Plugin parks failed while answering Field.","locations":[{"line":1,"column":63}],"path":["persons","nodes","parks_broken"],"extensions":{"code":"INTERNAL","rule":"pluginFailed"}},
                {"message":"Plugin parks failed while answering Field.","locations":[{"line":1,"column":92}],"path":["parks_broken"],"extensions":{"code":"INTERNAL","rule":"pluginFailed"}}]}
            """);
        var answer = await server.Ask("{ parks_misshapen parks_nobody { id } parks_refused }");
        answer["data"]!.ToJsonString().ShouldBe("""{"parks_misshapen":null,"parks_nobody":null,"parks_refused":null}""");
        answer["errors"]!.AsArray().Select(e => e!["extensions"]!["code"]!.GetValue<string>()).ShouldBe(["INTERNAL", "INTERNAL", "UNAVAILABLE"]);
    }

    [Fact]
    public async Task Lists_of_things_count_as_a_page_and_longer_ones_as_what_they_are()
    {
        await using var server = await TownServer.Filled(new() { Cost = 60, DefaultPage = 10, PageSize = 40 });
        Parks.Attach(server, hooks => hooks.GraphFields.Add(Parks.Field("persons", Persons, call => Enumerable.Repeat((object)TownServer.At(1), call.Arguments.TryGet("n", out var n) ? (int)n! : 1).ToImmutableArray()) with
        {
            Arguments = [new("n", Shape.Integer, Label.Of("combien", "how many"))],
        }));
        (await server.Ask("{ parks_persons(n: 10) { id mandates(first: 4) { nodes { id } } } }"))["data"]!["parks_persons"]!.AsArray().Count.ShouldBe(10);
        await Limit("{ parks_persons { mandates(first: 6) { nodes { id } } } }", "cost");
        await Limit("{ parks_persons(n: 11) { mandates(first: 4) { nodes { id } } } }", "cost");
        (await server.Ask("{ parks_persons(n: 40) { id } }"))["errors"].ShouldBeNull();
        await Limit("{ parks_persons(n: 41) { id } }", "pageSize");

        async Task Limit(string query, string rule)
        {
            var error = (await server.Ask(query))["errors"]!.AsArray().ShouldHaveSingleItem()!["extensions"]!;
            (error["code"]!.GetValue<string>(), error["rule"]!.GetValue<string>()).ShouldBe(("LIMIT", rule));
        }
    }

    [Fact]
    public async Task A_request_in_flight_finishes_on_the_plugin_it_began_with()
    {
        await using var server = await TownServer.Filled();
        Parks.Attach(server, hooks => hooks.GraphFields.Add(Parks.Field("version", Text, _ => "old") with { On = Town.Person }), out var old);
        var reached = new TaskCompletionSource();
        var swapped = new TaskCompletionSource();
        server.Store.BeforeRead = async _ =>
        {
            server.Store.BeforeRead = null;
            reached.SetResult();
            await swapped.Task;
        };
        const string query = "{ persons(first: 1) { nodes { parks_version } } }";
        var flight = server.Ask(query);
        await reached.Task;
        old.Dispose();
        (await server.Ask(query))["errors"].ShouldNotBeNull();
        Parks.Attach(server, hooks => hooks.GraphFields.Add(Parks.Field("version", Text, _ => "new") with { On = Town.Person }));
        swapped.SetResult();

        (await flight)["data"]!["persons"]!["nodes"]![0]!["parks_version"]!.GetValue<string>().ShouldBe("old");
        (await server.Ask(query))["data"]!["persons"]!["nodes"]![0]!["parks_version"]!.GetValue<string>().ShouldBe("new");
    }

    [Fact]
    public async Task A_field_waits_for_its_types_and_a_wrong_one_never_breaks_the_schema()
    {
        await using var server = await TownServer.Filled();
        Parks.Attach(server, hooks =>
        {
            hooks.GraphFields.Add(Parks.Field("seat", Text, _ => "yes") with { On = EntityType.Elsewhere("Bench") });
            hooks.GraphFields.Add(Parks.Field("benches", new GraphResult.Things(EntityType.Elsewhere("Bench"), IsMany: true), _ => null));
            hooks.GraphFields.Add(Parks.Field("not a name", Text, _ => null));
            hooks.GraphFields.Add(Parks.Field("twice", Text, _ => "first"));
            hooks.GraphFields.Add(Parks.Field("twice", Text, _ => "second"));
            hooks.GraphFields.Add(Parks.Field("steps", Text, _ => "plugin") with { On = Town.Person });
        });
        await server.Hold("{ parks_twice }", """{"data":{"parks_twice":"first"}}""");
        (await server.Ask("{ parks_benches { id } }"))["errors"].ShouldNotBeNull();
        await server.Engine.ChangeModel([Town.Description, Parks.Description], Actor.System, TestContext.Current.CancellationToken);
        await server.Hold("{ parks_benches { parks_seat } person(id: \"#1\") { parks_steps } }", """{"data":{"parks_benches":null,"person":{"parks_steps":null}}}""");
        (await server.AskFor("mutation { createBench(input: { wood: \"oak\" }) { bench { parks_seat } } }")).ToJsonString().ShouldBe("""{"createBench":{"bench":{"parks_seat":"yes"}}}""");
        server.Service.SchemaText.ShouldNotContain("not a name");
    }

    [Fact]
    public async Task Failures_below_a_mutation_are_told_beside_what_was_written()
    {
        await using var server = await TownServer.Filled();
        Parks.Attach(server, hooks => hooks.GraphFields.Add(Parks.Field("broken", Text, _ => throw new InvalidOperationException()) with { On = Town.Person }));
        var answer = await server.Ask("mutation { createPerson(input: { familyName: \"NEUF\" }) { person { familyName parks_broken } } }");
        answer["data"]!.ToJsonString().ShouldBe("""{"createPerson":{"person":{"familyName":"NEUF","parks_broken":null}}}""");
        answer["errors"]![0]!["path"]!.ToJsonString().ShouldBe("""["createPerson","person","parks_broken"]""");
    }

    /// <summary>A field that answers the things of some numbers.</summary>
    private static GraphField Named(string name, GraphResult result, params int[] numbers) => Parks.Field(name, result,
        _ => result is GraphResult.Things { IsMany: true } ? numbers.Select(n => (object)TownServer.At(n)).ToImmutableArray() : TownServer.At(numbers[0]));

    private ValueTask Greet(GraphCall call, CancellationToken cancellation)
    {
        call.Arguments.TryGet("word", out var word);
        var times = call.Arguments.TryGet("times", out var given) ? (int)given! : 1;
        _calls.Add($"{word} × {times} to {call.Entities.Length} by {call.Actor.Id}");
        for (var i = 0; i < call.Entities.Length; i++)
            call.Put(i, $"{string.Join(' ', Enumerable.Repeat(word, times))} {call.Entities[i].Get(Town.GivenName)}");
        return default;
    }
}
