using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm import FORMAT FILE</c>: brings a file in, or with <c>--dry-run</c> says what that would do.</summary>
internal static class ImportCommand
{
    private const int FewLines = 50;

    /// <summary>In the order shown, with whether they are shown after a real import too.</summary>
    private static readonly (string Kind, bool IsAlways)[] Kinds = [("new", false), ("changed", false), ("ended", false), ("warning", true), ("refused", true)];

    public static void Add(RootCommand root, Given given)
    {
        var t = given.Terminal;
        var format = new Argument<string>("format") { Description = t.Pick("Le format : csv, ou celui d'un module (rne). « xrm plugin list » les dit.", "The format: csv, or a plugin's (rne). \"xrm plugin list\" tells them.") };
        var file = new Argument<string>("file") { Description = t.Pick("Le fichier ; - pour l'entrée standard.", "The file; - for standard input.") };
        var dryRun = new Option<bool>("--dry-run") { Description = t.Pick("Dit ce qui changerait, n'écrit rien.", "Tells what would change, writes nothing.") };
        var type = new Option<string>("--type") { Description = t.Pick("csv : le type de fiche ou de relation.", "csv: the entity or relationship type.") };
        var map = new Option<string>("--map") { Description = t.Pick("csv : le fichier JSON qui dit quelle colonne va où.", "csv: the JSON file that says which column goes where.") };
        var all = new Option<bool>("--all") { Description = t.Pick("Affiche toutes les lignes du compte rendu.", "Shows all lines of the report.") };
        var command = new Command("import", t.Pick("Importe un fichier, en une seule modification. Autres options : celles du format, comme --date 2022-03-01.", "Imports a file, as one commit. Further options: the format's, such as --date 2022-03-01."))
        {
            format, file, dryRun, type, map, all, given.Json,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, _) =>
        {
            var options = FormatArguments.Read(parsed.UnmatchedTokens);
            if (parsed.GetValue(type) is { } name)
                options["type"] = name;
            if (parsed.GetValue(map) is { } path)
                options["map"] = File.ReadAllText(path);
            var isDry = parsed.GetValue(dryRun);
            var source = parsed.GetValue(file)!;
            await using var input = source == "-" ? Console.OpenStandardInput() : new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            var shown = parsed.GetValue(all) ? int.MaxValue : isDry ? 4 * FewLines : FewLines;
            var report = await Operators.Run(given, parsed, "import", new JsonObject
            {
                ["format"] = parsed.GetValue(format),
                ["file"] = source == "-" ? "-" : Path.GetFileName(source),
                ["dryRun"] = isDry,
                ["options"] = options,
                ["most"] = given.IsJson(parsed) ? null : Most(isDry, shown),
            }, input);
            if (given.IsJson(parsed))
                t.Print(report);
            else
                Show(report, t, shown, isDry);
            var rows = report["rows"]!.GetValue<int>();
            return rows > 0 && report["refused"]!.GetValue<int>() >= rows ? Terminal.Failed : Terminal.Done;
        });
        root.Subcommands.Add(command);
    }

    /// <summary>How many lines of each kind are asked for; of a hundred thousand that nobody reads none is sent.</summary>
    private static JsonObject Most(bool isDry, int shown)
    {
        var most = new JsonObject();
        foreach (var (kind, isAlways) in Kinds)
            most[kind] = isDry || isAlways ? shown : 0;
        return most;
    }

    private static void Show(JsonObject report, Terminal terminal, int most, bool isDry)
    {
        var lines = report["lines"]!.AsArray().ToLookup(l => l!["kind"]!.GetValue<string>());
        foreach (var (kind, _) in Kinds.Where(k => isDry || k.IsAlways))
        {
            foreach (var line in lines[kind].Take(most))
            {
                var at = line!["line"]!.GetValue<int>();
                var where = at == 0 ? "" : terminal.Pick($"ligne {at} : ", $"line {at}: ");
                terminal.Error.WriteLine($"{Word(kind, terminal)} · {where}{Wire.Label(line["message"]).In(terminal.Language)}");
            }
            var count = Count(kind == "warning" ? "warnings" : kind);
            if (count > most)
                terminal.Tell(Label.Of($"… et {count - most} autres ({Word(kind, terminal)}) : --all ou --json pour tout voir.", $"… and {count - most} more ({Word(kind, terminal)}): --all or --json shows all."));
        }
        int Count(string name) => report[name]!.GetValue<int>();
        var (rows, made, changed, ended, refused, warned) = (Count("rows"), Count("new"), Count("changed"), Count("ended"), Count("refused"), Count("warnings"));
        terminal.Say(Label.Of(
            $"{rows} lignes lues : {made} nouveautés, {changed} changements, {ended} fins, {refused} refus, {warned} avertissements.",
            $"{rows} rows read: {made} new, {changed} changed, {ended} ended, {refused} refused, {warned} warnings."));
        terminal.Say(report["commit"] is JsonObject commit
            ? Label.Of($"Écrit en une modification : {commit["id"]} ({commit["changes"]} fiches et relations).", $"Written as one commit: {commit["id"]} ({commit["changes"]} entities and relationships).")
            : isDry
                ? Label.Of("Essai : rien n'a été écrit.", "Dry run: nothing was written.")
                : Label.Of("Rien de différent : rien n'a été écrit.", "Nothing is different: nothing was written."));
    }

    private static string Word(string kind, Terminal terminal) => kind switch
    {
        "new" => terminal.Pick("nouveau", "new"),
        "changed" => terminal.Pick("changé", "changed"),
        "ended" => terminal.Pick("terminé", "ended"),
        "refused" => terminal.Pick("refusé", "refused"),
        _ => terminal.Pick("attention", "warning"),
    };
}
