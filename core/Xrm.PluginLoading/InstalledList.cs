using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>A package that the data folder keeps.</summary>
/// <param name="File">Its file's name.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
internal sealed record KeptPackage(string File, string Sha256, PluginVersion Version);

/// <summary>A plugin that is installed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Package">What it runs from; null only for lists of earlier versions of this program, which knew the id alone.</param>
internal sealed record InstalledPlugin(string Id, KeptPackage? Package)
{
    /// <summary>Whether it is to be in service.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Why its package was trusted: <c>bundled</c>, <c>hash</c>, <c>certificate</c>, <c>once</c>.</summary>
    public string TrustedBy { get; init; } = "bundled";

    /// <summary>The package before the last update, to go back to; null = there is none.</summary>
    public KeptPackage? Before { get; init; }
}

/// <summary>What is installed in a data folder, kept in <c>installed.json</c>: every command and every start sees the same plugins whatever it is told.</summary>
internal sealed record InstalledList
{
    private const int Format = 2;

    /// <summary>In the order in which they were installed.</summary>
    public ImmutableArray<InstalledPlugin> Plugins { get; init; } = [];

    /// <summary>Ids of plugins that somebody took away: the settings do not bring them back.</summary>
    public ImmutableArray<string> Removed { get; init; } = [];

    public InstalledPlugin? Find(string id) => Plugins.FirstOrDefault(p => p.Id == id);

    /// <summary>With a plugin in the place of the one with its id, or at the end.</summary>
    public InstalledList With(InstalledPlugin plugin)
    {
        var there = Find(plugin.Id);
        return this with { Plugins = there is null ? Plugins.Add(plugin) : Plugins.Replace(there, plugin), Removed = Removed.Remove(plugin.Id) };
    }

    public InstalledList Without(string id) => this with { Plugins = Plugins.RemoveAll(p => p.Id == id), Removed = Removed.Contains(id) ? Removed : Removed.Add(id) };

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="Problem">Unavailable: it is damaged.</exception>
    public static InstalledList? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            return new()
            {
                Plugins = [.. root.GetProperty("plugins").EnumerateArray().Select(Plugin)],
                Removed = root.TryGetProperty("removed", out var removed) ? [.. removed.EnumerateArray().Select(r => r.GetString()!)] : [],
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new Problem(ProblemCode.Unavailable, Label.Of(
                $"Le fichier {path} est abîmé. Remettez celui de la sauvegarde, ou effacez-le : il est refait d'après XRM_PLUGINS.",
                $"The file {path} is damaged. Put back the one of the backup, or delete it: it is made anew from XRM_PLUGINS."));
        }
    }

    public void Write(string path)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteStartArray("plugins");
            foreach (var plugin in Plugins)
            {
                json.WriteStartObject();
                json.WriteString("id", plugin.Id);
                json.WriteBoolean("enabled", plugin.IsEnabled);
                json.WriteString("trustedBy", plugin.TrustedBy);
                Package(json, "package", plugin.Package);
                Package(json, "before", plugin.Before);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("removed");
            foreach (var id in Removed)
                json.WriteStringValue(id);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        WholeFile.Write(path, buffer.ToArray());
    }

    // The first form of the list had ids alone.
    private static InstalledPlugin Plugin(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? new(json.GetString()!, null)
        : new(json.GetProperty("id").GetString()!, Package(json, "package"))
        {
            IsEnabled = json.GetProperty("enabled").GetBoolean(),
            TrustedBy = json.GetProperty("trustedBy").GetString()!,
            Before = Package(json, "before"),
        };

    private static KeptPackage? Package(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var package))
            return null;
        var file = package.GetProperty("file").GetString()!;
        if (file != Path.GetFileName(file) || file.Length == 0)
            throw new FormatException($"\"{file}\" is not a file name");
        return new(file, package.GetProperty("sha256").GetString()!, PluginVersion.Parse(package.GetProperty("version").GetString()!));
    }

    private static void Package(Utf8JsonWriter json, string name, KeptPackage? package)
    {
        if (package is null)
            return;
        json.WriteStartObject(name);
        json.WriteString("file", package.File);
        json.WriteString("sha256", package.Sha256);
        json.WriteString("version", package.Version.ToString());
        json.WriteEndObject();
    }
}
