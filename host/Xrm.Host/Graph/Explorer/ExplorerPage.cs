using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Xrm.Sdk;

namespace Xrm.Host.Graph.Explorer;

/// <summary>A page for people to look at the schema and to try requests: shown at <c>/graphql</c> to a browser that asks for a page rather than for an answer.</summary>
internal sealed class ExplorerPage(ExplorerAccess access)
{
    /// <summary>Where what the page is made of lies.</summary>
    public const string Root = "/graphql/explorer/";

    private const string Html = "text/html";
    // Trusted types: no text ever becomes markup, whatever is in the data.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly string[] Asked = ["query", "documentId", "extensions"];
    private readonly ExplorerFiles _files = new();

    /// <summary>Whether a request for <c>/graphql</c> is for the page.</summary>
    public bool IsMeant(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && access != ExplorerAccess.Nobody && WantsPage(request) && !Asked.Any(request.Query.ContainsKey);

    public bool IsOpenTo(Actor actor) => access == ExplorerAccess.Everybody || access == ExplorerAccess.Administrators && actor.IsAdministrator;

    public async Task Answer(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Language";
        await response.WriteAsync(_files.Page(Languages.Preferred(context.Request.Headers.AcceptLanguage.ToString())), context.RequestAborted);
    }

    /// <summary>Answers a request below <see cref="Root"/>: a part of the page, which is the same for everybody.</summary>
    public async Task File(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var name = request.Path.Value![Root.Length..];
        if (access == ExplorerAccess.Nobody || !HttpMethods.IsGet(request.Method) || _files.Find(name) is not { } file)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = file.Tag;
        if (request.Headers.IfNoneMatch.ToString().Contains(file.Tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = file.MediaType;
        response.ContentLength = file.Bytes.Length;
        await response.BodyWriter.WriteAsync(file.Bytes, context.RequestAborted);
    }

    /// <summary>Whether a page is wanted at least as much as an answer.</summary>
    private static bool WantsPage(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList([.. request.Headers.Accept.OfType<string>()], out var wanted)
        && wanted.FirstOrDefault(w => w.MediaType.Equals(Html, StringComparison.OrdinalIgnoreCase)) is { } page
        && wanted.All(w => w == page || (w.Quality ?? 1) <= (page.Quality ?? 1));
}
