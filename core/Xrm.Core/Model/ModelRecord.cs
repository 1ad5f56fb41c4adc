using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>A model as the log keeps it: what the plugins described, and the numbers of all names there ever were.</summary>
internal static class ModelRecord
{
    private const int Format = 2;

    /// <summary>The canonical JSON of a model.</summary>
    /// <param name="note">What it was changed for; null when nobody said.</param>
    public static byte[] Write(CompiledModel model, ModelNote? note = null)
    {
        var buffer = new ArrayBufferWriter<byte>(16_384);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            Write(json, "types", model.Catalog.Types);
            Write(json, "fields", model.Catalog.Fields);
            json.WriteStartArray("plugins");
            foreach (var description in model.Descriptions)
                json.WriteRawValue(DescriptionJson.Of(description), skipInputValidation: true);
            json.WriteEndArray();
            json.WriteStartArray("parked");
            foreach (var description in model.Parked)
                json.WriteRawValue(DescriptionJson.Of(description), skipInputValidation: true);
            json.WriteEndArray();
            if (note is not null)
            {
                json.WritePropertyName("note");
                note.Write(json);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Back from the log; field types are stand-ins.</summary>
    /// <exception cref="Problem">Unavailable: a newer version of this program wrote it.</exception>
    public static CompiledModel Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.GetProperty("format").GetInt32() > Format)
            throw new Problem(ProblemCode.Unavailable, Label.Of("Le modèle a été écrit par une version plus récente de ce programme.", "The model was written by a newer version of this program."));
        var catalog = new Catalog(Names(root.GetProperty("types")), Names(root.GetProperty("fields")));
        ImmutableArray<ModelDescription> parked = root.TryGetProperty("parked", out var parts) ? [.. parts.EnumerateArray().Select(p => ModelJson.Parse(p.GetRawText()))] : [];
        var known = new CompiledModel([], [], [], [], [], catalog, 0) { Parked = parked };
        return ModelCompiler.Compile([.. root.GetProperty("plugins").EnumerateArray().Select(p => ModelJson.Parse(p.GetRawText()))], known);
    }

    /// <summary>The note of a recorded model; null when it has none.</summary>
    public static JsonElement? NoteOf(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("note", out var note) ? note.Clone() : null;
    }

    public static string Fingerprint(CompiledModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var description in model.Descriptions)
            Add(DescriptionJson.Of(description));
        Add("parked"u8);
        foreach (var description in model.Parked)
            Add(DescriptionJson.Of(description));
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(ReadOnlySpan<byte> said)
        {
            hash.AppendData(said);
            hash.AppendData("\n"u8);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, int> numbers)
    {
        json.WriteStartObject(name);
        foreach (var (key, number) in numbers)
            json.WriteNumber(key, number);
        json.WriteEndObject();
    }

    private static ImmutableSortedDictionary<string, int> Names(JsonElement json) =>
        json.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal);
}
