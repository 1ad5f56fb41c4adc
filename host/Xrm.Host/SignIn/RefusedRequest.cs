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

    public static string Language(HttpRequest request) => Graph.Languages.Preferred(request.Headers.AcceptLanguage.ToString());
}
