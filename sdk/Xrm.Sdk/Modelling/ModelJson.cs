using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Xrm.Sdk;

/// <summary>A model description as JSON: what manifests and the log hold. The same description always gives the same text.</summary>
/// <remarks>Facets that are as they are unless said are left out. Field types stand there by name, shape and parameters.</remarks>
public static class ModelJson
{
    /// <summary>The canonical JSON, on one line.</summary>
    public static string ToJson(ModelDescription model)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            new ModelJsonWriter(json).Write(model);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Back from JSON. Field types are stand-ins: they have name, shape, options, moves and length, and check nothing else.</summary>
    /// <exception cref="Problem">Invalid: it is not the JSON of a model description; the message says where.</exception>
    public static ModelDescription Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
            return ModelJsonReader.Model(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            throw new Problem(ProblemCode.Invalid, Label.Of($"La description du modèle n'est pas lisible : {e.Message}", $"The model description cannot be read: {e.Message}"), rule: "model");
        }
    }
}
