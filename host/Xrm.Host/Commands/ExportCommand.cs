using System.CommandLine;
using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm export FORMAT FILE</c>: writes out a type, or everything, or what a plugin's format is for; the file is there whole or not at all.</summary>
internal static class ExportCommand
{
    public static void Add(RootCommand root, Given given)
    {
        var t = given.Terminal;
        var format = new Argument<string>("format") { Description = t.Pick("Le format : csv, ndjson, ou celui d'un module. « xrm plugin list » les dit.", "The format: csv, ndjson, or a plugin's. \"xrm plugin list\" tells them.") };
        var file = new Argument<string>("file") { Description = t.Pick("Le fichier ; - pour la sortie standard.", "The file; - for standard output.") };
        var type = new Option<string>("--type") { Description = t.Pick("Le type de fiche ou de relation ; sans lui, tout (ndjson seulement).", "The entity or relationship type; without it, everything (ndjson only).") };
        var upTo = new Option<string>("--up-to") { Description = t.Pick("La sensibilité la plus haute des champs : P0, P1, P2 (par défaut) ou P3.", "The most sensitive fields: P0, P1, P2 (unless said) or P3.") };
        upTo.AcceptOnlyFromAmong("P0", "P1", "P2", "P3");
        var separator = new Option<string>("--separator") { Description = t.Pick("csv : le séparateur (une virgule).", "csv: the separator (a comma).") };
        var command = new Command("export", t.Pick("Écrit les données dans un fichier. Autres options : celles du format.", "Writes the data into a file. Further options: the format's.")) { format, file, type, upTo, separator, given.Json };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, _) =>
        {
            var target = parsed.GetValue(file)!;
            var options = FormatArguments.Read(parsed.UnmatchedTokens);
            foreach (var option in new[] { type, upTo, separator })
                if (parsed.GetValue(option) is { } value)
                    options[option.Name[2..]] = value;
            var arguments = new JsonObject { ["format"] = parsed.GetValue(format), ["options"] = options };
            if (target == "-")
            {
                await using var output = Console.OpenStandardOutput();
                await Operators.Run(given, parsed, "export", arguments, data: output);
                return Terminal.Done;
            }
            var result = await Write(given, parsed, arguments, Path.GetFullPath(target));
            if (given.IsJson(parsed))
                t.Print(result);
            else
                t.Say(Label.Of($"{result["records"]} fiches et relations écrites dans {target}.", $"{result["records"]} entities and relationships written to {target}."));
            return Terminal.Done;
        });
        root.Subcommands.Add(command);
    }

    private static async Task<JsonObject> Write(Given given, ParseResult parsed, JsonObject arguments, string target)
    {
        var beside = target + ".part";
        try
        {
            JsonObject result;
            await using (var output = DataFolder.Create(beside))
            {
                result = await Operators.Run(given, parsed, "export", arguments, data: output);
                output.Flush(flushToDisk: true);
            }
            File.Move(beside, target, overwrite: true);
            return result;
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
