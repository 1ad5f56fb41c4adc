using System.CommandLine;
using System.Text.Json.Nodes;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm plugin …</c>: which plugins there are, what doing something with one would do, and doing it.</summary>
internal static class PluginCommand
{
    public static void Add(RootCommand root, Given given)
    {
        var t = given.Terminal;
        var source = t.Pick("Un paquet (.nupkg), ou l'identifiant d'un module livré.", "A package (.nupkg), or the id of a plugin that came with the host.");
        var id = t.Pick("L'identifiant du module.", "The plugin's id.");
        root.Subcommands.Add(new Command("plugin", t.Pick("Les modules.", "The plugins."))
        {
            List(given, t),
            Plan(given, t, source),
            Apply(given, "install", t.Pick("Met un module en service.", "Puts a plugin in service."), source, ofPackage: true, cascades: false),
            Apply(given, "update", t.Pick("Remplace un module par une autre version de lui.", "Puts another version of a plugin in its place."), source, ofPackage: true, cascades: true),
            Apply(given, "disable", t.Pick("Arrête un module ; il reste installé, ses données en lecture seule.", "Takes a plugin out of service; it stays installed, its data read-only."), id, ofPackage: false, cascades: true),
            Apply(given, "enable", t.Pick("Remet un module en service.", "Puts a plugin in service again."), id, ofPackage: false, cascades: false),
            Apply(given, "remove", t.Pick("Retire un module ; ses données restent, en lecture seule.", "Takes a plugin away; its data stay, read-only."), id, ofPackage: false, cascades: true),
            Apply(given, "restore", t.Pick("Revient à la version d'avant la dernière mise à jour, avec ses données d'alors.", "Goes back to the version before the last update, with its data as they were then."), id, ofPackage: false, cascades: true),
            TrustCommand.Make(given),
            NewPluginCommand.Make(given),
        });
    }

    private static Command List(Given given, Terminal t)
    {
        var command = new Command("list", t.Pick("Les modules, leur état, et les formats de fichiers.", "The plugins, their state, and the file formats.")) { given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var result = await Operators.Run(given, parsed, "plugin-list", []);
            if (given.IsJson(parsed))
                t.Print(result);
            else
                new PluginText(t).List(result);
            return Terminal.Done;
        });
        return command;
    }

    private static Command Plan(Given given, Terminal t, string meaning)
    {
        var what = new Argument<string>("what") { Description = meaning };
        var cascade = Cascade(t);
        var once = TrustOnce(t);
        var command = new Command("plan", t.Pick("Dit ce que l'installation ou la mise à jour changerait et demande ; ne change rien.", "Tells what installing or updating would change and asks for; changes nothing.")) { what, cascade, once, given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var arguments = new JsonObject { ["cascade"] = parsed.GetValue(cascade), ["trustOnce"] = parsed.GetValue(once) };
            var plan = await Run(given, parsed, "plugin-plan", arguments, parsed.GetValue(what)!, ofPackage: true);
            if (given.IsJson(parsed))
                t.Print(plan);
            else
                new PlanText(t).Whole(plan);
            return !plan["refused"]!.GetValue<bool>() || PlanText.IsUntrusted(plan) ? Terminal.Done : Terminal.Failed;
        });
        return command;
    }

    private static Command Apply(Given given, string action, string meaning, string ofWhat, bool ofPackage, bool cascades)
    {
        var t = given.Terminal;
        var what = new Argument<string>(ofPackage ? "what" : "id") { Description = ofWhat };
        var cascade = Cascade(t);
        var once = TrustOnce(t);
        var plan = new Option<string>("--plan") { Description = t.Pick("Ne fait que ce que dit le plan de cette empreinte ; refuse si ce n'est plus ce qui serait fait.", "Does just what the plan of this hash says; refuses when that is no longer what would be done.") };
        var command = new Command(action, meaning) { what, plan, given.Json };
        if (cascades)
            command.Options.Add(cascade);
        if (ofPackage)
            command.Options.Add(once);
        command.SetAction(async (parsed, _) =>
        {
            var arguments = new JsonObject
            {
                ["action"] = action,
                ["cascade"] = cascades && parsed.GetValue(cascade),
                ["trustOnce"] = ofPackage && parsed.GetValue(once),
                ["plan"] = parsed.GetValue(plan),
            };
            var outcome = await Run(given, parsed, "plugin-apply", arguments, parsed.GetValue(what)!, ofPackage);
            if (given.IsJson(parsed))
                t.Print(outcome);
            else
                new PlanText(t).Done(outcome);
            return Terminal.Done;
        });
        return command;
    }

    /// <summary>Asks for it with the package, when one is given, or else by the plugin's id.</summary>
    private static async Task<JsonObject> Run(Given given, ParseResult parsed, string operation, JsonObject arguments, string what, bool ofPackage)
    {
        if (!ofPackage || PluginManifest.IsId(what))
        {
            arguments["id"] = PluginManifest.IsId(what) ? what : throw new Problem(ProblemCode.Invalid, Label.Of(
                $"« {what} » n'est pas l'identifiant d'un module (minuscules, chiffres, tirets).", $"\"{what}\" is not the id of a plugin (lower case letters, digits, hyphens)."), "id", Terminal.Usage);
            return await Operators.Run(given, parsed, operation, arguments);
        }
        await using var file = new FileStream(what, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
        arguments["file"] = Path.GetFileName(what);
        return await Operators.Run(given, parsed, operation, arguments, file);
    }

    private static Option<bool> Cascade(Terminal t) => new("--cascade")
    {
        Description = t.Pick("Aussi les modules qui en dépendent ; sans elle, ils sont une raison de refuser.", "The plugins that require it too; without it they are a reason to refuse."),
    };

    private static Option<bool> TrustOnce(Terminal t) => new("--trust-once")
    {
        Description = t.Pick("Accepte cette fois un paquet dont personne ne répond.", "Takes a package this once that nobody vouches for."),
    };
}
