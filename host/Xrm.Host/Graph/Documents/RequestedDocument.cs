using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xrm.GraphQL.Documents;

namespace Xrm.Host.Graph.Documents;

/// <summary>What a request calls its document by: <c>documentId</c> of the GraphQL-over-HTTP draft, or the hash of an automatically persisted document.</summary>
internal static class RequestedDocument
{
    /// <param name="id">Its <c>documentId</c>: a string, null or undefined.</param>
    /// <param name="extensions">Its <c>extensions</c>: an object, null or undefined.</param>
    /// <returns>null when it has no name.</returns>
    /// <exception cref="BadRequest">The name has a form that nobody knows.</exception>
    public static DocumentName? Of(JsonElement id, JsonElement extensions)
    {
        if (id.ValueKind == JsonValueKind.String)
            return Of(id.GetString()!);
        if (extensions.ValueKind != JsonValueKind.Object || !extensions.TryGetProperty("persistedQuery", out var persisted) || persisted.ValueKind == JsonValueKind.Null)
            return null;
        if (persisted.ValueKind != JsonValueKind.Object
            || !persisted.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != 1
            || !persisted.TryGetProperty("sha256Hash", out var hash) || hash.ValueKind != JsonValueKind.String || !IsHash(hash.GetString()!))
            throw new BadRequest(StatusCodes.Status400BadRequest, "persistedQuery",
                "« extensions.persistedQuery » a « version » 1 et « sha256Hash », 64 chiffres hexadécimaux.",
                "\"extensions.persistedQuery\" has \"version\" 1 and \"sha256Hash\", 64 hexadecimal digits.");
        return new(hash.GetString()!.ToLowerInvariant(), IsAutomatic: true);
    }

    /// <param name="id">A <c>documentId</c>.</param>
    /// <exception cref="BadRequest">It is empty, or has a prefix that stands for nothing here.</exception>
    public static DocumentName Of(string id)
    {
        var prefix = id.IndexOf(':', StringComparison.Ordinal);
        var isKnown = prefix < 0 ? id.Length > 0
            : id.StartsWith("x-", StringComparison.Ordinal) || id.StartsWith(DocumentName.HashPrefix, StringComparison.Ordinal) && IsHash(id[(prefix + 1)..]);
        return isKnown ? new(id, IsAutomatic: false) : throw new BadRequest(StatusCodes.Status400BadRequest, "documentId",
            "« documentId » est « sha256: » et 64 chiffres hexadécimaux, un nom qui commence par « x- », ou un nom sans deux-points.",
            "\"documentId\" is \"sha256:\" and 64 hexadecimal digits, a name that begins with \"x-\", or a name without a colon.");
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
