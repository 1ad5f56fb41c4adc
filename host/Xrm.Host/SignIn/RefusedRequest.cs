using System.Text.Json.Nodes;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.SignIn;

/// <summary>The answer to a request that is refused before GraphQL sees it, in the form that GraphQL clients read.</summary>
internal static class RefusedRequest
{
    public static Task Answer(HttpContext context, int status, ProblemCode code, Label message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/graphql-response+json; charset=utf-8";
        var errors = new JsonObject
        {
            ["errors"] = new JsonArray(new JsonObject
            {
                ["message"] = message.In(Language(context.Request)),
                ["extensions"] = new JsonObject { ["code"] = Wire.Code(code) },
            }),
        };
        return context.Response.WriteAsync(errors.ToJsonString(Wire.Options), context.RequestAborted);
    }

    /// <summary><c>en</c> when the browser puts English before French; else <c>fr</c>.</summary>
    public static string Language(HttpRequest request)
    {
        var best = ("fr", 0.0);
        foreach (var wish in request.GetTypedHeaders().AcceptLanguage)
            if (wish.Value.Value is { Length: >= 2 } value && (wish.Quality ?? 1) > best.Item2 && value[..2].ToLowerInvariant() is "fr" or "en")
                best = (wish.Value.Value[..2].ToLowerInvariant(), wish.Quality ?? 1);
        return best.Item1;
    }
}
