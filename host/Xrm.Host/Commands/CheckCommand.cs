using System.CommandLine;
using System.Text.Json.Nodes;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm check</c>: proves that what is kept is whole.</summary>
internal static class CheckCommand
{
    public static void Add(RootCommand root, Given given)
    {
        var t = given.Terminal;
        var command = new Command("check", t.Pick("Vérifie la base, la chaîne du journal, les relations et les fichiers.", "Checks the store, the chain of the log, the relationships and the files.")) { given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var result = await Operators.Run(given, parsed, "check", []);
            var faults = result["faults"]!.AsArray();
            if (given.IsJson(parsed))
                t.Print(result);
            else
            {
                foreach (var fault in faults)
                    t.Tell(Wire.Label(fault));
                t.Say(faults.Count == 0
                    ? Label.Of($"Tout est en ordre : {result["blocks"]} blocs, {result["changes"]} changements, {result["entities"]} fiches, {result["relationships"]} relations, {result["files"]} fichiers.",
                        $"All is well: {result["blocks"]} blocks, {result["changes"]} changes, {result["entities"]} entities, {result["relationships"]} relationships, {result["files"]} files.")
                    : Label.Of($"{faults.Count} défauts. Gardez une copie du dossier des données et restaurez la dernière sauvegarde saine.", $"{faults.Count} faults. Keep a copy of the data folder and restore the last sound backup."));
            }
            return faults.Count == 0 ? Terminal.Done : Terminal.Failed;
        });
        root.Subcommands.Add(command);
    }
}
