using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.GraphQL;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>Making, changing and asking, as an administrator unless said.</summary>
public sealed partial class TestXrm
{
    private static readonly byte[] CursorKey = "a key for tests only"u8.ToArray();

    private GraphQLService? _graph;

    /// <summary>Makes a thing and answers it as it is then.</summary>
    public async Task<Entity> Create(EntityType type, Values values)
    {
        var id = EntityId.New(Clock.GetUtcNow());
        await Xrm.Commit(Sdk.Commit.New().Create(type, id, values));
        return (await Xrm.Find(type, id))!;
    }

    /// <summary>Makes a thing without values.</summary>
    public Task<Entity> Create(EntityType type) => Create(type, Values.None);

    /// <summary>Makes a thing with a value.</summary>
    public Task<Entity> Create<T>(EntityType type, (Field<T> Field, T Value) value) => Create(type, Values.None.With(value.Field, value.Value));

    /// <summary>Makes a thing with two values.</summary>
    public Task<Entity> Create<T1, T2>(EntityType type, (Field<T1> Field, T1 Value) first, (Field<T2> Field, T2 Value) second) =>
        Create(type, Values.None.With(first.Field, first.Value).With(second.Field, second.Value));

    /// <summary>Makes a thing with three values.</summary>
    public Task<Entity> Create<T1, T2, T3>(EntityType type, (Field<T1> Field, T1 Value) first, (Field<T2> Field, T2 Value) second, (Field<T3> Field, T3 Value) third) =>
        Create(type, Values.None.With(first.Field, first.Value).With(second.Field, second.Value).With(third.Field, third.Value));

    /// <summary>Commits.</summary>
    public async Task<Receipt> Commit(Commit commit) => await Xrm.Commit(commit);

    /// <summary>Asks.</summary>
    public async Task<ImmutableArray<Entity>> Query(Query query) => (await Xrm.Query(query)).Entities;

    /// <summary>One thing; null when it is not there.</summary>
    public async Task<Entity?> Find(EntityType type, EntityId id) => await Xrm.Find(type, id);

    /// <summary>All that was recorded so far, oldest first.</summary>
    public async Task<ImmutableArray<Change>> Changes(Cursor after = default)
    {
        var changes = ImmutableArray.CreateBuilder<Change>();
        await foreach (var change in Xrm.Changes(after))
            changes.Add(change);
        return changes.ToImmutable();
    }

    /// <summary>Asks in GraphQL and answers the JSON whole: <c>data</c>, and <c>errors</c> where something went wrong.</summary>
    /// <param name="query">The document, a query or a mutation.</param>
    /// <param name="variables">Its variables; null = none.</param>
    /// <param name="actor">Who asks; null = an administrator.</param>
    /// <param name="language">In which messages are: <c>en</c> or <c>fr</c>.</param>
    public async Task<JsonNode> Ask(string query, JsonObject? variables = null, Actor? actor = null, string language = "en")
    {
        _graph ??= new(_engine, new() { CursorKey = CursorKey, Log = _log.CreateLogger("Xrm") });
        using var given = variables is null ? null : JsonDocument.Parse(variables.ToJsonString());
        using var answer = await _graph.Execute(new(query, null, given?.RootElement ?? default), actor ?? Tester, language, CancellationToken.None);
        return JsonNode.Parse(answer.Body.Span)!;
    }
}
