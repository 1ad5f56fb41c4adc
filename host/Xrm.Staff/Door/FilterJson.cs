using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Door;

/// <summary>Filters as GraphQL's input of a type's filter.</summary>
internal static class FilterJson
{
    /// <exception cref="Problem">Invalid: the type has no end of a name.</exception>
    public static JsonObject Write(StaffModel model, ModelType type, Filter filter) => filter switch
    {
        Filter.Compare c => new() { [c.Field] = new JsonObject { [Word(c.How)] = ShapeJson.Write(c.Value) } },
        Filter.And a => new() { ["and"] = All(model, type, a.Filters) },
        Filter.Or o => new() { ["or"] = All(model, type, o.Filters) },
        Filter.Not n => new() { ["not"] = Write(model, type, n.Filter) },
        Filter.Through t => Through(model, type, t),
        _ => throw new ArgumentException($"{filter.GetType()} cannot be asked for here.", nameof(filter)),
    };

    private static JsonObject Through(StaffModel model, ModelType type, Filter.Through through)
    {
        var end = type.End(through.End) ?? throw new Problem(ProblemCode.Invalid, Label.Of($"« {through.End} » n'est pas une relation de ce type.", $"\"{through.End}\" is no relationship of this type."), through.End);
        var node = through.Node is { } asked && end.Far.Length == 1 ? Write(model, model.ByName[end.Far[0]], asked) : [];
        if (end.IsToOne)
            return through.How == Quantifier.None ? new() { ["not"] = new JsonObject { [end.Name] = node } } : new() { [end.Name] = node };
        var link = through.Link is Filter.Compare own ? Write(model, type, own) : [];
        if (through.Node is not null)
            link["node"] = node;
        if (through.During is { } during)
            link["during"] = new JsonObject { ["from"] = ShapeJson.Write(during.From), ["to"] = ShapeJson.Write(during.To) };
        return new() { [end.Name] = new JsonObject { [through.How switch { Quantifier.None => "none", Quantifier.All => "all", _ => "some" }] = link } };
    }

    private static JsonArray All(StaffModel model, ModelType type, ImmutableArray<Filter> filters) => [.. filters.Select(f => (JsonNode)Write(model, type, f))];

    private static string Word(Comparison how) => how switch
    {
        Comparison.Equal => "eq",
        Comparison.NotEqual => "neq",
        Comparison.In => "in",
        Comparison.NotIn => "nin",
        Comparison.Greater => "gt",
        Comparison.GreaterOrEqual => "gte",
        Comparison.Less => "lt",
        Comparison.LessOrEqual => "lte",
        Comparison.Contains => "contains",
        Comparison.StartsWith => "startsWith",
        _ => "endsWith",
    };
}
