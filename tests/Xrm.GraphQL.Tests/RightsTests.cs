using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>What the roots that are about no one type show to whom.</summary>
public sealed class RightsTests
{
    private static readonly Actor Desk = Actor.Of("user:desk", "desk");
    private static readonly Actor Mover = Actor.Of("user:mover", "mover");
    private static readonly Actor Clerk = Actor.Of("user:clerk", "clerk");
    private static readonly Actor Blind = Actor.Of("user:blind", "blind");
    private static readonly Actor NoRole = Actor.Of("user:guest", "guest");
    private static readonly string Zoe = TownServer.Id(1);

    [Fact]
    public async Task The_model_shows_only_what_the_actor_sees()
    {
        await using var server = await Server();
        const string query = "{ model { types { name fields { name } ends { name } } relationshipTypes { name } codeLists { name } } }";
        (await server.Ask(query, actor: Desk)).ToJsonString().ShouldBe(
            """{"data":{"model":{"types":[{"name":"Person","fields":[{"name":"familyName"},{"name":"givenName"}],"ends":[]}],"relationshipTypes":[],"codeLists":[]}}}""");
        (await server.Ask(query, actor: NoRole)).ToJsonString().ShouldBe("""{"data":{"model":{"types":[],"relationshipTypes":[],"codeLists":[]}}}""");
        (await server.Ask("{ model { codeLists { name } } }")).ToJsonString().ShouldBe("""{"data":{"model":{"codeLists":[{"name":"Levels"}]}}}""");
    }

    [Fact]
    public async Task The_model_tells_what_the_actor_may_do()
    {
        await using var server = await Server();
        const string query = "{ model { types { name canCreate canUpdate canDelete fields { name canWrite } } relationshipTypes { name canCreate canUpdate canDelete fields { name canWrite } } } }";

        // The clerk's grants: making and changing whole persons, deleting only those without children, writing who works where but not in which position.
        (await server.Ask(query, actor: Clerk)).ToJsonString().ShouldBe("""
            {"data":{"model":{"types":[
            {"name":"Person","canCreate":true,"canUpdate":true,"canDelete":true,"fields":[{"name":"familyName","canWrite":true},{"name":"givenName","canWrite":true},{"name":"children","canWrite":false},{"name":"donation","canWrite":false},{"name":"tags","canWrite":false},{"name":"extra","canWrite":false}]},
            {"name":"Organisation","canCreate":false,"canUpdate":false,"canDelete":false,"fields":[{"name":"siren","canWrite":false},{"name":"legalName","canWrite":false}]}],
            "relationshipTypes":[{"name":"WorksFor","canCreate":true,"canUpdate":true,"canDelete":false,"fields":[{"name":"position","canWrite":false}]}]}}}
            """.ReplaceLineEndings(""));
        (await server.Ask(query, actor: Desk)).ToJsonString().ShouldNotContain(":true");
        // Whoever may write what it does not see may not write.
        (await server.Ask(query, actor: Blind)).ToJsonString().ShouldBe("""{"data":{"model":{"types":[],"relationshipTypes":[]}}}""");
        (await server.Ask(query)).ToJsonString().ShouldNotContain(":false");
    }

    [Fact]
    public async Task Names_of_actors_stand_beside_what_they_did()
    {
        await using var server = await TownServer.Filled(with: (_, options) => options with { NameOf = id => id == "user:admin" ? "Chloe" : null });
        (await server.Ask("{ me { name } }")).ToJsonString().ShouldBe("""{"data":{"me":{"name":"Chloe"}}}""");
        (await server.Ask("{ me { name } }", actor: TownServer.Reader)).ToJsonString().ShouldBe("""{"data":{"me":{"name":null}}}""");
        var written = await server.Ask("mutation($id: ID!) { updatePerson(id: $id, set: { givenName: \"Zoé-Lou\" }, expectedVersion: 1) { commit { actor actorName } } }", new { id = Zoe });
        written.ToJsonString().ShouldBe("""{"data":{"updatePerson":{"commit":{"actor":"user:admin","actorName":"Chloe"}}}}""");
        // Whoever sees the change sees by whom.
        (await server.Ask("query($id: ID!) { person(id: $id) { history(first: 1) { nodes { actor actorName } } } }", new { id = Zoe }, TownServer.Reader)).ToJsonString()
            .ShouldBe("""{"data":{"person":{"history":{"nodes":[{"actor":"user:admin","actorName":"Chloe"}]}}}}""");
        (await server.Ask("{ changes(first: 1) { nodes { actor actorName } } }")).ToJsonString().ShouldBe("""{"data":{"changes":{"nodes":[{"actor":"system","actorName":null}]}}}""");
    }

    [Fact]
    public async Task Nodes_not_seen_are_not_there()
    {
        await using var server = await Server();
        var query = $$"""{ node(id: "{{TownServer.Id(41)}}") { id } nodes(ids: ["{{Zoe}}", "{{TownServer.Id(41)}}", "{{TownServer.Id(11)}}"]) { id ... on Person { children mandates { totalCount } } } }""";
        (await server.Ask(query, actor: Desk)).ToJsonString().ShouldBe(
            $$$"""{"data":{"node":null,"nodes":[{"id":"{{{Zoe}}}","children":null,"mandates":{"totalCount":0}},null,null]}}""");
        (await server.Ask(query, actor: NoRole)).ToJsonString().ShouldBe("""{"data":{"node":null,"nodes":[null,null,null]}}""");
    }

    [Fact]
    public async Task Me_is_told_to_whoever_is_signed_in()
    {
        await using var server = await Server();
        (await server.Ask("{ me { id roles isAdministrator } }", actor: NoRole)).ToJsonString().ShouldBe("""{"data":{"me":{"id":"user:guest","roles":["guest"],"isAdministrator":false}}}""");
        foreach (var query in (string[])["{ me { id } }", "{ model { version } }", "{ node(id: \"" + Zoe + "\") { id } }", "{ changes { nodes { id } } }", "mutation { createPerson(input: { familyName: \"X\" }) { commit { id } } }"])
            (await server.Ask(query, actor: Actor.Anonymous)).ToJsonString().ShouldBe("""{"errors":[{"message":"Sign in first.","extensions":{"code":"UNAUTHENTICATED"}}]}""");
    }

    [Fact]
    public async Task What_is_not_seen_cannot_be_written_and_is_told_like_what_is_not_there()
    {
        await using var server = await Server();
        var hidden = TownServer.Id(41);
        var nowhere = TownServer.Id(999);
        foreach (var mutation in (string[])["updateOrganisation(id: \"#\", set: { legalName: \"X\" }, expectedVersion: 1)", "deleteOrganisation(id: \"#\", expectedVersion: 1)", "createWorksFor(source: \"" + Zoe + "\", target: \"#\")"])
        {
            var (seen, unseen) = (await Ask(mutation, hidden), await Ask(mutation, nowhere));
            seen["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("NOT_FOUND", mutation);
            seen.ToJsonString().Replace(hidden, nowhere, StringComparison.Ordinal).ShouldBe(unseen.ToJsonString());
        }
        (await server.Ask("{ organisations { nodes { version legalName } } }")).ToJsonString().ShouldContain("Rennes M");

        Task<JsonNode> Ask(string mutation, string id) => server.Ask($"mutation {{ {mutation.Replace("#", id, StringComparison.Ordinal)} {{ commit {{ id }} }} }}", actor: Desk);
    }

    [Fact]
    public async Task What_a_deletion_takes_along_unseen_is_not_told()
    {
        await using var server = await Server();
        (await server.Ask("mutation($id: ID!, $course: ID!) { createAttends(source: $id, target: $course) { commit { written { type } } } }", new { id = TownServer.Id(5), course = TownServer.Id(91) }))["errors"].ShouldBeNull();
        const string query = """mutation($id: ID!) { deletePerson(id: $id, expectedVersion: 1) { commit { written { kind type } } } }""";
        (await server.Ask(query, new { id = TownServer.Id(5) }, Mover)).ToJsonString().ShouldBe("""{"data":{"deletePerson":{"commit":{"written":[{"kind":"DELETED","type":"Person"}]}}}}""");
    }

    /// <summary>The town with a desk that sees persons and relationships of theirs but nothing beyond, and one that may move persons away.</summary>
    private static async Task<TownServer> Server()
    {
        var label = Label.Of("libellé", "label");
        var levels = CodeList.Named("Levels", label, ("A", label));
        var course = EntityType.Named("Course", label);
        course.Code("level", label, levels);
        var attends = RelationshipType.Named("Attends", label, label).From(Town.Person, "courses", label).To(course, "attendees", label).WhenSourceGoes(Then.Delete);
        var server = await TownServer.Filled();
        await server.Engine.ChangeModel([Town.Description, new ModelBuilder("desk").Add(levels).Add(course).Add(attends)
            .Role("desk", label, grant => grant.Read(Sensitivity.Public, Town.Person).Read(Town.HoldsMandate, Town.WorksFor))
            .Role("clerk", label, grant => grant
                .Read(Sensitivity.Internal, Town.Person, Town.Organisation).Read(Town.WorksFor)
                .Add(new Grant("Person", Rights.Create | Rights.Update, Sensitivity.Public))
                .Add(new Grant("Person", Rights.Delete) { Where = Town.Children.Is(0) })
                .Add(new Grant("WorksFor", Rights.Create | Rights.Update) { Fields = [] }))
            .Role("blind", label, grant => grant.Add(new Grant("Person", Rights.Create | Rights.Update | Rights.Delete)))
            .Role("mover", label, grant => grant.All(Sensitivity.Public, Town.Person))
            .Build()], Actor.System, CancellationToken.None);
        await server.Engine.Commit(Commit.New().Create(Town.Person, TownServer.At(5), Values.None.With(Town.FamilyName, "X")).Create(course, TownServer.At(91), Values.None), Actor.System, CancellationToken.None);
        return server;
    }
}
