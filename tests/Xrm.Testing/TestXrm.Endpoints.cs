using System.Collections.Immutable;
using System.Text;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>A request to a plugin's endpoint.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">What follows <c>/plugins/</c>, a query string included: <c>boats/list?first=2</c>.</param>
public sealed record TestRequest(string Method, string Path)
{
    /// <summary>The body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Headers by name.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Who asks; null = an administrator. <see cref="Actor.Anonymous"/> is somebody who is not signed in.</summary>
    public Actor? Actor { get; init; }

    /// <summary><c>fr</c> or <c>en</c>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The same with JSON for a body.</summary>
    public TestRequest WithJson(string json) => this with { Body = Encoding.UTF8.GetBytes(json), Headers = Headers.SetItem("Content-Type", "application/json") };
}

/// <summary>Reads what an endpoint answered.</summary>
public static class HttpAnswerText
{
    /// <summary>The body as UTF-8 text.</summary>
    public static string BodyText(this HttpAnswer answer) => Encoding.UTF8.GetString(answer.Body.Span);
}

/// <summary>What plugins answer over HTTP.</summary>
public sealed partial class TestXrm
{
    /// <summary>Asks a plugin's endpoint as an administrator.</summary>
    /// <param name="path">What follows <c>/plugins/</c>: <c>boats/list?first=2</c>.</param>
    public Task<HttpAnswer> Get(string path) => Send(new("GET", path));

    /// <summary>Asks a plugin's endpoint as somebody with these roles.</summary>
    public Task<HttpAnswer> Get(string path, params ReadOnlySpan<string> roles) => Send(new("GET", path) { Actor = WithRoles(roles) });

    /// <summary>Asks a plugin's endpoint: 404 where there is none, 401 for whoever is not signed in unless it is open to all, 405 for a method it does not know. A body that it writes by and by is in the answer whole.</summary>
    /// <remarks>What the endpoint throws is thrown here.</remarks>
    public async Task<HttpAnswer> Send(TestRequest request)
    {
        var question = request.Path.IndexOf('?', StringComparison.Ordinal);
        var path = (question < 0 ? request.Path : request.Path[..question]).Trim('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (id, rest) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        if (_plugins.FirstOrDefault(p => p.Plugin.Id == id) is not { } plugin || EndpointAt(plugin, rest) is not { } endpoint)
            return HttpAnswer.Empty(404);
        var asked = plugin.Attachment.Granted!.Endpoints.Single(e => e.Path == endpoint.Path);
        var actor = request.Actor ?? Tester;
        if (actor.Id == Actor.Anonymous.Id && !asked.IsPublic)
            return HttpAnswer.Empty(401);
        if (!endpoint.Methods.Contains(request.Method) && !(request.Method == "HEAD" && endpoint.Methods.Contains("GET")))
            return HttpAnswer.Empty(405);
        var call = new HttpCall(request.Method, rest[endpoint.Path.Length..].TrimStart('/'), Query(question < 0 ? "" : request.Path[(question + 1)..]),
            request.Headers.ToImmutableDictionary(h => h.Key, h => ImmutableArray.Create(h.Value), StringComparer.OrdinalIgnoreCase),
            new MemoryStream(request.Body.ToArray()), actor, Granted(plugin, actor), request.Language);
        return await Whole(await endpoint.Answer(call, CancellationToken.None));
    }

    /// <summary>The endpoint with the longest path that begins so, part by part.</summary>
    private static Endpoint? EndpointAt(HostedPlugin plugin, string path) => plugin.Attachment.Hooks.Endpoints.Handlers
        .Where(e => path == e.Path || path.StartsWith(e.Path + "/", StringComparison.Ordinal))
        .MaxBy(e => e.Path.Length);

    private static ImmutableDictionary<string, ImmutableArray<string>> Query(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .GroupBy(pair => Decoded(pair[0]), pair => pair.Length > 1 ? Decoded(pair[1]) : "", StringComparer.Ordinal)
        .ToImmutableDictionary(g => g.Key, g => g.ToImmutableArray());

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static async ValueTask<HttpAnswer> Whole(HttpAnswer answer)
    {
        if (answer.Write is null)
            return answer;
        using var body = new MemoryStream();
        await answer.Write(body, CancellationToken.None);
        return answer with { Body = body.ToArray(), Write = null };
    }
}
