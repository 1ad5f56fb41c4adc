using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Xrm.Sdk;

/// <summary>Writes and reads <c>plugin.json</c>.</summary>
internal static class PluginManifestJson
{
    public static string Write(PluginManifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", PluginManifest.Format);
            json.WriteString("id", manifest.Id);
            json.WriteString("version", manifest.Version.ToString());
            json.WriteString("assembly", manifest.Assembly);
            Write(json, "title", manifest.Title);
            Write(json, "description", manifest.Description);
            json.WriteString("sdk", manifest.Sdk.ToString());
            json.WriteStartObject("requires");
            foreach (var requirement in manifest.Requires)
                json.WriteString(requirement.Id, requirement.Versions.ToString());
            json.WriteEndObject();
            json.WriteStartArray("migrations");
            foreach (var migration in manifest.Migrations)
            {
                json.WriteStartObject();
                json.WriteString("to", migration.To.ToString());
                json.WriteString("type", migration.Type);
                Write(json, "what", migration.What);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WritePropertyName("permissions");
            PermissionsJson.Write(json, manifest.Permissions);
            json.WritePropertyName("model");
            json.WriteRawValue(ModelJson.ToJson(manifest.Model));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    public static PluginManifest Read(string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new() { MaxDepth = 128 });
        }
        catch (JsonException e)
        {
            throw new Problem(Bad(PluginManifest.FileName, $"n'est pas du JSON (ligne {e.LineNumber + 1})", $"is not JSON (line {e.LineNumber + 1})"));
        }
        using (document)
        {
            var reading = new Reading(document.RootElement);
            var manifest = reading.Manifest();
            return reading.Faults.Count == 0 ? manifest! : throw new Problem(reading.Faults);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, Label label)
    {
        json.WriteStartObject(name);
        json.WriteString("fr", label.Fr);
        json.WriteString("en", label.En);
        json.WriteEndObject();
    }

    private static Fault Bad(string field, string french, string english) =>
        new(ProblemCode.Invalid, Label.Of($"« {field} » {french}.", $"\"{field}\" {english}."), field, "manifest");

    /// <summary>One reading: goes on past each fault, so that all are told.</summary>
    private sealed class Reading(JsonElement root)
    {
        public List<Fault> Faults { get; } = [];

        public PluginManifest? Manifest()
        {
            if (root.ValueKind != JsonValueKind.Object)
            {
                Tell(PluginManifest.FileName, "doit être un objet JSON", "must be a JSON object");
                return null;
            }
            // A later form may mean anything by the rest: nothing else is worth telling.
            if (!root.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.Number || !format.TryGetInt32(out var number) || number != PluginManifest.Format)
            {
                Tell("format", $"doit être {PluginManifest.Format} : ce paquet est fait pour une autre version de l'application", $"must be {PluginManifest.Format}: this package is made for another version of the application");
                return null;
            }
            var id = Text(root, "id", "id");
            if (id is not null && !PluginManifest.IsId(id))
                Tell("id", "doit être fait de minuscules, chiffres et tirets, et commencer par une lettre", "must be lower case letters, digits and hyphens, first a letter");
            var version = default(PluginVersion);
            if (Text(root, "version", "version") is { } v && !PluginVersion.TryParse(v, out version))
                Tell("version", "doit être une version (1.2.3)", "must be a version (1.2.3)");
            var assembly = Text(root, "assembly", "assembly");
            if (assembly is not null && (assembly != Path.GetFileName(assembly) || assembly.Contains('\\', StringComparison.Ordinal) || !assembly.EndsWith(".dll", StringComparison.Ordinal)))
                Tell("assembly", "doit être le nom d'un fichier .dll, sans dossier", "must be the name of a .dll file, without a folder");
            return new(id ?? "", version, assembly ?? "")
            {
                Title = Labelled("title"),
                Description = Labelled("description"),
                Sdk = Range(Text(root, "sdk", "sdk"), "sdk"),
                Requires = Requires(),
                Permissions = Permissions(),
                Migrations = Migrations(),
                Model = Model(id),
            };
        }

        private ImmutableArray<PluginRequirement> Requires()
        {
            if (!Has(root, "requires", JsonValueKind.Object, "requires", out var requires))
                return [];
            var all = ImmutableArray.CreateBuilder<PluginRequirement>();
            foreach (var one in requires.EnumerateObject())
            {
                var field = "requires." + one.Name;
                if (!PluginManifest.IsId(one.Name))
                    Tell(field, "n'est pas l'identifiant d'un module", "is not the id of a plugin");
                all.Add(new(one.Name, Range(one.Value.ValueKind == JsonValueKind.String ? one.Value.GetString() : "", field)));
            }
            return all.ToImmutable();
        }

        private PluginPermissions Permissions() => Has(root, "permissions", JsonValueKind.Object, "permissions", out var permissions)
            ? PermissionsJson.Read(permissions, (part, wanted) => Tell("permissions." + part, wanted.Fr, wanted.En))
            : PluginPermissions.None;

        private ImmutableArray<MigrationSummary> Migrations()
        {
            if (!root.TryGetProperty("migrations", out _) || !Has(root, "migrations", JsonValueKind.Array, "migrations", out var array))
                return [];
            var all = ImmutableArray.CreateBuilder<MigrationSummary>();
            foreach (var one in array.EnumerateArray())
                if (one.ValueKind == JsonValueKind.Object && one.TryGetProperty("to", out var to) && to.ValueKind == JsonValueKind.String && PluginVersion.TryParse(to.GetString(), out var version)
                    && one.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && one.TryGetProperty("what", out var what) && what.ValueKind == JsonValueKind.Object)
                    all.Add(new(version, type.GetString()!, Label.Of(Text(what, "fr", "migrations.what.fr") ?? "", Text(what, "en", "migrations.what.en") ?? "")));
                else
                    Tell("migrations", "doit être une liste de {to, type, what}", "must be a list of {to, type, what}");
            return all.ToImmutable();
        }

        private ModelDescription Model(string? id)
        {
            if (Has(root, "model", JsonValueKind.Object, "model", out var json))
                try
                {
                    var model = ModelJson.Parse(json.GetRawText());
                    if (id is not null && model.Plugin != id)
                        Tell("model.plugin", $"doit être « {id} »", $"must be \"{id}\"");
                    return model;
                }
                catch (Problem problem)
                {
                    Faults.AddRange(problem.Faults.Select(f => f with { Field = f.Field is null ? "model" : "model." + f.Field }));
                }
            return new(id ?? "");
        }

        private PluginVersionRange Range(string? text, string field)
        {
            if (PluginVersionRange.TryParse(text, out var range))
                return range;
            if (text is not null)
                Tell(field, "doit être une suite de versions ([1.2.0,2.0.0), ou [1.2.0,) sans fin)", "must be a range of versions ([1.2.0,2.0.0), or [1.2.0,) without end)");
            return new(default, null);
        }

        private Label Labelled(string name) => Has(root, name, JsonValueKind.Object, name, out var label)
            ? Label.Of(Text(label, "fr", name + ".fr") ?? "", Text(label, "en", name + ".en") ?? "")
            : Label.Of("", "");

        private string? Text(JsonElement owner, string name, string field)
        {
            if (!Has(owner, name, JsonValueKind.String, field, out var text))
                return null;
            if (text.GetString() is { Length: > 0 } some)
                return some;
            Tell(field, "ne doit pas être vide", "must not be empty");
            return null;
        }

        private bool Has(JsonElement owner, string name, JsonValueKind kind, string field, out JsonElement value)
        {
            if (!owner.TryGetProperty(name, out value))
                Tell(field, "manque", "is missing");
            else if (value.ValueKind != kind)
                Tell(field, $"doit être {French(kind)}", $"must be {English(kind)}");
            else
                return true;
            return false;
        }

        private void Tell(string field, string french, string english) => Faults.Add(Bad(field, french, english));

        private static string French(JsonValueKind kind) => kind switch { JsonValueKind.Object => "un objet", JsonValueKind.Array => "une liste", _ => "un texte" };

        private static string English(JsonValueKind kind) => kind switch { JsonValueKind.Object => "an object", JsonValueKind.Array => "a list", _ => "a text" };
    }
}
