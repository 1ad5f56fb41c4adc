using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Door;

/// <summary>Reads things as <see cref="Documents"/> asks for them.</summary>
internal static class SheetReader
{
    public static Sheet Read(StaffModel model, ModelType type, JsonElement json)
    {
        var related = ImmutableDictionary<string, ImmutableArray<Relationship>>.Empty;
        var counts = ImmutableDictionary<string, int>.Empty;
        foreach (var end in type.Ends)
            if (json.TryGetProperty(end.IsToOne ? end.Name + "Links" : end.Name, out var links) && links.ValueKind == JsonValueKind.Object && links.TryGetProperty("edges", out var edges))
            {
                related = related.Add(end.Name, [.. edges.EnumerateArray().Select(e => Link(model, end, Id(json), e))]);
                counts = counts.Add(end.Name, links.GetProperty("totalCount").GetInt32());
            }
        return new(Thing(type, json, related), counts);
    }

    public static Values ValuesOf(ImmutableArray<ModelField> fields, JsonElement json)
    {
        var values = Values.None;
        foreach (var field in fields)
            if (json.TryGetProperty(field.Name, out var value) && ShapeJson.Read(field.Shape, field.IsMany, value) is { } read)
                values = values.With(field.Name, read);
        return values;
    }

    private static Entity Thing(ModelType type, JsonElement json, ImmutableDictionary<string, ImmutableArray<Relationship>> related) => new(
        type.Name, Id(json), json.GetProperty("version").GetInt32(), ShapeJson.Moment(json.GetProperty("createdAt")), ShapeJson.Moment(json.GetProperty("updatedAt")),
        PeriodOf(json), json.GetProperty("displayName").GetString()!, ValuesOf(type.Fields, json), related);

    private static Relationship Link(StaffModel model, ModelEnd end, EntityId near, JsonElement edge)
    {
        var type = model.RelationshipsByName[end.Relationship];
        var node = edge.GetProperty("node");
        var far = Far(model, node);
        return new(end.Relationship, Id(edge), edge.GetProperty("version").GetInt32(), end.IsSource ? near : far.Id, end.IsSource ? far.Id : near, PeriodOf(edge), ValuesOf(type.Fields, edge)) { Other = far };
    }

    /// <summary>The thing beyond, with those that it names itself.</summary>
    private static Entity Far(StaffModel model, JsonElement node)
    {
        var name = node.GetProperty("__typename").GetString()!;
        var related = ImmutableDictionary<string, ImmutableArray<Relationship>>.Empty;
        if (!model.ByName.TryGetValue(name, out var type))
            return new(name, Id(node), 0, default, default, PeriodOf(node), node.GetProperty("displayName").GetString()!, Values.None, related);
        foreach (var end in type.Ends)
            if (end.IsToOne && node.TryGetProperty(end.Name, out var beyond) && beyond.ValueKind == JsonValueKind.Object)
            {
                var thing = new Entity(beyond.GetProperty("__typename").GetString()!, Id(beyond), 0, default, default, Period.Always, beyond.GetProperty("displayName").GetString()!, Values.None, ImmutableDictionary<string, ImmutableArray<Relationship>>.Empty);
                related = related.Add(end.Name, [new(end.Relationship, default, 0, Id(node), thing.Id, Period.Always, Values.None) { Other = thing }]);
            }
        return Thing(type, node, related);
    }

    private static EntityId Id(JsonElement json) => EntityId.Parse(json.GetProperty("id").GetString()!);

    private static Period PeriodOf(JsonElement json) => new(
        json.TryGetProperty("validFrom", out var from) ? ShapeJson.Day(from) : null,
        json.TryGetProperty("validTo", out var to) ? ShapeJson.Day(to) : null);
}
