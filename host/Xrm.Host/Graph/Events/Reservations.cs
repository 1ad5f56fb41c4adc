using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Xrm.Sdk;

namespace Xrm.Host.Graph.Events;

/// <summary>Responses that several operations share, from the moment that a client reserves one.</summary>
internal sealed class Reservations(StreamParts parts)
{
    private readonly ConcurrentDictionary<string, SharedStream> _streams = new(StringComparer.Ordinal);

    /// <summary>The token that a request names; null when it names none.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers["X-GraphQL-Event-Stream-Token"] is [{ Length: > 0 } header] ? header : request.QueryString.HasValue && request.Query["token"] is [{ Length: > 0 } query] ? query : null;

    /// <summary>Reserves one, which is given up when it is not opened in the time that a connection has to begin.</summary>
    /// <returns>Its token.</returns>
    /// <exception cref="BadRequest">The actor has as many as it may.</exception>
    public string Add(Func<Actor> who)
    {
        var place = parts.Streams.Open(who()) ?? throw EventEndpoint.TooMany(parts.Limits);
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _streams[token] = new SharedStream(parts, who, () =>
        {
            if (_streams.TryRemove(token, out _))
                place.Dispose();
        });
        return token;
    }

    /// <summary>The one that a request names; null when there is none of the actor's.</summary>
    public SharedStream? Find(HttpRequest request, Actor actor) =>
        TokenOf(request) is { } token && _streams.TryGetValue(token, out var stream) && stream.IsOf(actor) ? stream : null;
}
