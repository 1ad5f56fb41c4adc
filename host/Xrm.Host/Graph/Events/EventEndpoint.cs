using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Xrm.GraphQL;
using Xrm.Sdk;

namespace Xrm.Host.Graph.Events;

/// <summary>GraphQL by server-sent events, by the protocol <c>graphql-sse</c> in both of its modes: a response for each operation, or one that all operations share.</summary>
internal sealed class EventEndpoint(StreamParts parts)
{
    private readonly Reservations _reservations = new(parts);

    /// <summary>Whether a request is for it: one that accepts nothing but events, or has to do with a shared response.</summary>
    public static bool IsMeant(HttpRequest request) =>
        HttpMethods.IsPut(request.Method) && request.ContentLength is null or 0 || HttpMethods.IsDelete(request.Method) || Reservations.TokenOf(request) is not null || IsForEvents(request);

    public async Task Answer(HttpContext context)
    {
        var request = context.Request;
        var language = Languages.Preferred(request.Headers.AcceptLanguage.ToString());
        var who = parts.Callers.Of(context);
        try
        {
            if (who().Id == Actor.Anonymous.Id)
                throw new BadRequest(StatusCodes.Status401Unauthorized, "signIn", "Connectez-vous d'abord.", "Sign in first.", ProblemCode.Unauthenticated);
            if (HttpMethods.IsPut(request.Method))
                await Reserve(context, who);
            else if (HttpMethods.IsDelete(request.Method))
                Of(request, who).Stop(request.Query["operationId"].ToString());
            else if (Reservations.TokenOf(request) is null)
                await Alone(context, who, language);
            else if (IsForEvents(request))
                await Of(request, who).Open(context, language);
            else
                await Ask(context, Of(request, who));
        }
        catch (BadRequest bad)
        {
            await GraphQLExchange.Refuse(context, bad, language);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private static bool IsForEvents(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.ToString().Contains(EventStream.MediaType, StringComparison.OrdinalIgnoreCase)
            && MediaTypes.Answer(accept) is null
            && MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var wanted)
            && wanted.Any(w => w.MediaType.Equals(EventStream.MediaType, StringComparison.OrdinalIgnoreCase) && w.Quality != 0);
    }

    /// <summary>One operation, whose response this is.</summary>
    private async Task Alone(HttpContext context, Func<Actor> who, string language)
    {
        using var body = await RequestBody.Read(context.Request, parts.Service.Limits.BodyBytes, context.RequestAborted);
        using var place = parts.Streams.Open(who()) ?? throw TooMany(parts.Limits);
        using var stream = new EventStream(context, parts, language) { Running = () => [null] };
        var alive = Task.CompletedTask;
        try
        {
            await stream.Begin();
            alive = stream.KeepAlive();
            await Operations.Run(parts.Service, body.Request, who, language, new EventReceiver(stream, null), stream.Over);
        }
        catch (OperationCanceledException)
        {
            // The client was told, or is gone; or the host stops: without a "complete" a client asks again elsewhere.
        }
        finally
        {
            stream.End();
            await alive;
        }
    }

    private async Task Reserve(HttpContext context, Func<Actor> who)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(_reservations.Add(who), context.RequestAborted);
    }

    private async Task Ask(HttpContext context, SharedStream stream)
    {
        var body = await RequestBody.Read(context.Request, parts.Service.Limits.BodyBytes, context.RequestAborted);
        stream.Start(body);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private SharedStream Of(HttpRequest request, Func<Actor> who) => _reservations.Find(request, who())
        ?? throw new BadRequest(StatusCodes.Status404NotFound, "token", "Ce flux n'existe pas ou n'existe plus : réservez-en un (PUT).", "There is no such stream, or no more: reserve one (PUT).", ProblemCode.NotFound);

    /// <summary>An actor has as many connections as it may.</summary>
    public static BadRequest TooMany(StreamLimits limits) => new(StatusCodes.Status429TooManyRequests, "connections",
        $"Vous avez déjà {limits.Connections} connexions ouvertes.", $"You have {limits.Connections} open connections already.", ProblemCode.Limit);
}
