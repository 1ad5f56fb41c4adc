using System.Net;
using System.Runtime.CompilerServices;
using Xrm.Host.Graph;
using Xrm.Host.Graph.Sockets;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.SignIn;

/// <summary>Tells who a request comes from, once for each; later it is asked with <see cref="Of"/>.</summary>
internal sealed class RequestActor(Credentials credentials, FailedTries tries) : ICallers
{
    public const string Cookie = "xrm_session";
    private const string Scheme = "Bearer ";

    /// <param name="Actor">Who it was when the request came.</param>
    /// <param name="Holder">Who holds the secret now; null = it is the same for ever.</param>
    /// <param name="Secret">What it came with.</param>
    private sealed record Known(Actor Actor, Func<string, Actor?>? Holder, string Secret)
    {
        /// <summary>What the secret was read from; null = no header.</summary>
        public string? Header { get; init; }

        public Actor Now() => Holder is null ? Actor : Holder(Secret) ?? Actor.Anonymous;
    }

    /// <summary>A power of two.</summary>
    private const int Headers = 64;

    /// <summary>Those found last. A connection that sends the same header again has the same string of it.</summary>
    private readonly Known?[] _found = new Known?[Headers];
    private readonly Func<string, Actor?> _ofToken = credentials.OfToken;
    private readonly Func<string, Actor?> _ofSession = credentials.OfSession;

    /// <summary>The actor of a request; <see cref="Actor.Anonymous"/> for one that nobody signed.</summary>
    public static Actor Of(HttpContext context) => context.Features.Get<Known>()?.Actor ?? Actor.Anonymous;

    /// <summary>Finds the actor.</summary>
    /// <returns>True when the request may go on; false when it was answered: a token of nobody (401, 429) or a page elsewhere that uses the browser's cookie (403).</returns>
    public async ValueTask<bool> Identify(HttpContext context)
    {
        if (context.Features.Get<Peer>() is { IsOwner: true } peer)
            return Set(context, new(peer.Actor, null, ""));
        var request = context.Request;
        if (request.Headers.Authorization is { Count: > 0 } headers)
        {
            if (Find(headers[0] ?? "") is { } holder)
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
            return Set(context, new(user, _ofSession, session));
        }
        return true;
    }

    /// <summary>Whether a request with a cookie was made by a page of ours and not by another site in the same browser.</summary>
    internal static bool IsOwnPage(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        // Other sites may open sockets here, with our cookies and without asking: only the browser's word tells them apart, and older ones say the origin alone.
        if (SocketEndpoint.IsMeant(request.HttpContext))
            return site.Length > 0 ? site == "same-origin" : request.Headers.Origin is not { Count: > 0 } from || Uri.TryCreate(from[0], UriKind.Absolute, out var page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return site is "" or "same-origin" or "none" || request.Headers["Sec-Fetch-Mode"] == "navigate";
        if (site is not ("" or "same-origin"))
            return false;
        // Behind a proxy with TLS the origin begins with https and the request that comes here with http; the browser's own word is enough then.
        if (site.Length == 0 && request.Headers.Origin is { Count: > 0 } origins && !string.Equals(origins[0], $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return false;
        // A form of another site can send neither of these without asking us first, which we do not answer.
        return !HttpMethods.IsPost(request.Method) || request.HasJsonContentType() || request.Headers.ContainsKey("X-Xrm");
    }

    /// <summary>Who a request was found to come from, to be asked again as long as its connection is open.</summary>
    Func<Actor> ICallers.Of(HttpContext context) => context.Features.Get<Known>() is { } known ? known.Now : () => Actor.Anonymous;

    /// <summary>Who holds the token that a client names after it connected; a token of nobody counts as one that was tried.</summary>
    Func<Actor>? ICallers.By(string authorization, HttpContext context)
    {
        var secret = SecretOf(authorization);
        if (secret is not null && credentials.OfToken(secret) is not null)
            return () => credentials.OfToken(secret) ?? Actor.Anonymous;
        tries.Failed(context.Connection.RemoteIpAddress ?? IPAddress.None);
        return null;
    }

    /// <summary>Who holds the token in a header now; null = nobody.</summary>
    private Known? Find(string header)
    {
        ref var place = ref _found[RuntimeHelpers.GetHashCode(header) & (Headers - 1)];
        var found = Volatile.Read(ref place) is { } last && ReferenceEquals(last.Header, header) ? last : null;
        var secret = found is null ? SecretOf(header) : found.Secret;
        if (secret is null || credentials.OfToken(secret) is not { } holder)
            return null;
        if (!ReferenceEquals(found?.Actor, holder))
            Volatile.Write(ref place, found = new(holder, _ofToken, secret) { Header = header });
        return found;
    }

    private static string? SecretOf(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null;

    private static bool Set(HttpContext context, Known known)
    {
        context.Features.Set(known);
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
