using Xrm.Host.Serving;

namespace Xrm.Host.SignIn;

/// <summary><c>/sign-in?code=…</c>: a one-time link becomes a session. <c>POST /sign-in</c> without a code ends the session.</summary>
internal static class SignInEndpoint
{
    public const string Path = "/sign-in";

    public static Task Answer(HttpContext context, Credentials credentials, Pages pages)
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method) && RequestActor.IsOwnPage(request))
            return SignOut(context, credentials);
        if (!HttpMethods.IsGet(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var code = request.Query["code"].ToString();
        if (code.Length > 0 && credentials.SignIn(code) is { } session)
        {
            context.Response.Cookies.Append(RequestActor.Cookie, session, Options(request, Credentials.SessionLife));
            context.Response.Redirect("/");
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            return Task.CompletedTask;
        }
        return pages.SignIn(context, wasTried: code.Length > 0);
    }

    /// <summary>Leads a browser to where one signs in, and back to where it was afterwards.</summary>
    public static void Lead(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect($"{Path}?returnUrl={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
    }

    private static Task SignOut(HttpContext context, Credentials credentials)
    {
        if (context.Request.Cookies.TryGetValue(RequestActor.Cookie, out var session))
            credentials.SignOut(session);
        context.Response.Cookies.Delete(RequestActor.Cookie, Options(context.Request, null));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static CookieOptions Options(HttpRequest request, TimeSpan? life) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = request.IsHttps,
        Path = "/",
        MaxAge = life,
        IsEssential = true,
    };
}
