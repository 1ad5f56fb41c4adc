using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Subscriptions;

/// <summary>One thing as a subscription.</summary>
public sealed class ThingFeedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thing_is_told_at_once_and_after_each_commit_that_changes_it_until_it_is_deleted()
    {
        await using var server = await TownServer.Filled();
        using var subscriber = await Subscriber.Start(server, "subscription($id: ID!) { person(id: $id) { givenName version } }", new { id = TownServer.Id(3) });

        (await subscriber.Next("person"))!.ToJsonString().ShouldBe("""{"givenName":"G\u00E9rard","version":1}""");
        await Set(server, 1, 1, Values.None.With(Town.GivenName, "Zora"));
        await subscriber.Tells("person", () => Set(server, 3, 1, Values.None.With(Town.GivenName, "Gégé")), """{"givenName":"G\u00E9g\u00E9","version":2}""");
        await Commit(server, Sdk.Commit.New().And(new Edit.Unrelate("HoldsMandate", TownServer.At(104), 1)).And(new Edit.Delete("Person", TownServer.At(3), 2)));
        (await subscriber.Next("person")).ShouldBeNull();
    }

    [Fact]
    public async Task Commits_that_come_faster_than_events_are_taken_are_told_together()
    {
        await using var server = await TownServer.Filled();
        using var subscriber = await Subscriber.Start(server, Named(3));
        (await subscriber.Next("person"))!.ToJsonString().ShouldBe("""{"givenName":"G\u00E9rard"}""");

        for (var i = 1; i <= 5; i++)
            await Set(server, 3, i, Values.None.With(Town.GivenName, $"G{i}"));

        (await subscriber.Next("person"))!.ToJsonString().ShouldBe("""{"givenName":"G5"}""");
        await subscriber.Tells("person", () => Set(server, 3, 6, Values.None.With(Town.GivenName, "G6")), """{"givenName":"G6"}""");
    }

    [Fact]
    public async Task Relationships_at_its_ends_that_the_selection_reads_count_as_its_own()
    {
        await using var server = await TownServer.Filled();
        using var subscriber = await Subscriber.Start(server, $$"""subscription { person(id: "{{TownServer.Id(1)}}") { employers(during: {}) { edges { position node { legalName } } } } }""");
        (await subscriber.Next("person"))!.ToJsonString().ShouldBe("""{"employers":{"edges":[{"position":"Clerk","node":{"legalName":"Rennes M\u00E9tropole"}}]}}""");

        await Commit(server, Sdk.Commit.New().Relate(TownServer.At(71), Town.ReportedBy, TownServer.At(2), null, null).And(new Edit.Unrelate("ReportedBy", TownServer.At(161), 1)));
        await subscriber.Tells("person", () => Commit(server, Sdk.Commit.New().And(new Edit.Change("WorksFor", TownServer.At(142), 1, Values.None.With(Town.Position, "Chief")))),
            """{"employers":{"edges":[{"position":"Chief","node":{"legalName":"Rennes M\u00E9tropole"}}]}}""");
        await Commit(server, Sdk.Commit.New().And(new Edit.Unrelate("WorksFor", TownServer.At(142), 2)));
        (await subscriber.Next("person"))!.ToJsonString().ShouldBe("""{"employers":{"edges":[]}}""");
    }

    [Fact]
    public async Task What_the_actor_does_not_see_makes_no_event()
    {
        await using var server = await TownServer.Filled();
        using var subscriber = await Subscriber.Start(server, $$"""subscription { person(id: "{{TownServer.Id(1)}}") { givenName email employers { totalCount } } }""", null, () => TownServer.Reader);
        (await subscriber.Next("person"))!.ToJsonString().ShouldBe("""{"givenName":"Zo\u00E9","email":null,"employers":{"totalCount":0}}""");

        await Set(server, 1, 1, Values.None.With(Town.Email, "other@example.org"));
        await Commit(server, Sdk.Commit.New().And(new Edit.Unrelate("WorksFor", TownServer.At(142), 1)));
        await subscriber.Tells("person", () => Set(server, 1, 2, Values.None.With(Town.GivenName, "Zora")), """{"givenName":"Zora","email":null,"employers":{"totalCount":0}}""");
    }

    [Fact]
    public async Task One_that_is_not_there_yet_is_null_and_told_when_it_comes()
    {
        await using var server = await TownServer.Filled();
        using var subscriber = await Subscriber.Start(server, Named(9));
        (await subscriber.Next("person")).ShouldBeNull();
        await Commit(server, Sdk.Commit.New().Create(Town.Person, TownServer.At(9), Values.None.With(Town.FamilyName, "NOUVEAU").With(Town.GivenName, "Ève")));
        (await subscriber.Next("person"))!.ToJsonString().ShouldBe("""{"givenName":"\u00C8ve"}""");
        (await Subscriber.Refused(server, "subscription { person(id: \"nine\") { id } }"))[0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"INVALID","field":"id","rule":"id"}""");
    }

    [Fact]
    public async Task On_another_day_it_is_looked_at_anew()
    {
        await using var server = await TownServer.Filled(new() { Streams = new() { Pulse = TimeSpan.FromMilliseconds(5) } });
        await Commit(server, Sdk.Commit.New().Relate(TownServer.At(4), Town.WorksFor, TownServer.At(41), new DateOnly(2026, 1, 6)));
        using var subscriber = await Subscriber.Start(server, $$"""subscription { person(id: "{{TownServer.Id(4)}}") { employers { totalCount } } }""");
        (await subscriber.Next("person"))!.ToJsonString().ShouldBe("""{"employers":{"totalCount":0}}""");

        server.Clock.Advance(hours: 24);

        (await subscriber.Next("person"))!.ToJsonString().ShouldBe("""{"employers":{"totalCount":1}}""");
    }

    private static string Named(int person) => $$"""subscription { person(id: "{{TownServer.Id(person)}}") { givenName } }""";

    private static Task Set(TownServer server, int person, int version, Values values) => Commit(server, Sdk.Commit.New().And(new Edit.Update("Person", TownServer.At(person), version, values)));

    private static async Task Commit(TownServer server, Commit commit) => await server.Engine.Commit(commit, TownServer.Admin, Cancellation);
}
