using GraphQL.Types;
using Xrm.GraphQL.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL.Schemas;

/// <summary>Types of what is known without a plan: page info, changes, commits, actors, labels.</summary>
/// <param name="nameOf">What an actor is called; null when that is not known.</param>
internal sealed class FactTypes(SchemaParts parts, Func<string, string?> nameOf)
{
    private const string Called = "Son nom, d'un compte ou d'un jeton ; null s'il n'est pas connu. / Its name, of an account or a token; null when it is not known.";

    public ObjectGraphType PageInfo => Object<PageFact>("PageInfo", null, page => page
        .Add("hasNextPage", parts.Scalars.Boolean.NonNull(), p => p.HasNext)
        .Add("hasPreviousPage", parts.Scalars.Boolean.NonNull(), p => p.HasPrevious)
        .Add("startCursor", parts.Scalars.Text, p => p.Start)
        .Add("endCursor", parts.Scalars.Text, p => p.End));

    public ObjectGraphType Label => Object<Label>("Label", "Un texte dans les deux langues. / A text in both languages.", label => label
        .Add("fr", parts.Scalars.Text.NonNull(), l => l.Fr)
        .Add("en", parts.Scalars.Text.NonNull(), l => l.En));

    public ObjectGraphType Actor => Object<Actor>("Actor", "Qui agit. / Who acts.", actor => actor
        .Add("id", parts.Scalars.Id.NonNull(), a => a.Id)
        .Add("name", parts.Scalars.Text, a => nameOf(a.Id), Called)
        .Add("roles", parts.Scalars.Text.NonNullList(), a => a.Roles)
        .Add("isAdministrator", parts.Scalars.Boolean.NonNull(), a => a.IsAdministrator));

    public EnumerationGraphType Sensitivity => parts.Once("Sensitivity", () => parts.Enum("Sensitivity", Xrm.Sdk.Label.Of("P0 public à P3 particulier", "P0 public to P3 special"), "P0", "P1", "P2", "P3"));

    public EnumerationGraphType ChangeKind => parts.Once("ChangeKind", () => parts.Enum("ChangeKind", Xrm.Sdk.Label.Of("Ce qu'une modification a fait", "What a change did"),
        [.. Enum.GetNames<ChangeKind>().Select(Names.Upper)]));

    public ObjectGraphType Change => Object<ChangeFact>("Change", "Une modification d'un champ, ou d'une fiche ou relation entière. / A change of a field, or of a whole entity or relationship.", change => change
        .Add("cursor", parts.Scalars.Text.NonNull(), c => c.Cursor)
        .Add("commitId", parts.Scalars.Id.NonNull(), c => c.Change.CommitId)
        .Add("at", parts.Scalars.DateTime.NonNull(), c => c.Change.At)
        .Add("actor", parts.Scalars.Text.NonNull(), c => c.Change.Actor)
        .Add("actorName", parts.Scalars.Text, c => nameOf(c.Change.Actor), Called)
        .Add("kind", ChangeKind.NonNull(), c => Names.Upper(c.Change.Kind.ToString()))
        .Add("type", parts.Scalars.Text.NonNull(), c => c.Change.Type)
        .Add("id", parts.Scalars.Id.NonNull(), c => c.Change.Id)
        .Add("field", parts.Scalars.Text, c => c.Change.Field)
        .Add("before", parts.Scalars.Json, c => c.Change.Before)
        .Add("after", parts.Scalars.Json, c => c.Change.After));

    public ObjectGraphType Changes => Object<ChangePage>("ChangeConnection", null, page => page
        .Add("nodes", Change.NonNullList(), p => p.Items)
        .Add("edges", Object<ChangeFact>("ChangeEdge", null, edge => edge
            .Add("cursor", parts.Scalars.Text.NonNull(), c => c.Cursor)
            .Add("node", Change.NonNull(), c => c)).NonNullList(), p => p.Items)
        .Add("pageInfo", PageInfo.NonNull(), p => p.Page)
        .Add("head", parts.Scalars.Text.NonNull(), p => p.Of.Head,
            "Curseur du journal à l'instant lu par toute la requête : changes(after:) dit ce qui vient ensuite, sans perte. Avec first: 0, rien d'autre n'est lu du journal, et hasNextPage dit si quelque chose suit, visible ou non. / Cursor of the log at the state that the whole request reads: changes(after:) tells what comes next, nothing lost. With first: 0 nothing else of the log is read, and hasNextPage says whether anything follows, seen or not."));

    public ObjectGraphType Commit => Object<CommitFact>("Commit", "Des modifications faites ensemble. / Changes made together.", commit => commit
        .Add("id", parts.Scalars.Id.NonNull(), c => c.Receipt.Id)
        .Add("at", parts.Scalars.DateTime.NonNull(), c => c.Receipt.At)
        .Add("actor", parts.Scalars.Text.NonNull(), c => c.Receipt.Actor)
        .Add("actorName", parts.Scalars.Text, c => nameOf(c.Receipt.Actor), Called)
        .Add("cursor", parts.Scalars.Text.NonNull(), c => c.Cursor)
        .Add("isReplay", parts.Scalars.Boolean.NonNull(), c => c.Receipt.IsReplay)
        .Add("written", Object<Written>("Written", "Ce qu'une modification a écrit. / What a commit wrote.", written => written
            .Add("kind", ChangeKind.NonNull(), w => Names.Upper(w.Kind.ToString()))
            .Add("type", parts.Scalars.Text.NonNull(), w => w.Type)
            .Add("id", parts.Scalars.Id.NonNull(), w => w.Id)
            .Add("version", parts.Scalars.Integer.NonNull(), w => w.Version)).NonNullList(), (c, context) => c.Receipt.Written.Where(w => Sees(context, w))));

    /// <summary>A deletion can take along relationships that whoever deletes does not see.</summary>
    private static bool Sees(FactContext context, Written written) =>
        context.Reader.Model.ByName.TryGetValue(written.Type, out var type) && context.Reader.Sees(type);

    /// <summary>A type whose fields are facts about a <typeparamref name="T"/>.</summary>
    public ObjectGraphType Object<T>(string name, string? description, Action<FactObject<T>> fill) => parts.Once(name,
        () => new ObjectGraphType { Name = parts.Claim(name), Description = description },
        graph => fill(new(graph)));
}

/// <summary>An object of the schema being given facts as fields.</summary>
internal readonly struct FactObject<T>(ObjectGraphType graph)
{
    public FactObject<T> Add(string name, IGraphType type, Func<T, object?> get, string? description = null) => Add(name, type, (source, _) => get(source), description);

    public FactObject<T> Add(string name, IGraphType type, Func<T, FactContext, object?> get, string? description = null)
    {
        graph.Add(name, type, description, new Meaning.Fact((source, context) => get((T)source, context)));
        return this;
    }
}
