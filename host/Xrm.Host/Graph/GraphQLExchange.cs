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
internal sealed class GraphQLExchange(GraphQLService service, Func<HttpContext, ValueTask<Actor>> actor, int compressedFrom = AnswerCompression.DefaultFrom)
{
    private const string JsonInUtf8 = MediaTypes.Json + "; charset=utf-8";
    private static readonly AnswerCompression Uncompressed = new(0);
    private readonly AnswerCompression _compression = new(compressedFrom);

    public async Task Answer(HttpContext context)
    {
        var language = Languages.Preferred(context.Request.Headers.AcceptLanguage.ToString());
        if (MediaTypes.Answer(context.Request.Headers.Accept) is not { } mediaType)
        {
            await Tell(context, new(StatusCodes.Status406NotAcceptable, "accept",
                $"La réponse est en {MediaTypes.GraphQL} ou {MediaTypes.Json} : demandez l'un des deux (Accept).",
                $"The answer is {MediaTypes.GraphQL} or {MediaTypes.Json}: ask for one of them (Accept)."), language, MediaTypes.Json);
            return;
        }
        try
        {
            using var body = await RequestBody.Read(context.Request, service.Limits.BodyBytes, context.RequestAborted, allowsBatch: true);
            if (body.IsBatch)
            {
                await Batch(context, body, language, mediaType);
                return;
            }
            using var answer = await service.Execute(body.Request, await actor(context), language, context.RequestAborted);
            await Send(context, answer.Body, mediaType, Status(answer, mediaType), _compression);
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
        return Tell(context, bad, language, mediaType);
    }

    /// <summary>The schema in its definition language, for whoever is signed in.</summary>
    public async Task Schema(HttpContext context)
    {
        var who = await actor(context);
        if (who.Id == Actor.Anonymous.Id || !service.MayReadSchema(who))
        {
            var language = Languages.Preferred(context.Request.Headers.AcceptLanguage.ToString());
            using var answer = who.Id == Actor.Anonymous.Id
                ? GraphQLAnswer.Of(ProblemCode.Unauthenticated, Label.Of("Connectez-vous d'abord.", "Sign in first."), language)
                : GraphQLAnswer.Of(ProblemCode.Forbidden, Label.Of("Le schéma est réservé ici aux administrateurs.", "The schema is for administrators here."), language, "introspection");
            await Send(context, answer.Body, MediaTypes.Json, who.Id == Actor.Anonymous.Id ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden, null);
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

    private async Task Batch(HttpContext context, RequestBody body, string language, string mediaType)
    {
        var who = await actor(context);
        if (who.Id == Actor.Anonymous.Id)
            throw new BadRequest(StatusCodes.Status401Unauthorized, "signIn", "Connectez-vous d'abord.", "Sign in first.", ProblemCode.Unauthenticated);
        using var answer = await new BatchAnswer(service, who, language).Of(body.Batch, context.RequestAborted);
        await Send(context, answer.Memory, mediaType, StatusCodes.Status200OK, _compression);
    }

    private static async Task Tell(HttpContext context, BadRequest bad, string language, string mediaType)
    {
        using var answer = bad.Answer(language);
        await Send(context, answer.Body, mediaType, bad.Status, null);
    }

    private static async Task Send(HttpContext context, ReadOnlyMemory<byte> body, string mediaType, int status, AnswerCompression? compression)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = mediaType == MediaTypes.Json ? JsonInUtf8 : mediaType + "; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Encoding, Accept-Language";
        if (status == StatusCodes.Status405MethodNotAllowed && response.Headers.Allow.Count == 0)
            response.Headers.Allow = "POST";
        if (status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        await (compression ?? Uncompressed).Write(context, body);
    }
}
