using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Subscriptions;

/// <summary>The log as a subscription.</summary>
public sealed class ChangeFeedTests
{
    private const string Changes = "subscription($after: String, $types: [String!]) { changes(after: $after, types: $types) { cursor kind type id field after } }";

    private const string Bare = "subscription($after: String) { changes(after: $after) { kind id field after } }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_now_on_each_change_is_told_once_and_oldest_first()
    {
        await using var server = await TownServer.Filled();
        using var subscriber = await Subscriber.Start(server, "subscription { news: changes { kind type id field before after } }");

        await Name(server, 1, "Zora");
        await server.Engine.Commit(Commit.New().Create(Town.Address, TownServer.At(62), Values.None.With(Town.City, "Vitré")), TownServer.Admin, Cancellation);

        (await subscriber.Next("news"))!.ToJsonString().ShouldBe($$"""{"kind":"UPDATED","type":"Person","id":"{{TownServer.Id(1)}}","field":"givenName","before":"Zo\u00E9","after":"Zora"}""");
        (await subscriber.Next("news"))!.ToJsonString().ShouldBe($$"""{"kind":"CREATED","type":"Address","id":"{{TownServer.Id(62)}}","field":"city","before":null,"after":"Vitr\u00E9"}""");
        await subscriber.Tells("news", () => Name(server, 2, "Nat"), $$"""{"kind":"UPDATED","type":"Person","id":"{{TownServer.Id(2)}}","field":"givenName","before":"Nathalie","after":"Nat"}""");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    [InlineData(64 * 1024)]
    public async Task Resumed_anywhere_from_the_last_cursor_nothing_is_lost_or_repeated_while_others_write(int ahead)
    {
        await using var server = await TownServer.Filled(new() { Streams = new() { Ahead = ahead } });
        var random = new Random(11);
        var head = await server.Head();
        var cursor = head;
        var writers = Enumerable.Range(0, 3).Select(w => Task.Run(() => Write(server, w, 40), Cancellation)).ToArray();
        var told = new List<string>();
        const int all = 3 * (40 * 3 + 1);
        while (told.Count < all)
        {
            using var subscriber = await Subscriber.Start(server, Changes, new { after = cursor });
            for (var left = random.Next(1, 30); left > 0 && told.Count < all; left--)
                cursor = Take(await subscriber.Next("changes"), told);
        }
        await Task.WhenAll(writers);

        told.ShouldBe(await Logged(server, head));
        using var last = await Subscriber.Start(server, Bare, new { after = cursor });
        await last.Tells("changes", () => Name(server, 4, "Jo"), $$"""{"kind":"UPDATED","id":"{{TownServer.Id(4)}}","field":"givenName","after":"Jo"}""");
    }

    [Fact]
    public async Task What_is_read_and_what_is_told_behind_its_head_are_all_there_is_while_others_write()
    {
        await using var server = await TownServer.Filled();
        var writers = Enumerable.Range(0, 3).Select(w => Task.Run(() => Write(server, w, 40), Cancellation)).ToArray();
        for (var round = 0; round < 20; round++)
        {
            var read = (await server.Ask("{ changes(first: 0) { head nodes { id } pageInfo { hasNextPage } } all: changes(first: 1000) { head nodes { kind type id field after } } }"))["data"]!;
            read["changes"]!["head"]!.GetValue<string>().ShouldBe(read["all"]!["head"]!.GetValue<string>());
            read["changes"]!["nodes"]!.AsArray().ShouldBeEmpty();
            read["changes"]!["pageInfo"]!["hasNextPage"]!.GetValue<bool>().ShouldBeTrue();
            var head = read["all"]!["head"]!.GetValue<string>();
            var (seen, later) = (read["all"]!["nodes"]!.AsArray().Select(n => n!.ToJsonString()).ToList(), await Logged(server, head));
            using var subscriber = await Subscriber.Start(server, Changes, new { after = head });
            var told = new List<string>();
            while (told.Count < later.Count)
                Take(await subscriber.Next("changes"), told);
            told[..later.Count].ShouldBe(later);
            seen.Concat(later).ShouldBe((await Logged(server, null))[..(seen.Count + later.Count)]);
        }
        await Task.WhenAll(writers);
        var end = (await server.Ask("{ changes(first: 0) { head } }"))["data"]!["changes"]!["head"]!.GetValue<string>();
        var rest = (await server.Ask("query($after: String) { changes(first: 0, after: $after) { pageInfo { hasNextPage hasPreviousPage } } }", new { after = end }))["data"]!["changes"]!["pageInfo"]!;
        rest.ToJsonString().ShouldBe("""{"hasNextPage":false,"hasPreviousPage":true}""");
    }

    [Fact]
    public async Task Cursors_are_those_of_the_query_and_of_commits()
    {
        await using var server = await TownServer.Filled();
        var page = (await server.Ask("{ changes(first: 30) { nodes { cursor } pageInfo { endCursor } } }"))["data"]!["changes"]!;
        var rest = await Logged(server, page["pageInfo"]!["endCursor"]!.GetValue<string>());
        using var subscriber = await Subscriber.Start(server, Changes, new { after = page["nodes"]!.AsArray()[^1]!["cursor"]!.GetValue<string>() });
        var told = new List<string>();
        while (told.Count < rest.Count)
            Take(await subscriber.Next("changes"), told);
        told.ShouldBe(rest);

        var written = await server.Ask("mutation($id: ID!) { updatePerson(id: $id, expectedVersion: 1, set: { givenName: \"Zora\" }) { commit { cursor } } }", new { id = TownServer.Id(1) });
        using var behind = await Subscriber.Start(server, Bare, new { after = written["data"]!["updatePerson"]!["commit"]!["cursor"]!.GetValue<string>() });
        await behind.Tells("changes", () => Name(server, 4, "Jo"), $$"""{"kind":"UPDATED","id":"{{TownServer.Id(4)}}","field":"givenName","after":"Jo"}""");
    }

    [Fact]
    public async Task Only_the_types_asked_for_are_told()
    {
        await using var server = await TownServer.Filled();
        using var subscriber = await Subscriber.Start(server, "subscription { changes(types: [\"Address\", \"LocatedAt\", \"Model\"]) { kind type field } }");
        await Name(server, 1, "Zora");
        await server.Engine.Commit(Commit.New().Create(Town.Address, TownServer.At(62), Values.None.With(Town.City, "Vitré")).Relate(TownServer.At(1), Town.LocatedAt, TownServer.At(62)), TownServer.Admin, Cancellation);
        await server.Engine.ChangeModel([Town.Description, new ModelBuilder("more").Add(Parks.Bench).Build()], Actor.System, Cancellation);

        var told = new List<string>();
        for (var i = 0; i < 4; i++)
            told.Add((await subscriber.Next("changes"))!.ToJsonString());
        told.ShouldBe(
        [
            """{"kind":"CREATED","type":"Address","field":"city"}""", """{"kind":"RELATED","type":"LocatedAt","field":"source"}""",
            """{"kind":"RELATED","type":"LocatedAt","field":"target"}""", """{"kind":"MODEL","type":"Model","field":null}""",
        ]);
    }

    [Fact]
    public async Task A_type_that_is_not_there_or_not_seen_and_a_foreign_cursor_are_refused()
    {
        await using var server = await TownServer.Filled();
        foreach (var (types, who) in ((string[], Actor)[])[(["Person", "Persom"], TownServer.Admin), (["Person", "Organisation"], TownServer.Reader)])
        {
            var errors = await Subscriber.Refused(server, Changes, new { types }, () => who);
            errors.AsArray().ShouldHaveSingleItem()!["extensions"]!.ToJsonString().ShouldBe("""{"code":"INVALID","field":"types","rule":"type"}""");
            errors[0]!["path"]!.ToJsonString().ShouldBe("""["changes"]""");
        }
        var list = (await server.Ask("{ persons(first: 1) { edges { cursor } } }"))["data"]!["persons"]!["edges"]![0]!["cursor"]!.GetValue<string>();
        foreach (var after in (string[])[list, "nonsense"])
            (await Subscriber.Refused(server, Changes, new { after }))[0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("cursor");
    }

    [Fact]
    public async Task One_that_falls_behind_is_told_and_ended()
    {
        await using var server = await TownServer.Filled(new() { Streams = new() { Behind = 3, Ahead = 1 } });
        using var subscriber = await Subscriber.Start(server, Changes);
        for (var i = 0; i < 5; i++)
            await Name(server, 1, "Zoé " + i);

        var error = (await subscriber.End()).ShouldHaveSingleItem()!;
        error["extensions"]!.ToJsonString().ShouldBe("""{"code":"LIMIT","rule":"behind"}""");
        error["message"]!.GetValue<string>().ShouldContain("5 blocks");
    }

    [Fact]
    public async Task Hundreds_that_wait_are_all_told()
    {
        await using var server = await TownServer.Filled();
        var subscribers = new List<Subscriber>();
        for (var i = 0; i < 300; i++)
            subscribers.Add(await Subscriber.Start(server, i % 3 == 0 ? $$"""subscription { told: person(id: "{{TownServer.Id(1)}}") { after: givenName } }""" : "subscription { told: changes { after } }"));
        foreach (var subscriber in subscribers.Where((_, i) => i % 3 == 0))
            (await subscriber.Next("told"))!["after"]!.GetValue<string>().ShouldBe("Zoé");
        var waiting = subscribers.Select(s => s.Next("told")).ToArray();

        await Name(server, 1, "Zora");

        foreach (var told in await Task.WhenAll(waiting))
            told!.ToJsonString().ShouldBe("""{"after":"Zora"}""");
        subscribers.ForEach(s => s.Dispose());
    }

    /// <summary>Takes an event: its cursor, and the rest of it into the list.</summary>
    private static string Take(JsonNode? change, List<string> told)
    {
        var cursor = change!["cursor"]!.GetValue<string>();
        change.AsObject().Remove("cursor");
        told.Add(change.ToJsonString());
        return cursor;
    }

    /// <summary>What the query tells behind a cursor.</summary>
    private static async Task<List<string>> Logged(TownServer server, string? after) =>
        [.. (await server.Ask("query($after: String) { changes(first: 1000, after: $after) { nodes { kind type id field after } } }", new { after }))["data"]!["changes"]!["nodes"]!.AsArray().Select(n => n!.ToJsonString())];

    /// <summary>Makes an organisation and renames it; each commit changes several fields of one thing, and some several things.</summary>
    private static async Task Write(TownServer server, int writer, int commits)
    {
        var (id, siren) = (TownServer.At(500 + writer), 100_000_000 + writer * 1_000);
        await server.Engine.Commit(Commit.New().Create(Town.Organisation, id, Values.None.With(Town.LegalName, "O")), TownServer.Admin, Cancellation);
        for (var i = 0; i < commits; i++)
        {
            var values = Values.None.With(Town.LegalName, $"O{i}").With(Town.Siren, (siren + i).ToString(System.Globalization.CultureInfo.InvariantCulture));
            await server.Engine.Commit(Commit.New().And(new Edit.Update("Organisation", id, i + 1, values)).Create(Town.Address, EntityId.New(), Values.None.With(Town.City, $"C{i}")), TownServer.Admin, Cancellation);
        }
    }

    private static async Task Name(TownServer server, int person, string name)
    {
        var found = await server.Engine.As(TownServer.Admin).Find(Town.Person, TownServer.At(person), Cancellation);
        await server.Engine.Commit(Commit.New().Change(found!, Town.GivenName, name), TownServer.Admin, Cancellation);
    }
}
