using System.Collections.Immutable;
using System.Text.Json;
using System.Xml;

namespace Xrm.Sdk;

/// <summary>Permissions as JSON, in manifests and in models.</summary>
internal static class PermissionsJson
{
    public static void Write(Utf8JsonWriter json, PluginPermissions permissions)
    {
        json.WriteStartObject();
        Texts("reads", permissions.Reads);
        Texts("writes", permissions.Writes);
        json.WriteStartArray("endpoints");
        foreach (var endpoint in permissions.Endpoints)
        {
            json.WriteStartObject();
            json.WriteString("path", endpoint.Path);
            json.WriteBoolean("public", endpoint.IsPublic);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Texts("hosts", permissions.Hosts);
        json.WriteStartArray("schedules");
        foreach (var schedule in permissions.Schedules)
        {
            json.WriteStartObject();
            json.WriteString("name", schedule.Name);
            json.WriteString("every", XmlConvert.ToString(schedule.Every));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();

        void Texts(string name, ImmutableArray<string> texts)
        {
            json.WriteStartArray(name);
            foreach (var text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
        }
    }

    /// <summary>Reads permissions. A part that is not there asks for nothing: packages of before it was thought of stay readable.</summary>
    /// <param name="json">An object.</param>
    /// <param name="tell">Told of each part that is wrong: its name, and what it must be in French and in English. The part is empty then.</param>
    public static PluginPermissions Read(JsonElement json, Action<string, Label> tell)
    {
        return new()
        {
            Reads = Texts("reads"),
            Writes = Texts("writes"),
            Endpoints = Each("endpoints", Label.Of("doit être une liste de {path, public}", "must be a list of {path, public}"),
                e => new EndpointPermission(Text(e.GetProperty("path")), e.GetProperty("public").GetBoolean())),
            Hosts = Texts("hosts"),
            Schedules = Each("schedules", Label.Of("doit être une liste de {name, every}, every comme PT1H", "must be a list of {name, every}, every like PT1H"),
                s => new SchedulePermission(Text(s.GetProperty("name")), XmlConvert.ToTimeSpan(Text(s.GetProperty("every"))))),
        };

        ImmutableArray<string> Texts(string name) => Each(name, Label.Of("doit être une liste de textes", "must be a list of texts"), Text);

        ImmutableArray<T> Each<T>(string name, Label wanted, Func<JsonElement, T> read)
        {
            try
            {
                return json.TryGetProperty(name, out var items) ? [.. items.EnumerateArray().Select(read)] : [];
            }
            catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
            {
                tell(name, wanted);
                return [];
            }
        }
    }

    /// <exception cref="FormatException">A part of it is wrong.</exception>
    public static PluginPermissions Read(JsonElement json) => Read(json, (part, wanted) => throw new FormatException($"\"permissions.{part}\" {wanted.En}"));

    private static string Text(JsonElement json) => json.GetString() ?? throw new FormatException("null is no text");
}
