using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Xrm.Host.Graph;

/// <summary>The media types of answers, and which of them a client wants.</summary>
internal static class MediaTypes
{
    public const string GraphQL = "application/graphql-response+json";
    public const string Json = "application/json";

    /// <summary>The one with the greater weight; of equals the one named first, and <see cref="Json"/> where the client takes any. null = neither is wanted.</summary>
    public static string? Answer(StringValues accept)
    {
        if (StringValues.IsNullOrEmpty(accept))
            return Json;
        // As most ask.
        if (accept is [Json or "*/*"])
            return Json;
        if (accept is [GraphQL])
            return GraphQL;
        if (!MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var wanted))
            return null;
        string? best = null;
        var weight = 0.0;
        foreach (var one in wanted)
        {
            var charset = one.Charset.Value?.Trim('"');
            if (charset is not null && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                continue;
            var type = one.MediaType.Equals(GraphQL, StringComparison.OrdinalIgnoreCase) ? GraphQL
                : one.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) || one.MatchesAllTypes || one.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase) ? Json
                : null;
            var asked = one.Quality ?? 1;
            if (type is not null && asked > weight)
                (best, weight) = (type, asked);
        }
        return best;
    }

    /// <summary>Whether a body of this type is one that can be read: JSON in UTF-8.</summary>
    public static bool IsRequest(string? contentType) => contentType == Json ||
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
        && (type.Charset.Length == 0 || type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
