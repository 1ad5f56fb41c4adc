using System.Collections.Immutable;
using System.Text;

namespace Xrm.Sdk;

/// <summary>Something that answers HTTP under <c>/plugins/&lt;id&gt;/</c>. The plugin must have asked for the path (<see cref="PermissionBuilder.Endpoint"/>).</summary>
/// <param name="Path">Parts of lower case letters, digits, points and hyphens, parted by slashes: <c>open311/v2</c>. What comes behind it is the endpoint's too.</param>
/// <param name="Answer">Answers one request, within a limited time.</param>
public sealed record Endpoint(string Path, Func<HttpCall, CancellationToken, ValueTask<HttpAnswer>> Answer)
{
    /// <summary>The methods that it knows, in capitals; others are answered 405. HEAD goes with GET.</summary>
    public ImmutableArray<string> Methods { get; init; } = ["GET"];
}

/// <summary>A request to a plugin's endpoint.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">What follows the endpoint's path, without a slash in front; empty when nothing does.</param>
/// <param name="Query">The query string, decoded, by name.</param>
/// <param name="Headers">By name, letter case aside; what signs the caller in (Authorization, Cookie) is not there.</param>
/// <param name="Body">The body; read once.</param>
/// <param name="Actor">Who asks; <see cref="Actor.Anonymous"/> only where the endpoint is open to all.</param>
/// <param name="Xrm">The data as that actor sees it, as far as the plugin was granted.</param>
/// <param name="Language"><c>fr</c> or <c>en</c>: what the caller wants to read.</param>
public sealed record HttpCall(
    string Method,
    string Path,
    ImmutableDictionary<string, ImmutableArray<string>> Query,
    ImmutableDictionary<string, ImmutableArray<string>> Headers,
    Stream Body,
    Actor Actor,
    IXrm Xrm,
    string Language);

/// <summary>What a plugin's endpoint answers.</summary>
/// <param name="Status">The HTTP status.</param>
public sealed record HttpAnswer(int Status)
{
    /// <summary>The media type of the body; null when there is none.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Writes a body that is too large to hold; null when <see cref="Body"/> is it. Failing in the middle breaks the connection off.</summary>
    public Func<Stream, CancellationToken, ValueTask>? Write { get; init; }

    /// <summary>Further headers; cookies and what belongs to the connection are left out.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Some text.</summary>
    public static HttpAnswer Text(string text, string contentType = "text/plain; charset=utf-8", int status = 200) =>
        new(status) { ContentType = contentType, Body = Encoding.UTF8.GetBytes(text) };

    /// <summary>Some JSON, given as text.</summary>
    public static HttpAnswer Json(string json, int status = 200) => Text(json, "application/json; charset=utf-8", status);

    /// <summary>A status and nothing else.</summary>
    public static HttpAnswer Empty(int status) => new(status);
}
