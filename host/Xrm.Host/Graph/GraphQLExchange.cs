using Microsoft.AspNetCore.Http;
using Xrm.GraphQL;
using Xrm.Sdk;

namespace Xrm.Host.Graph;

/// <summary>One request and its answer by the GraphQL-over-HTTP draft.</summary>
/// <remarks>
/// What the transport itself finds wrong (method, media types, a body that is no request) has a status of its own in both media types.
/// What GraphQL refuses before running is 200 in <c>application/json</c>, as older clients expect, and a status that says why in
/// <c>application/graphql-response+json</c>; what ran is 200 in both. Nobody signed in is 401 in both.
/// </remarks>
internal sealed class GraphQLExchange(GraphQLService service, Func<HttpContext, ValueTask<Actor>> actor)
{
    public async Task Answer(HttpContext context)
    {
        var language = Languages.Preferred(context.Request.Headers.AcceptLanguage.ToString());
        if (MediaTypes.Answer(context.Request.Headers.Accept) is not { } mediaType)
        {
            await Refuse(context, MediaTypes.Json, StatusCodes.Status406NotAcceptable, language, "accept",
                $"La réponse est en {MediaTypes.GraphQL} ou {MediaTypes.Json} : demandez l'un des deux (Accept).",
                $"The answer is {MediaTypes.GraphQL} or {MediaTypes.Json}: ask for one of them (Accept).");
            return;
        }
        try
        {
            using var body = await RequestBody.Read(context.Request, service.Limits.BodyBytes, context.RequestAborted);
            using var answer = await service.Execute(body.Request, await actor(context), language, context.RequestAborted);
            await Send(context, answer, mediaType, Status(answer, mediaType));
        }
        catch (BadRequest bad)
        {
            await Refuse(context, bad, language, mediaType);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            context.Abort();
        }
    }

    /// <summary>Tells what is wrong with a request.</summary>
    public static Task Refuse(HttpContext context, BadRequest bad, string language, string mediaType = MediaTypes.Json)
    {
        if (bad.Status == StatusCodes.Status405MethodNotAllowed)
            context.Response.Headers.Allow = "GET, POST";
        return Refuse(context, mediaType, bad.Status, language, bad.Rule, bad.Label.Fr, bad.Label.En, bad.Code);
    }

    /// <summary>The schema in its definition language, for whoever is signed in.</summary>
    public async Task Schema(HttpContext context)
    {
        if ((await actor(context)).Id == Actor.Anonymous.Id)
        {
            var language = Languages.Preferred(context.Request.Headers.AcceptLanguage.ToString());
            using var answer = GraphQLAnswer.Of(ProblemCode.Unauthenticated, Label.Of("Connectez-vous d'abord.", "Sign in first."), language);
            await Send(context, answer, MediaTypes.Json, StatusCodes.Status401Unauthorized);
            return;
        }
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(service.SchemaText, context.RequestAborted);
    }

    private static int Status(GraphQLAnswer answer, string mediaType)
    {
        if (answer.IsMutationRefused)
            return StatusCodes.Status405MethodNotAllowed;
        if (answer.Refusal == ProblemCode.Unauthenticated)
            return StatusCodes.Status401Unauthorized;
        if (mediaType == MediaTypes.Json)
            return StatusCodes.Status200OK;
        return answer.Refusal switch
        {
            null => StatusCodes.Status200OK,
            ProblemCode.Internal => StatusCodes.Status500InternalServerError,
            ProblemCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };
    }

    private static async Task Refuse(HttpContext context, string mediaType, int status, string language, string rule, string french, string english, ProblemCode code = ProblemCode.Invalid)
    {
        using var answer = GraphQLAnswer.Of(code, Label.Of(french, english), language, rule);
        await Send(context, answer, mediaType, status);
    }

    private static async Task Send(HttpContext context, GraphQLAnswer answer, string mediaType, int status)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = mediaType + "; charset=utf-8";
        response.ContentLength = answer.Body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Language";
        if (status == StatusCodes.Status405MethodNotAllowed && response.Headers.Allow.Count == 0)
            response.Headers.Allow = "POST";
        if (status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        await response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }
}
