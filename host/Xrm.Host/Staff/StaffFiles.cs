using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Xrm.Host.Staff;

/// <summary>The files of the staff app, as its build lists them: which answers which path, compressed how, kept by browsers for how long.</summary>
internal sealed partial class StaffFiles
{
    private const string Start = "index.html";

    private readonly FrozenDictionary<string, ImmutableArray<Variant>> _byPath;
    private readonly string _policy;

    /// <param name="folder">Where the build put it; need not exist.</param>
    public StaffFiles(string folder)
    {
        var list = Path.Combine(folder, "Xrm.Staff.staticwebassets.endpoints.json");
        var root = Path.Combine(folder, "wwwroot");
        _byPath = File.Exists(list) ? Read(list, root) : FrozenDictionary<string, ImmutableArray<Variant>>.Empty;
        _policy = Policy(Path.Combine(root, Start));
    }

    /// <summary>Whether there is a file for a path.</summary>
    public bool Has(PathString path) => _byPath.ContainsKey(path.Value!.TrimStart('/'));

    /// <summary>Whether a path is one that the app itself understands, so that its first page answers it.</summary>
    public bool IsPage(PathString path) => _byPath.ContainsKey(Start)
        && (path == "/" || path == "/search" || path.StartsWithSegments("/records", StringComparison.Ordinal));

    /// <summary>Answers with the app's first page.</summary>
    public Task Page(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = _policy;
        return Send(context, _byPath[Start]);
    }

    /// <summary>Answers with the file of the request's path.</summary>
    public Task Answer(HttpContext context) => Send(context, _byPath[context.Request.Path.Value!.TrimStart('/')]);

    private static async Task Send(HttpContext context, ImmutableArray<Variant> variants)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        var variant = variants.FirstOrDefault(v => v.Encoding is null || accepted.Any(a => a.Value.Equals(v.Encoding, StringComparison.OrdinalIgnoreCase) && a.Quality is not 0));
        variant ??= variants[^1];
        foreach (var (name, value) in variant.Headers)
            response.Headers[name] = value;
        response.Headers.XContentTypeOptions = "nosniff";
        if (request.Headers.IfNoneMatch is { Count: > 0 } known && EntityTagHeaderValue.TryParseList(known, out var tags) && tags.Any(t => t.Compare(variant.Tag, useStrongComparison: false)))
        {
            response.Headers.Remove(HeaderNames.ContentLength);
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (HttpMethods.IsGet(request.Method))
            await response.SendFileAsync(variant.File, context.RequestAborted);
    }

    private static FrozenDictionary<string, ImmutableArray<Variant>> Read(string list, string root)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(list));
        return json.RootElement.GetProperty("Endpoints").EnumerateArray()
            .GroupBy(e => e.GetProperty("Route").GetString()!, StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => g.Select(e => Variant.Of(e, root)).OrderBy(v => v.Order).ToImmutableArray(), StringComparer.Ordinal);
    }

    /// <summary>What the first page may load: our own files, the runtime's code, and the one script that stands in the page.</summary>
    private static string Policy(string page)
    {
        var inline = !File.Exists(page) ? "" : string.Concat(InlineScript().Matches(File.ReadAllText(page))
            .Select(m => $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(m.Groups[1].Value)))}'"));
        return $"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{inline}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    }

    [GeneratedRegex("<script(?![^>]*\\bsrc=)[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex InlineScript();

    /// <summary>A file in one encoding.</summary>
    /// <param name="Encoding">Null = as it is.</param>
    private sealed record Variant(string File, string? Encoding, EntityTagHeaderValue Tag, ImmutableArray<(string Name, StringValues Value)> Headers)
    {
        private static readonly string[] Preferred = ["br", "gzip"];

        public int Order => Encoding is null ? Preferred.Length : Array.IndexOf(Preferred, Encoding);

        public static Variant Of(JsonElement endpoint, string root)
        {
            var encoding = endpoint.GetProperty("Selectors").EnumerateArray().Where(s => s.GetProperty("Name").GetString() == HeaderNames.ContentEncoding).Select(s => s.GetProperty("Value").GetString()).FirstOrDefault();
            // Several tags are told where one file stands for another: the last is that of the bytes that are sent.
            var headers = endpoint.GetProperty("ResponseHeaders").EnumerateArray()
                .Select(h => (Name: h.GetProperty("Name").GetString()!, Value: h.GetProperty("Value").GetString()!))
                .GroupBy(h => h.Name, StringComparer.OrdinalIgnoreCase)
                .Select(g => (g.Key, new StringValues(g.Last().Value))).ToImmutableArray();
            return new(
                Path.Combine(root, endpoint.GetProperty("AssetFile").GetString()!),
                encoding,
                EntityTagHeaderValue.Parse(headers.First(h => h.Key == HeaderNames.ETag).Item2.ToString()),
                headers);
        }
    }
}
