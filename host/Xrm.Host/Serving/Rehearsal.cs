using System.Text;
using System.Text.Json;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.GraphQL;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>
/// What a start does once the data are there, done with next to none while they are read: a model comes from the log and into force, a schema is made of it, a question is read and answered.
/// So what all this needs is loaded and compiled by then, on cores that the reading leaves free (decision 0045).
/// </summary>
internal static class Rehearsal
{
    private const string Question = """
        query($id: ID!) {
          scene(id: $id) { id title day parts(first: 5) { edges { node { id } } } }
          scenes(where: { title: { eq: "" } }, order: [{ title: ASC }], first: 5) { totalCount nodes { id } }
        }
        """;

    /// <summary>Touches nothing but memory of its own.</summary>
    /// <returns>What was answered.</returns>
    public static async Task<string> Run(CancellationToken cancellation)
    {
        await using var store = ImageStore.Open(new MemoryJournal());
        await using var before = await Engine.Open(store, new(), cancellation);
        await before.ChangeModel([Described()], Actor.System, cancellation);
        await using var engine = await Engine.Open(store, new(), cancellation);
        await engine.ChangeModel([Described()], Actor.System, cancellation);
        using var variables = JsonDocument.Parse($$"""{"id":"{{EntityId.New()}}"}""");
        using var answer = await new GraphQLService(engine, new() { CursorKey = new byte[16] }).Execute(new(Question, null, variables.RootElement), Actor.System, "fr", cancellation);
        return Encoding.UTF8.GetString(answer.Body.Span);
    }

    private static ModelDescription Described()
    {
        var scene = EntityType.Named("Scene", Label.Of("Scène", "Scene"));
        var title = scene.Text("title", Label.Of("Titre", "Title")).Required();
        scene.Date("day", Label.Of("Jour", "Day"));
        scene.DisplayedAs(title);
        var part = RelationshipType.Named("Part", Label.Of("suit", "follows"), Label.Of("précède", "precedes"))
            .From(scene, "parts", Label.Of("Parties", "Parts"))
            .To(scene, "wholes", Label.Of("Touts", "Wholes"));
        return new ModelBuilder("rehearsal")
            .Add(scene)
            .Add(part)
            .Role("player", Label.Of("Jeu", "Player"), grant => grant.All(Sensitivity.Internal, scene))
            .Build();
    }
}
