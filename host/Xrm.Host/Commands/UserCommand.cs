using System.CommandLine;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm user link</c>: a new one-time sign-in link for the administrator.</summary>
internal static class UserCommand
{
    public static void Add(RootCommand root, Given given)
    {
        var t = given.Terminal;
        var link = new Command("link", t.Pick("Un nouveau lien de connexion de l'administrateur ; l'ancien ne vaut plus.", "A new sign-in link of the administrator; the old one is void.")) { given.Json };
        link.SetAction(async (parsed, _) =>
        {
            var result = await Operators.Run(given, parsed, "user-link", []);
            var url = given.Settings(parsed).Urls.Select(u => u.ToString()).FirstOrDefault() + result["path"]!.GetValue<string>();
            if (given.IsJson(parsed))
                t.Print(result);
            else
                t.Say(Label.Of($"{url} (une seule fois, valable 24 h)", $"{url} (once only, good for 24 hours)"));
            return Terminal.Done;
        });
        root.Subcommands.Add(new Command("user", t.Pick("Les personnes qui se connectent.", "The people who sign in.")) { link });
    }
}
