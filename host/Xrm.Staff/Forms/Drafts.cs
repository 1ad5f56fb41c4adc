using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Forms;

/// <summary>Keeps what was typed and not saved for this tab, so that a reload loses nothing.</summary>
internal static class Drafts
{
    public static void Keep(FormState form) => Browser.Draft(Name(form), form.IsChanged ? Write(form).ToJsonString() : null);

    public static void Drop(FormState form) => Browser.Draft(Name(form), null);

    /// <summary>Puts what was kept into a form; whether there was something.</summary>
    public static bool Restore(FormState form)
    {
        if (Browser.Drafted(Name(form)) is not { } text)
            return false;
        try
        {
            using var json = JsonDocument.Parse(text);
            Read(form, json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Written by another version of the app: as if nothing had been kept.
            Drop(form);
        }
        return form.IsChanged;
    }

    private static string Name(FormState form) => form.Thing is { } thing ? $"form:{thing.Id}" : $"form:{form.Type.Name}:{form.Related?.Other.Id}";

    private static JsonObject Write(FormState form) => new()
    {
        ["id"] = form.Id.ToString(),
        ["version"] = form.Thing?.Version,
        ["isSent"] = form.Unanswered is not null,
        ["fields"] = new JsonObject(form.Entries.Where(e => e.IsChanged).Select(e => KeyValuePair.Create(e.Field.Name, (JsonNode?)new JsonObject
        {
            ["was"] = ShapeJson.Write(e.Was),
            ["texts"] = new JsonArray([.. e.Texts.Select(t => (JsonNode)JsonValue.Create(t)!)]),
        }))),
        ["ends"] = new JsonObject(form.Ends.Changed.Select(e => KeyValuePair.Create(e.Name, form.Ends.Chosen.GetValueOrDefault(e.Name) is { } hit ? (JsonNode?)new JsonObject
        {
            ["type"] = hit.Type, ["id"] = hit.Id.ToString(), ["name"] = hit.DisplayName,
        } : null))),
    };

    private static void Read(FormState form, JsonElement json)
    {
        foreach (var field in json.GetProperty("fields").EnumerateObject())
            if (form.Entry(field.Name) is { } entry)
            {
                entry.Rest(ShapeJson.Read(entry.Field.Shape, entry.Field.IsMany, field.Value.GetProperty("was")));
                entry.Type([.. field.Value.GetProperty("texts").EnumerateArray().Select(t => t.GetString()!)]);
            }
        foreach (var end in json.GetProperty("ends").EnumerateObject())
            if (form.Ends.Offered.FirstOrDefault(e => e.Name == end.Name) is { } own)
                form.Ends.Choose(own, end.Value.ValueKind == JsonValueKind.Null
                    ? null
                    : new(end.Value.GetProperty("type").GetString()!, EntityId.Parse(end.Value.GetProperty("id").GetString()!), end.Value.GetProperty("name").GetString()!));
        form.Resume(EntityId.Parse(json.GetProperty("id").GetString()!), json.GetProperty("version") is { ValueKind: JsonValueKind.Number } version ? version.GetInt32() : null, json.GetProperty("isSent").GetBoolean());
    }
}
