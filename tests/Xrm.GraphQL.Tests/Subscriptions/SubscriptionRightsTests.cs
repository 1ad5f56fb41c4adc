using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Subscriptions;

/// <summary>Rights are those of the moment at which an event is told.</summary>
public sealed class SubscriptionRightsTests
{
    private static readonly Actor Clerk = Actor.Of("user:clerk", "clerk");
    private Actor _who = TownServer.Admin;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_made_ready_before_a_role_was_taken_away_are_not_told_with_it()
    {
        await using var server = await TownServer.Filled();
        using var subscriber = await Subscriber.Start(server, "subscription { changes { type id field } }", null, () => _who);
        await server.Engine.Commit(Commit.New().Create(Town.Constituency, TownServer.At(33), Values.None.With(Town.ConstituencyType, Town.Kind.Commune).With(Town.Code, "1"))
            .Create(Town.Address, TownServer.At(62), Values.None.With(Town.City, "Vitré"))
            .Create(Town.Person, TownServer.At(9), Values.None.With(Town.FamilyName, "NOUVEAU").With(Town.Email, "n@example.org")), TownServer.Admin, Cancellation);
        (await subscriber.Next("changes"))!["field"]!.GetValue<string>().ShouldBe("constituencyType");
        (await subscriber.Next("changes"))!["field"]!.GetValue<string>().ShouldBe("code");

        _who = _who with { Roles = ["reader"] };

        // Neither the address nor the e-mail, which a reader does not see.
        (await subscriber.Next("changes"))!.ToJsonString().ShouldBe($$"""{"type":"Person","id":"{{TownServer.Id(9)}}","field":"familyName"}""");
        await subscriber.Tells("changes", () => Set(server, 9, 1, Values.None.With(Town.GivenName, "Ève")), $$"""{"type":"Person","id":"{{TownServer.Id(9)}}","field":"givenName"}""");
    }

    [Fact]
    public async Task A_thing_that_a_role_no_longer_shows_becomes_null_without_anything_being_written()
    {
        await using var server = await TownServer.Filled(new() { Streams = new() { Pulse = TimeSpan.FromMilliseconds(5) } });
        using var subscriber = await Subscriber.Start(server, $$"""subscription { organisation(id: "{{TownServer.Id(41)}}") { siren } }""", null, () => Volatile.Read(ref _who));
        (await subscriber.Next("organisation"))!.ToJsonString().ShouldBe("""{"siren":"123456789"}""");

        var next = subscriber.Next("organisation");
        Volatile.Write(ref _who, _who with { Roles = ["reader"] });

        (await next).ShouldBeNull();
    }

    [Fact]
    public async Task Who_is_no_longer_signed_in_or_has_no_role_left_is_told_so_and_hears_nothing_more()
    {
        await using var server = await TownServer.Filled(new() { Streams = new() { Pulse = TimeSpan.FromMilliseconds(5) } });
        foreach (var (after, code) in ((Actor, string)[])[(Actor.Anonymous, "UNAUTHENTICATED"), (TownServer.Admin with { Roles = [] }, "FORBIDDEN")])
            foreach (var query in (string[])["subscription { changes { id } }", $$"""subscription { person(id: "{{TownServer.Id(1)}}") { givenName } }"""])
            {
                Volatile.Write(ref _who, TownServer.Admin);
                using var subscriber = await Subscriber.Start(server, query, null, () => Volatile.Read(ref _who));
                if (query.Contains("person", StringComparison.Ordinal))
                    await subscriber.Next();
                var end = subscriber.End();
                Volatile.Write(ref _who, after);

                (await end).ShouldHaveSingleItem()!["extensions"]!["code"]!.GetValue<string>().ShouldBe(code);
            }
    }

    [Fact]
    public async Task Nobody_begins_one()
    {
        await using var server = await TownServer.Filled();
        (await Subscriber.Refused(server, "subscription { changes { id } }", null, () => Actor.Anonymous))[0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_thing_that_leaves_the_view_is_told_to_have_left_and_no_more()
    {
        await using var server = await TownServer.Filled();
        await server.Engine.ChangeModel([Town.Description, new ModelBuilder("clerks").Role("clerk", Label.Of("Agent", "Clerk"), grant => grant
            .Add(new(Town.Person.Name, Rights.Read) { Where = new Filter.Compare("children", Comparison.Greater, 0) })).Build()], Actor.System, Cancellation);
        using var changes = await Subscriber.Start(server, "subscription { changes(types: [\"Person\"]) { kind id field after } }", null, () => Clerk);
        using var person = await Subscriber.Start(server, $$"""subscription { person(id: "{{TownServer.Id(1)}}") { givenName } }""", null, () => Clerk);
        (await person.Next("person"))!.ToJsonString().ShouldBe("""{"givenName":"Zo\u00E9"}""");

        await Set(server, 1, 1, Values.None.With(Town.Children, 0).With(Town.GivenName, "Zora"));
        await Set(server, 1, 2, Values.None.With(Town.GivenName, "Zoë"));

        (await changes.Next("changes"))!.ToJsonString().ShouldBe($$"""{"kind":"LEFT","id":"{{TownServer.Id(1)}}","field":null,"after":null}""");
        (await person.Next("person")).ShouldBeNull();
        await changes.Tells("changes", () => Set(server, 2, 1, Values.None.With(Town.Children, 3)), $$"""{"kind":"UPDATED","id":"{{TownServer.Id(2)}}","field":"children","after":3}""");
        await person.Tells("person", () => Set(server, 1, 3, Values.None.With(Town.Children, 1)), """{"givenName":"Zo\u00EB"}""");
    }

    private static async Task Set(TownServer server, int person, int version, Values values) =>
        await server.Engine.Commit(Commit.New().And(new Edit.Update("Person", TownServer.At(person), version, values)), TownServer.Admin, Cancellation);
}
