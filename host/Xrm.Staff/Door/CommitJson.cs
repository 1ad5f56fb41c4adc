using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Staff.Door;

/// <summary>Commits as GraphQL's CommitInput.</summary>
internal static class CommitJson
{
    public static JsonObject Write(Commit commit) => new()
    {
        ["id"] = commit.Id.ToString(),
        ["onConflict"] = commit.OnConflict switch { OnConflict.Merge => "MERGE", OnConflict.Overwrite => "OVERWRITE", _ => "FAIL" },
        ["edits"] = new JsonArray([.. commit.Edits.Select(e => (JsonNode)Write(e))]),
    };

    private static JsonObject Write(Edit edit) => edit switch
    {
        Edit.Create e => new() { ["create"] = new JsonObject { ["type"] = e.Type, ["id"] = e.Id.ToString(), ["values"] = Write(e.Values) } },
        Edit.Update e => new() { ["update"] = new JsonObject { ["type"] = e.Type, ["id"] = e.Id.ToString(), ["expectedVersion"] = e.ExpectedVersion, ["values"] = Write(e.Values), ["move"] = e.Move } },
        Edit.Delete e => new() { ["delete"] = new JsonObject { ["type"] = e.Type, ["id"] = e.Id.ToString(), ["expectedVersion"] = e.ExpectedVersion } },
        Edit.Relate e => new()
        {
            ["relate"] = new JsonObject
            {
                ["type"] = e.Type, ["id"] = e.Id.ToString(), ["source"] = e.Source.ToString(), ["target"] = e.Target.ToString(),
                ["validFrom"] = ShapeJson.Write(e.Period.From), ["validTo"] = ShapeJson.Write(e.Period.To), ["values"] = Write(e.Values),
            },
        },
        Edit.Change e => new() { ["change"] = new JsonObject { ["type"] = e.Type, ["id"] = e.Id.ToString(), ["expectedVersion"] = e.ExpectedVersion, ["values"] = Write(e.Values) } },
        Edit.End e => new() { ["end"] = new JsonObject { ["type"] = e.Type, ["id"] = e.Id.ToString(), ["expectedVersion"] = e.ExpectedVersion, ["on"] = ShapeJson.Day(e.On) } },
        Edit.Unrelate e => new() { ["unrelate"] = new JsonObject { ["type"] = e.Type, ["id"] = e.Id.ToString(), ["expectedVersion"] = e.ExpectedVersion } },
        _ => throw new ArgumentException($"{edit.GetType()} is no edit.", nameof(edit)),
    };

    private static JsonObject Write(Values values)
    {
        var json = new JsonObject();
        foreach (var (name, value) in values)
            json[name] = ShapeJson.Write(value);
        return json;
    }
}
