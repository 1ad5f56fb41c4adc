using System.Net;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.SignIn;

/// <summary>Tells who a request comes from, once for each; later it is asked with <see cref="Of"/>.</summary>
internal sealed class RequestActor(Credentials credentials, FailedTries tries)
{
    public const string Cookie = "xrm_session";
    private const string Scheme = "Bearer ";

    private sealed record Known(Actor Actor);

    /// <summary>The actor of a request; <see cref="Actor.Anonymous"/> for one that nobody signed.</summary>
    public static Actor Of(HttpContext context) => context.Features.Get<Known>()?.Actor ?? Actor.Anonymous;

    /// <summary>Finds the actor.</summary>
    /// <returns>True when the request may go on; false when it was answered: a token of nobody (401, 429) or a page elsewhere that uses the browser's cookie (403).</returns>
    public async ValueTask<bool> Identify(HttpContext context)
    {
        if (context.Features.Get<Peer>() is { IsOwner: true } peer)
            return Set(context, peer.Actor);
        var request = context.Request;
        if (request.Headers.Authorization is { Count: > 0 } headers)
        {
            var header = headers[0] ?? "";
            if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && credentials.OfToken(header[Scheme.Length..].Trim()) is { } holder)
                return Set(context, holder);
            await Refuse(context);
            return false;
        }
        if (request.Cookies.TryGetValue(Cookie, out var session) && credentials.OfSession(session) is { } user)
        {
            if (!IsOwnPage(request))
            {
                await RefusedRequest.Answer(context, StatusCodes.Status403Forbidden, ProblemCode.Forbidden, Label.Of(
                    "Cette demande vient d'une autre page : avec une session, envoyez du JSON depuis la même origine ; sinon, prenez un jeton.",
                    "This request comes from another page: with a session, send JSON from the same origin; otherwise take a token."));
                return false;
            }
            return Set(context, user);
        }
        return true;
    }

    /// <summary>Whether a request with a cookie was made by a page of ours and not by another site in the same browser.</summary>
    internal static bool IsOwnPage(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return site is "" or "same-origin" or "none" || request.Headers["Sec-Fetch-Mode"] == "navigate";
        if (site is not ("" or "same-origin"))
            return false;
        // Behind a proxy with TLS the origin begins with https and the request that comes here with http; the browser's own word is enough then.
        if (site.Length == 0 && request.Headers.Origin is { Count: > 0 } origins && !string.Equals(origins[0], $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return false;
        // A form of another site can send neither of these without asking us first, which we do not answer.
        return request.HasJsonContentType() || request.Headers.ContainsKey("X-Xrm");
    }

    private static bool Set(HttpContext context, Actor actor)
    {
        context.Features.Set(new Known(actor));
        return true;
    }

    private async Task Refuse(HttpContext context)
    {
        if (tries.Failed(context.Connection.RemoteIpAddress ?? IPAddress.None) is { } wait)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await RefusedRequest.Answer(context, StatusCodes.Status429TooManyRequests, ProblemCode.Limit, Label.Of(
                $"Trop de jetons refusés depuis cette adresse ({FailedTries.Most} par minute au plus). Attendez un peu.",
                $"Too many refused tokens from this address (at most {FailedTries.Most} a minute). Wait a little."));
            return;
        }
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"xrm\", error=\"invalid_token\"";
        await RefusedRequest.Answer(context, StatusCodes.Status401Unauthorized, ProblemCode.Unauthenticated, Label.Of(
            "Ce jeton est inconnu, révoqué ou périmé. Demandez-en un autre (xrm token create).",
            "This token is unknown, revoked or expired. Ask for another one (xrm token create)."));
    }
}
