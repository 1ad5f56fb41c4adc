using System.CommandLine;
using System.Text.Json.Nodes;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm token create|list|revoke</c>: what programs come in with.</summary>
internal static class TokenCommand
{
    public static void Add(RootCommand root, Given given)
    {
        var t = given.Terminal;
        root.Subcommands.Add(new Command("token", t.Pick("Les jetons des programmes.", "The tokens of programs."))
        {
            Create(given, t), List(given, t), Revoke(given, t),
        });
    }

    private static Command Create(Given given, Terminal t)
    {
        var name = new Option<string>("--name") { Required = true, Description = t.Pick("À quoi il sert.", "What it is for.") };
        var role = new Option<string[]>("--role") { Description = t.Pick("Un profil ; plusieurs fois pour plusieurs. Sans lui : administrator.", "A role; several times for several. Without it: administrator.") };
        var days = new Option<int?>("--days") { Description = t.Pick("Combien de jours il vaut (1 à 3650) ; sans elle : 365.", "How many days it is good for (1 to 3650); without it: 365.") };
        var command = new Command("create", t.Pick("Crée un jeton et n'affiche que lui ; il ne se retrouve plus.", "Makes a token and prints it alone; it cannot be shown again.")) { name, role, days, given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var result = await Operators.Run(given, parsed, "token-create", new JsonObject
            {
                ["name"] = parsed.GetValue(name),
                ["roles"] = new JsonArray([.. (parsed.GetValue(role) is { Length: > 0 } roles ? roles : [Role.Administrator]).Select(r => (JsonNode)r)]),
                ["days"] = parsed.GetValue(days) ?? 365,
            });
            if (given.IsJson(parsed))
                t.Print(result);
            else
                t.Out.WriteLine(result["token"]!.GetValue<string>());
            return Terminal.Done;
        });
        return command;
    }

    private static Command List(Given given, Terminal t)
    {
        var command = new Command("list", t.Pick("Les jetons, sans leur secret.", "The tokens, without their secrets.")) { given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var result = await Operators.Run(given, parsed, "token-list", []);
            if (given.IsJson(parsed))
                t.Print(result);
            else
                foreach (var token in result["tokens"]!.AsArray())
                    t.Out.WriteLine($"{token!["name"]}  {token["id"]}  {string.Join(',', token["roles"]!.AsArray().Select(r => r!.GetValue<string>()))}  {token["expires"]}{(token["valid"]!.GetValue<bool>() ? "" : t.Pick("  périmé", "  expired"))}");
            return Terminal.Done;
        });
        return command;
    }

    private static Command Revoke(Given given, Terminal t)
    {
        var which = new Argument<string>("name") { Description = t.Pick("Le nom ou l'identifiant du jeton.", "The token's name or id.") };
        var command = new Command("revoke", t.Pick("Révoque un jeton : il ne vaut plus rien, tout de suite.", "Revokes a token: it is worth nothing from now on.")) { which, given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var result = await Operators.Run(given, parsed, "token-revoke", new JsonObject { ["name"] = parsed.GetValue(which) });
            if (given.IsJson(parsed))
                t.Print(result);
            else
                t.Say(Label.Of($"{result["revoked"]} jeton révoqué.", $"{result["revoked"]} token revoked."));
            return Terminal.Done;
        });
        return command;
    }
}
