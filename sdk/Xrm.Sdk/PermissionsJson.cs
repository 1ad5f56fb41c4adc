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

    /// <exception cref="FormatException">It is not the JSON of permissions; so too InvalidOperationException and KeyNotFoundException.</exception>
    public static PluginPermissions Read(JsonElement json) => new()
    {
        Reads = Texts(json, "reads"),
        Writes = Texts(json, "writes"),
        Endpoints = Each(json, "endpoints", e => new EndpointPermission(e.GetProperty("path").GetString()!, e.GetProperty("public").GetBoolean())),
        Hosts = Texts(json, "hosts"),
        Schedules = Each(json, "schedules", s => new SchedulePermission(s.GetProperty("name").GetString()!, XmlConvert.ToTimeSpan(s.GetProperty("every").GetString()!))),
    };

    private static ImmutableArray<string> Texts(JsonElement json, string name) => Each(json, name, t => t.GetString()!);

    private static ImmutableArray<T> Each<T>(JsonElement json, string name, Func<JsonElement, T> read) =>
        json.TryGetProperty(name, out var items) ? [.. items.EnumerateArray().Select(read)] : [];
}
