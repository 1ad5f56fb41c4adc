using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.SignIn;

/// <summary>The answer to a request that is refused outside GraphQL, in the form that GraphQL clients read.</summary>
internal static class RefusedRequest
{
    /// <summary>Refuses before it is known what is asked for.</summary>
    public static Task Answer(HttpContext context, int status, ProblemCode code, Label message) =>
        Answer(context, status, "application/graphql-response+json", [new(code, message)], null);

    /// <summary>Tells all faults, with the status of the first.</summary>
    /// <param name="trace">Under which the log has more; null when it has not.</param>
    public static Task Answer(HttpContext context, ImmutableArray<Fault> faults, string? trace = null) =>
        Answer(context, Status(faults[0].Code), "application/json", faults, trace);

    /// <summary>The same with a status of its own.</summary>
    public static Task Answer(HttpContext context, int status, ImmutableArray<Fault> faults) => Answer(context, status, "application/json", faults, null);

    public static string Language(HttpRequest request) => Graph.Languages.Preferred(request.Headers.AcceptLanguage.ToString());

    private static Task Answer(HttpContext context, int status, string mediaType, ImmutableArray<Fault> faults, string? trace)
    {
        var language = Language(context.Request);
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType + "; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status401Unauthorized && context.Response.Headers.WWWAuthenticate.Count == 0)
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"xrm\"";
        var errors = new JsonObject { ["errors"] = new JsonArray([.. faults.Select(f => (JsonNode)Of(f, language, trace))]) };
        return context.Response.WriteAsync(errors.ToJsonString(Wire.Options), context.RequestAborted);
    }

    private static JsonObject Of(Fault fault, string language, string? trace)
    {
        var extensions = new JsonObject { ["code"] = Wire.Code(fault.Code) };
        if (fault.Field is not null)
            extensions["field"] = fault.Field;
        if (fault.Rule is not null)
            extensions["rule"] = fault.Rule;
        if (trace is not null)
            extensions["traceId"] = trace;
        return new() { ["message"] = fault.Message.In(language), ["extensions"] = extensions };
    }

    private static int Status(ProblemCode code) => code switch
    {
        ProblemCode.NotFound => StatusCodes.Status404NotFound,
        ProblemCode.Conflict => StatusCodes.Status409Conflict,
        ProblemCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        ProblemCode.Forbidden => StatusCodes.Status403Forbidden,
        ProblemCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ProblemCode.Internal => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };
}
