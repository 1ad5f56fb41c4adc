using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Xrm.Host.SignIn;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>What the host's own pages have in common: they need no script and no other file, and nothing but a form of theirs goes anywhere.</summary>
internal static class PageFrame
{
    private static readonly string Style = Read();
    private static readonly string Policy = $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Answers a page.</summary>
    /// <param name="body">Markup; what comes from elsewhere is escaped in it with <see cref="Escape"/>.</param>
    public static Task Write(HttpContext context, int status, Label title, Label body)
    {
        var language = RefusedRequest.Language(context.Request);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept-Language";
        return response.WriteAsync($"""
            <!doctype html>
            <html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <title>{title.In(language)} · Relations</title><link rel="icon" href="/icon.svg" type="image/svg+xml"><style>{Style}</style></head>
            <body><header><a class="brand" href="/">Relations</a></header>
            <main><h1>{title.In(language)}</h1>{body.In(language)}</main></body></html>
            """, context.RequestAborted);
    }

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Read()
    {
        using var text = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("pages/page.css")!, Encoding.UTF8);
        return text.ReadToEnd();
    }
}
