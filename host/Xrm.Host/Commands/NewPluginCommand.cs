using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm plugin new NAME</c>: makes a plugin to begin with, the same as <c>dotnet new xrm-plugin</c> does.</summary>
internal static partial class NewPluginCommand
{
    // What dotnet new reads of a template; no part of what it makes.
    private const string TemplateSettings = ".template.config";

    private static readonly string Template = Path.Combine(AppContext.BaseDirectory, "template");
    // A namespace of this name would hide one that the plugin's own files use.
    private static readonly string[] Taken = ["System", "Microsoft", "Xrm", "Xunit", "Shouldly", "Plugin", "Hooks"];

    public static Command Make(Given given)
    {
        var t = given.Terminal;
        var name = new Argument<string>("name") { Description = t.Pick("Son nom, en lettres et chiffres : GreenSpaces.", "Its name, letters and digits: GreenSpaces.") };
        var output = new Option<string>("--output") { Description = t.Pick("Le dossier à créer ; sans elle, le nom, ici.", "The folder to make; without it the name, here.") };
        var command = new Command("new", t.Pick("Crée un module pour commencer : type, relation, règle, adresse HTTP et leurs tests.", "Makes a plugin to begin with: type, relationship, rule, HTTP endpoint, and their tests.")) { name, output, given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var files = await Write(parsed.GetValue(name)!, parsed.GetValue(output), Template, given.Stop);
            if (given.IsJson(parsed))
                t.Print(new JsonObject { ["folder"] = files.Folder, ["files"] = new JsonArray([.. files.Names.Select(f => (JsonNode)f)]) });
            else
                t.Say(Label.Of($"{files.Names.Length} fichiers dans {files.Folder}.", $"{files.Names.Length} files in {files.Folder}."));
            return Terminal.Done;
        });
        return command;
    }

    /// <summary>Copies the template with the name in place of its own, in file names and texts.</summary>
    /// <exception cref="Problem">Invalid: the name will not do, or the folder is there. Unavailable: there is no template.</exception>
    internal static async Task<(string Folder, string[] Names)> Write(string name, string? output, string template, CancellationToken cancellation)
    {
        if (!Name().IsMatch(name) || Taken.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new Problem(ProblemCode.Invalid, Label.Of(
                $"« {name} » ne convient pas : des lettres sans accent et des chiffres, d'abord une majuscule, 40 au plus (GreenSpaces), et pas le nom d'une bibliothèque.",
                $"\"{name}\" will not do: letters without accents and digits, first a capital, at most 40 (GreenSpaces), and not a library's name."), "name", Terminal.Usage);
        var folder = Path.GetFullPath(output ?? name);
        if (Path.Exists(folder))
            throw new Problem(ProblemCode.Invalid, Label.Of($"{folder} existe déjà. Choisissez un autre dossier (--output).", $"{folder} is there already. Choose another folder (--output)."), "output");
        if (!Directory.Exists(template))
            throw new Problem(ProblemCode.Unavailable, Label.Of(
                "Le modèle n'est pas à côté du programme. Réinstallez l'application, ou prenez « dotnet new xrm-plugin ».",
                "The template does not lie beside the program. Install the application again, or take \"dotnet new xrm-plugin\"."));
        var names = new List<string>();
        foreach (var file in Directory.EnumerateFiles(template, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(template, file);
            if (path.Split(Path.DirectorySeparatorChar)[0] == TemplateSettings)
                continue;
            var renamed = Renamed(path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, renamed))!);
            await File.WriteAllTextAsync(Path.Combine(folder, renamed), Renamed(await File.ReadAllTextAsync(file, cancellation), name), cancellation);
            names.Add(renamed);
        }
        return (folder, [.. names]);
    }

    private static string Renamed(string text, string name) => Sample().Replace(text, found => found.Value == "Sample" ? name : name.ToLowerInvariant());

    [GeneratedRegex("Sample|sample", RegexOptions.CultureInvariant)]
    private static partial Regex Sample();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
