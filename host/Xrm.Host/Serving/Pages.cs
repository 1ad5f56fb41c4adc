using Xrm.Host.SignIn;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>The pages that are not the staff app's: signing in, what is here where there is no app, and where there is nothing.</summary>
internal sealed class Pages(Composition host)
{
    private readonly SignInPage _signIn = new(host.Credentials, new(host.Folder.Key("sign-in"), host.Time), host.Settings.IsDemo);

    /// <summary>What takes the forms of the page to sign in.</summary>
    public SignInForms Forms => _signIn.Forms;

    public Task Answer(HttpContext context)
    {
        if (context.Request.Path.Value is not "/")
            return PageFrame.Write(context, StatusCodes.Status404NotFound, Label.Of("Rien ici", "Nothing here"), Label.Of("<p>Cette adresse ne mène à rien. <a href=\"/\">Accueil</a></p>", "<p>There is nothing at this address. <a href=\"/\">Home</a></p>"));
        var actor = RequestActor.Of(context);
        var who = actor == Actor.Anonymous
            ? Label.Of("<p>Personne n'est connecté. Un lien de connexion s'obtient par <code>xrm user link</code>, un jeton pour un programme par <code>xrm token create --name NOM</code>.</p>",
                "<p>Nobody is signed in. <code>xrm user link</code> makes a sign-in link, <code>xrm token create --name NAME</code> a token for a program.</p>")
            : Label.Of($"<p>Connecté : <code>{PageFrame.Escape(actor.Id)}</code>.</p>", $"<p>Signed in: <code>{PageFrame.Escape(actor.Id)}</code>.</p>");
        if (host.Settings.IsDemo)
            who = Label.Of("<p>Démonstration : tout y est inventé.</p>" + who.Fr, "<p>Demonstration: everything is invented.</p>" + who.En);
        return PageFrame.Write(context, StatusCodes.Status200OK, Label.Of("Relations de la collectivité", "The authority's relations"), Label.Of(
            who.Fr + """
            <ul class="plain">
            <li><a href="/graphql">/graphql</a> : les données, par GraphQL (avec un jeton : <code>Authorization: Bearer xrm_…</code>)</li>
            <li><a href="/graphql/schema.graphql">/graphql/schema.graphql</a> : le schéma</li>
            <li><a href="/health/ready">/health/ready</a> : l'état du service</li>
            </ul>
            """,
            who.En + """
            <ul class="plain">
            <li><a href="/graphql">/graphql</a>: the data, over GraphQL (with a token: <code>Authorization: Bearer xrm_…</code>)</li>
            <li><a href="/graphql/schema.graphql">/graphql/schema.graphql</a>: the schema</li>
            <li><a href="/health/ready">/health/ready</a>: the state of the service</li>
            </ul>
            """));
    }

    /// <summary>How to sign in.</summary>
    /// <param name="wasTried">Whether a code was given that is good no more.</param>
    public Task SignIn(HttpContext context, bool wasTried) => _signIn.Answer(context, wasTried);
}
