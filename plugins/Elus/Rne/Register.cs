using System.Collections.Immutable;
using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>The national register of elected officials (RNE), file of mayors: <c>xrm import rne FILE</c>.</summary>
internal static class Register
{
    private const string Date = "date";
    private static readonly Label Comparing = Label.Of("Comparaison avec les données", "Comparing with the data");

    /// <summary>The format, for as long as the plugin runs.</summary>
    public static ImportFormat Format(PluginContext context) => new(
        "rne",
        Label.Of("Répertoire national des élus : maires", "National register of elected officials: mayors"),
        ImmutableDictionary<string, Label>.Empty.Add(Date, Label.Of(
            "Le jour dont parle le fichier (AAAA-MM-JJ), qui termine la fonction des maires absents ; à défaut la date la plus récente du fichier.",
            "The day that the file speaks of (YYYY-MM-DD), on which the function of absent mayors ends; unless given, the newest date in the file.")),
        (import, cancellation) => Read(import, context, cancellation));

    private static async ValueTask<ImportPlan> Read(Import import, PluginContext context, CancellationToken cancellation)
    {
        // One day of grace: the authority may be a day ahead of UTC.
        var today = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime).AddDays(1);
        var date = DateOption(import.Options, today);
        var reader = new RegisterReader(new BirthKeys(context.Secret("birth-key")), today, import.Progress);
        var file = reader.Read(await RegisterText.Read(import.Source, cancellation).ConfigureAwait(false), cancellation);
        var departments = file.Rows.Select(row => CommuneCode.Department(row.Commune)).Distinct().ToList();
        // Matching needs keys that no person may see: the plugin reads with its own eyes.
        var known = await KnownState.Load(context.Xrm, departments, import.Progress, cancellation).ConfigureAwait(false);
        import.Progress.Report(new(file.Count, Comparing));
        return new RegisterImport(file, known, date ?? file.NewestDate ?? today).Plan();
    }

    private static DateOnly? DateOption(ImmutableDictionary<string, string> options, DateOnly today)
    {
        if (!options.TryGetValue(Date, out var text))
            return null;
        return RegisterDate.Read(text, new(1944, 1, 1), today) ?? throw new Problem(ProblemCode.Invalid,
            Label.Of($"--date : « {text} » n'est pas un jour passé (AAAA-MM-JJ).", $"--date: \"{text}\" is not a day of the past (YYYY-MM-DD)."),
            Date, "rne-date");
    }
}
