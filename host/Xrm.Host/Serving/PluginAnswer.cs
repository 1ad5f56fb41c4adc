using System.Collections.Frozen;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>Writes down what a plugin's endpoint answers, as far as it is the plugin's to say.</summary>
internal static class PluginAnswer
{
    // Cookies are the host's; the rest belongs to the connection, or follows from the body.
    private static readonly FrozenSet<string> Kept = new[]
    {
        "Set-Cookie", "Set-Cookie2", "Connection", "Proxy-Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Content-Length",
        "Content-Type", "Date", "Server", "Alt-Svc", "Strict-Transport-Security", "Clear-Site-Data",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Status and headers; the body is not begun. A page of a plugin runs in a browser apart from those of the application (<c>sandbox</c>) unless it says otherwise, and nothing is kept by caches unless it says so.</summary>
    /// <exception cref="InvalidOperationException">It cannot be sent: a status that is none, or characters that no header may have.</exception>
    public static void Begin(HttpResponse response, HttpAnswer answer)
    {
        if (answer.Status is < 200 or > 599)
            throw new InvalidOperationException($"{answer.Status} is not the status of an answer.");
        response.StatusCode = answer.Status;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
        response.Headers.CacheControl = "no-store";
        foreach (var (name, value) in answer.Headers)
            if (!Kept.Contains(name) && !name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("X-Content-Type", StringComparison.OrdinalIgnoreCase))
                response.Headers[name] = value;
        if (HasBody(answer))
            response.ContentType = answer.ContentType ?? "application/octet-stream";
        if (answer.Write is null && HasBody(answer))
            response.ContentLength = answer.Body.Length;
    }

    /// <summary>Whether something comes behind the headers.</summary>
    public static bool HasBody(HttpAnswer answer) =>
        (answer.Write is not null || !answer.Body.IsEmpty) && answer.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);
}
