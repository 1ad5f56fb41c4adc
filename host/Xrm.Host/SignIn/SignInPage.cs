using Xrm.Host.Serving;
using Xrm.Sdk;

namespace Xrm.Host.SignIn;

/// <summary>The page to sign in: what a link is, who can be tried on in a demonstration, and for somebody who is signed in the way on and out.</summary>
internal sealed class SignInPage(Credentials credentials, SignInForms forms, bool isDemo)
{
    public SignInForms Forms => forms;

    /// <param name="wasTried">Whether a code was given that is good no more.</param>
    public Task Answer(HttpContext context, bool wasTried)
    {
        var back = PageFrame.Escape(ReturnPath.Of(context.Request.Query["returnUrl"]));
        var alert = !wasTried ? Label.Of("", "") : Label.Of(
            "<div class=\"panel alert\" role=\"alert\"><h2>Ce lien ne vaut plus</h2><p>Il a déjà servi, ou il est trop vieux.</p></div>",
            "<div class=\"panel alert\" role=\"alert\"><h2>This link is good no more</h2><p>It was used already, or it is too old.</p></div>");
        var known = Known(context.Request);
        var parts = new List<Label> { alert };
        if (known is not null)
            parts.Add(SignedIn(known, back));
        if (isDemo)
            parts.Add(Demo(forms.Token(context), back, isFirst: known is null));
        parts.Add(isDemo || known is not null ? Minor : Alone);
        return PageFrame.Write(context, wasTried ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK, Label.Of("Connexion", "Sign in"),
            Label.Of(string.Concat(parts.Select(p => p.Fr)), string.Concat(parts.Select(p => p.En))));
    }

    private string? Known(HttpRequest request) =>
        request.Cookies.TryGetValue(RequestActor.Cookie, out var session) && credentials.OfSession(session) is { } actor ? credentials.NameOf(actor.Id) ?? actor.Id : null;

    private static Label SignedIn(string name, string back)
    {
        name = PageFrame.Escape(name);
        return Label.Of(Panel($"Vous êtes {name}", "Continuer", "Se déconnecter"), Panel($"You are {name}", "Go on", "Sign out"));

        string Panel(string who, string on, string off) =>
            $"<section class=\"panel\"><h2>{who}</h2><div class=\"choices\"><a class=\"button\" href=\"{back}\">{on}</a><form method=\"post\" action=\"{SignInEndpoint.Path}\"><button class=\"second\">{off}</button></form></div></section>";
    }

    private static Label Demo(string token, string back, bool isFirst)
    {
        return Label.Of(
            $"<p class=\"lead\">{(isFirst ? "Voici une démonstration, où tout est inventé. Choisissez qui vous êtes." : "Ou devenez quelqu'un d'autre : ici, tout est inventé.")}</p>{People("fr", "À essayer", "Entrer comme")}",
            $"<p class=\"lead\">{(isFirst ? "This is a demonstration, where everything is invented. Choose who you are." : "Or become somebody else: everything here is invented.")}</p>{People("en", "To try", "Enter as")}");

        string People(string language, string toTry, string enter) => $"<ul class=\"people\">{string.Concat(DemoAccounts.All.Select(p => $"""
            <li class="person"><h2>{p.Name}</h2><p class="role">{p.Post.In(language)}</p><p>{p.May.In(language)}</p><p class="task"><strong>{toTry}</strong>{p.Task.In(language)}</p>
            <form method="post" action="{SignInEndpoint.Path}"><input type="hidden" name="token" value="{token}"><input type="hidden" name="returnUrl" value="{back}"><button name="demo" value="{p.Key}">{enter} {p.Name.Split(' ')[0]}</button></form></li>
            """))}</ul>";
    }

    private static readonly Label Alone = Label.Of("""
        <p class="lead">Ouvrez le lien de connexion que vous avez reçu.</p>
        <section class="panel"><h2>Pas de lien ?</h2><p>Demandez-en un à la personne qui administre le serveur : le premier démarrage en affiche un, et <code>xrm user link</code> en fait un autre. Un lien s'ouvre une seule fois, dans les 24 heures.</p></section>
        """, """
        <p class="lead">Open the sign-in link that you were given.</p>
        <section class="panel"><h2>No link?</h2><p>Ask whoever runs the server for one: the first start shows one, and <code>xrm user link</code> makes another. A link opens once, within 24 hours.</p></section>
        """);

    private static readonly Label Minor = Label.Of(
        "<section class=\"minor\"><h2>Avec un lien de connexion</h2><p>Ouvrez-le : il vaut une fois, pendant 24 heures. <code>xrm user link</code> en fait un autre.</p></section>",
        "<section class=\"minor\"><h2>With a sign-in link</h2><p>Open it: it is good once, for 24 hours. <code>xrm user link</code> makes another.</p></section>");
}
