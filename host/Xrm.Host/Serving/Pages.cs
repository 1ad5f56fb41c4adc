using System.Net;
using Xrm.Host.SignIn;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>The few pages there are until the staff app: what is here, and signing in.</summary>
internal sealed class Pages(Composition host)
{
    public Task Answer(HttpContext context)
    {
        if (context.Request.Path.Value is not "/")
            return Write(context, StatusCodes.Status404NotFound, Label.Of("Rien ici", "Nothing here"), Label.Of("<p>Cette adresse ne mène à rien. <a href=\"/\">Accueil</a></p>", "<p>There is nothing at this address. <a href=\"/\">Home</a></p>"));
        var actor = RequestActor.Of(context);
        var who = actor == Actor.Anonymous
            ? Label.Of("<p>Personne n'est connecté. Un lien de connexion s'obtient par <code>xrm user link</code>, un jeton pour un programme par <code>xrm token create --name NOM</code>.</p>",
                "<p>Nobody is signed in. <code>xrm user link</code> makes a sign-in link, <code>xrm token create --name NAME</code> a token for a program.</p>")
            : Label.Of($"<p>Connecté : <code>{WebUtility.HtmlEncode(actor.Id)}</code>.</p>", $"<p>Signed in: <code>{WebUtility.HtmlEncode(actor.Id)}</code>.</p>");
        return Write(context, StatusCodes.Status200OK, Label.Of("Relations de la collectivité", "The authority's relations"), Label.Of(
            who.Fr + """
            <ul>
            <li><a href="/graphql">/graphql</a> : les données, par GraphQL (avec un jeton : <code>Authorization: Bearer xrm_…</code>)</li>
            <li><a href="/graphql/schema.graphql">/graphql/schema.graphql</a> : le schéma</li>
            <li><a href="/health/ready">/health/ready</a> : l'état du service</li>
            </ul>
            """,
            who.En + """
            <ul>
            <li><a href="/graphql">/graphql</a>: the data, over GraphQL (with a token: <code>Authorization: Bearer xrm_…</code>)</li>
            <li><a href="/graphql/schema.graphql">/graphql/schema.graphql</a>: the schema</li>
            <li><a href="/health/ready">/health/ready</a>: the state of the service</li>
            </ul>
            """));
    }

    /// <summary>What to do to sign in.</summary>
    /// <param name="wasTried">Whether a code was given that is good no more.</param>
    public Task SignIn(HttpContext context, bool wasTried) => Write(context,
        wasTried ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK,
        Label.Of("Connexion", "Sign in"),
        wasTried
            ? Label.Of("<p>Ce lien a déjà servi, ou il est trop vieux. Demandez-en un autre : <code>xrm user link</code>.</p>", "<p>This link was used already, or it is too old. Ask for another one: <code>xrm user link</code>.</p>")
            : Label.Of("<p>Ouvrez le lien de connexion affiché au premier démarrage, ou demandez-en un : <code>xrm user link</code>.</p>", "<p>Open the sign-in link shown at the first start, or ask for one: <code>xrm user link</code>.</p>"));

    private Task Write(HttpContext context, int status, Label title, Label body)
    {
        var language = RefusedRequest.Language(context.Request);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        var demo = host.Settings.IsDemo ? Label.Of("<p>Démonstration : rien de ce qui est ici n'est vrai.</p>", "<p>Demonstration: nothing here is real.</p>").In(language) : "";
        return response.WriteAsync($$"""
            <!doctype html>
            <html lang="{{language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{title.In(language)}}</title>
            <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#161616;background:#fff}a{color:#000091}code{background:#eee;padding:0 .2em}</style>
            </head><body><main><h1>{{title.In(language)}}</h1>{{demo}}{{body.In(language)}}</main></body></html>
            """, context.RequestAborted);
    }
}
