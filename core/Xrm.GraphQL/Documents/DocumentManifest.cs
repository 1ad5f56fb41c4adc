using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.GraphQL.Documents;

/// <summary>Reads lists of documents as the builds of clients write them.</summary>
/// <remarks>
/// Three forms of JSON: an object of texts by id (Relay, GraphQL Code Generator), one of objects with a <c>source</c> by id, and one
/// with <c>operations</c>, each with <c>id</c> and <c>body</c> (Apollo's manifest).
/// </remarks>
internal static class DocumentManifest
{
    /// <param name="name">What people call the list when something is wrong with it.</param>
    /// <exception cref="Problem">Invalid: it is no JSON, or has another form.</exception>
    public static List<ListedDocument> Read(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var root = parsed.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw Wrong(name, "un objet JSON est attendu", "a JSON object is expected");
            return root.TryGetProperty("operations", out var operations) && operations.ValueKind == JsonValueKind.Array
                ? [.. operations.EnumerateArray().Select(o => new ListedDocument(Text(o, "id", name), Text(o, "body", name)))]
                : [.. root.EnumerateObject().Select(p => new ListedDocument(p.Name, p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : Text(p.Value, "source", name)))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no Unicode text.
            throw Wrong(name, $"ce n'est pas du JSON lisible ({e.Message})", $"this is not readable JSON ({e.Message})");
        }
    }

    private static string Text(JsonElement item, string property, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Wrong(name, $"une entrée n'a pas de texte « {property} »", $"an entry has no text \"{property}\"");

    private static Problem Wrong(string name, string french, string english) =>
        new(ProblemCode.Invalid, Label.Of($"{name} : {french}.", $"{name}: {english}."), name, "documents");
}
