using System.Collections;
using System.Text.Json;
using GraphQL;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Answers field by field from the plain lists: no plan, no image.</summary>
/// <param name="data">What the actor sees.</param>
/// <param name="wrong">What is wrong below root fields, by their response keys.</param>
internal sealed class PlainAnswers(PlainData data, Actor actor, Cursors cursors, IReadOnlyDictionary<string, ToldError> wrong)
{
    private readonly PlainFilter _filter = new(data);

    public object? Resolve(IResolveFieldContext context) => context.Source switch
    {
        PlainAnswers => wrong.TryGetValue(Key(context), out var error) ? throw new PlainError(error) : OfRoot(context),
        Seen seen => OfThing(seen, context),
        PlainConnection connection => OfConnection(connection, context),
        PlainEdge edge => OfEdge(edge, context),
        PlainGroup group => OfGroup(group, context),
        PlainSums sums => PlainConnection.Sum(sums, Name(context), context.FieldDefinition.ResolvedType?.ToString() == "Int"),
        Actor who => Name(context) switch { "id" => who.Id, "name" => null, "roles" => who.Roles, _ => who.IsAdministrator },
        _ => throw new InvalidOperationException($"Nothing answers {Name(context)} of {context.Source}."),
    };

    private object? OfRoot(IResolveFieldContext context)
    {
        var arguments = Arguments(context);
        var name = Name(context);
        switch (name)
        {
            case "me":
                return actor;
            case "node":
                return Of(data.Find((string?)arguments.Get("id")));
            case "nodes":
                return ((IEnumerable)arguments.Get("ids")!).Cast<string>().Select(id => Of(data.Find(id))).ToArray();
        }
        foreach (var type in data.Model.Types)
        {
            var camel = char.ToLowerInvariant(type.Name[0]) + type.Name[1..];
            var things = data.Things.Where(t => t.Type == type);
            if (name == camel)
                return Of(things.FirstOrDefault(t => t.Id.ToString("D") == (string?)arguments.Get("id")));
            if (name == camel + "s")
            {
                var at = (DateOnly?)arguments.Get("at");
                var during = PlainFilter.Days(at, arguments.Get("during"));
                var found = things.Where(t => during is not { } days || !t.IsDated || PlainData.Meets(days, t.Period));
                return Connection(found.Select(t => (t, (PlainLink?)null)), arguments, name, at);
            }
            if (name.StartsWith(camel + "By", StringComparison.Ordinal))
                return Of(things.FirstOrDefault(t => arguments.Where(a => a.Key != "asOf").All(a => a.Value is not null && a.Value.Equals(t[a.Key]))));
        }
        throw new InvalidOperationException($"Nothing answers {name}.");

        static Seen? Of(PlainThing? thing) => thing is null ? null : new(thing, null);
    }

    private object? OfThing(Seen seen, IResolveFieldContext context)
    {
        var (thing, name, arguments) = (seen.Thing, Name(context), Arguments(context));
        if (name == "displayName")
            return thing.DisplayName;
        foreach (var end in data.Model.Ends(thing.Type.Name))
        {
            if (name != end.Here.Name && name != end.Here.Name + "Links")
                continue;
            var at = (DateOnly?)arguments.Get("at") ?? seen.At;
            var during = PlainFilter.Days((DateOnly?)arguments.Get("at"), arguments.Get("during")) ?? PlainFilter.Day(at ?? data.Today);
            var beyond = data.Beyond(end, thing, during);
            if (!end.Here.IsToOne || name != end.Here.Name)
                return Connection(beyond.Select(p => (p.Node, (PlainLink?)p.Link)), arguments, $"{thing.Type.Name}.{end.Here.Name}", at);
            var first = beyond.OrderBy(p => p.Node.Id.ToString("D"), StringComparer.Ordinal).ThenBy(p => p.Link.Id.ToString("D"), StringComparer.Ordinal).FirstOrDefault();
            return first.Node is null ? null : new Seen(first.Node, at);
        }
        return PlainScalar.Told(thing[name]);
    }

    private PlainConnection Connection(IEnumerable<(PlainThing Node, PlainLink? Link)> found, IDictionary<string, object?> arguments, string name, DateOnly? at)
    {
        var where = arguments.Get("where") as IDictionary<string, object?>;
        var of = $"{name}|{JsonSerializer.Serialize(where)}|{at}|{PlainFilter.Days(null, arguments.Get("during"))}";
        return new(found.Where(f => where is null || _filter.Holds(where, f.Node, at)), arguments, of, at, cursors.PlaceOf);
    }

    private object? OfConnection(PlainConnection connection, IResolveFieldContext context) => Name(context) switch
    {
        "nodes" => connection.Window.Select(e => e.Node).ToArray(),
        "edges" => connection.Window,
        "totalCount" => connection.Total,
        "groups" => connection.Groups([.. ((IEnumerable)Arguments(context).Get("by")!).Cast<string>().Select(k => k.ToLowerInvariant() switch { "valid_from" => "validFrom", "valid_to" => "validTo", var plain => plain })]),
        "pageInfo" => connection,
        "hasNextPage" => connection.HasNext,
        "hasPreviousPage" => connection.HasPrevious,
        "startCursor" => cursors.Told(connection.Window is [var first, ..] ? first.Place : null),
        _ => cursors.Told(connection.Window is [.., var last] ? last.Place : null),
    };

    private object? OfEdge(PlainEdge edge, IResolveFieldContext context) => Name(context) switch
    {
        "node" => edge.Node,
        "cursor" => cursors.Told(edge.Place),
        var name => PlainScalar.Told(edge.Link![name]),
    };

    private static object? OfGroup(PlainGroup group, IResolveFieldContext context) => Name(context) switch
    {
        "count" => group.Items.Count,
        "sum" or "avg" or "min" or "max" => new PlainSums(Name(context), group.Items),
        var name => PlainScalar.Told(group.Keys.GetValueOrDefault(name)),
    };

    private static string Name(IResolveFieldContext context) => context.FieldDefinition.Name;

    private static string Key(IResolveFieldContext context) => (string)(context.FieldAst.Alias?.Name ?? context.FieldAst.Name).Value;

    private static Dictionary<string, object?> Arguments(IResolveFieldContext context) =>
        (context.Arguments ?? new Dictionary<string, global::GraphQL.Execution.ArgumentValue>()).ToDictionary(a => a.Key, a => a.Value.Value);
}

/// <summary>An error as answers tell it, but for its words.</summary>
internal sealed record ToldError(string Code, string Path, string Locations);

/// <summary>Thrown where the root is written; the library makes null of it as its type says.</summary>
internal sealed class PlainError(ToldError told) : ExecutionError("wrong")
{
    public ToldError Told => told;
}
