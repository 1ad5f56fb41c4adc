using Xrm.Host.Serving;
using Xrm.Sdk;

namespace Xrm.Host.SignIn;

/// <summary><c>/sign-in</c>: the page; with <c>?code=…</c> a one-time link becomes a session. <c>POST</c>: a form of the page signs in as somebody of the demonstration; without one the session ends.</summary>
internal static class SignInEndpoint
{
    public const string Path = "/sign-in";
    private const int MostFormBytes = 16 * 1024;

    public static Task Answer(HttpContext context, Credentials credentials, Pages pages)
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method))
            return request.HasFormContentType ? Form(context, credentials, pages) : ByScript(context, credentials);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }
        context.Response.Headers.CacheControl = "no-store";
        // The code is in the address: no page that follows is told it.
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var code = request.Query["code"].ToString();
        if (code.Length > 0 && HttpMethods.IsGet(request.Method) && credentials.SignIn(code) is { } session)
        {
            Begin(context, session, ReturnPath.Of(request.Query["returnUrl"]));
            return Task.CompletedTask;
        }
        return pages.SignIn(context, wasTried: code.Length > 0);
    }

    /// <summary>Leads a browser to where one signs in, and back to where it was afterwards.</summary>
    public static void Lead(HttpContext context) =>
        SeeOther(context, $"{Path}?returnUrl={Uri.EscapeDataString(context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent())}");

    private static async Task Form(HttpContext context, Credentials credentials, Pages pages)
    {
        if (!SignInForms.IsOwnPage(context.Request) || context.Request.ContentLength is not <= MostFormBytes)
        {
            await Refuse(context);
            return;
        }
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!form.TryGetValue("demo", out var who))
        {
            End(context, credentials);
            SeeOther(context, Path);
        }
        else if (pages.Forms.IsOurs(context.Request, form["token"].ToString()) && credentials.SignInDemo(who.ToString()) is { } session)
        {
            // Who was here before is not left behind with a session that nobody can end.
            End(context, credentials);
            Begin(context, session, ReturnPath.Of(form["returnUrl"]));
        }
        else
        {
            await Refuse(context);
        }
    }

    private static Task ByScript(HttpContext context, Credentials credentials)
    {
        if (!RequestActor.IsOwnPage(context.Request))
            return RefusedRequest.Answer(context, StatusCodes.Status403Forbidden, ProblemCode.Forbidden, Label.Of("Cette demande vient d'une autre page.", "This request comes from another page."));
        End(context, credentials);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task Refuse(HttpContext context) => PageFrame.Write(context, StatusCodes.Status403Forbidden, Label.Of("Demande refusée", "Refused"), Label.Of(
        $"<p>Ce formulaire vient d'une autre page, ou il est resté ouvert trop longtemps. <a href=\"{Path}\">Recommencer</a></p>",
        $"<p>This form comes from another page, or was left open too long. <a href=\"{Path}\">Begin again</a></p>"));

    private static void Begin(HttpContext context, string session, string path)
    {
        context.Response.Cookies.Append(RequestActor.Cookie, session, Options(context.Request, Credentials.SessionLife));
        SeeOther(context, path);
    }

    private static void End(HttpContext context, Credentials credentials)
    {
        if (context.Request.Cookies.TryGetValue(RequestActor.Cookie, out var session))
            credentials.SignOut(session);
        context.Response.Cookies.Delete(RequestActor.Cookie, Options(context.Request, null));
    }

    private static void SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = path;
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
    }

    /// <summary>Lax: a link in a mail to a record opens it signed in; what changes something asks for our own page besides.</summary>
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
