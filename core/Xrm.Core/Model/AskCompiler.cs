using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>Checks what plugins ask to be allowed and what they tell of personal data.</summary>
internal static partial class AskCompiler
{
    public static void Check(CompiledModel model, ModelFaults faults)
    {
        foreach (var description in model.Effective)
        {
            foreach (var data in description.PersonalData)
                Check(model, description.Plugin, data, faults);
            Check(description, faults);
        }
    }

    /// <summary>Whether a plugin can answer HTTP at a path.</summary>
    public static bool IsPath(string path) => Path().IsMatch(path);

    private static void Check(CompiledModel model, string plugin, PersonalDataDescription data, ModelFaults faults)
    {
        faults.AddLabel(plugin, data.Type, data.Purpose);
        if (model.Type(data.Type) is not { } type)
            faults.Add(plugin, data.Type, "unknown", "la carte des données personnelles nomme un type qui n'existe pas.", "the personal-data map names a type that does not exist.");
        else if (data.Subject is { } end && !type.EndsByName.ContainsKey(end))
            faults.Add(plugin, $"{data.Type}.{end}", "unknown", "la carte des données personnelles nomme une relation qui n'existe pas.", "the personal-data map names a relationship that does not exist.");
        if (data.KeepDays < 1)
            faults.Add(plugin, data.Type, "keepDays", "la durée de conservation est d'un jour au moins.", "data are kept for a day at least.");
    }

    private static void Check(ModelDescription description, ModelFaults faults)
    {
        var asked = description.Permissions;
        foreach (var endpoint in asked.Endpoints.Where(e => !IsPath(e.Path)))
            faults.Add(description.Plugin, "", "endpoint", $"« {endpoint.Path} » n'est pas un chemin (minuscules, chiffres, points, tirets, entre barres obliques).", $"\"{endpoint.Path}\" is no path (lower case letters, digits, points, hyphens, between slashes).");
        foreach (var twice in asked.Endpoints.GroupBy(e => e.Path).Where(g => g.Count() > 1))
            faults.Add(description.Plugin, "", "endpoint", $"le chemin {twice.Key} est demandé {twice.Count()} fois.", $"the path {twice.Key} is asked for {twice.Count()} times.");
        foreach (var host in asked.Hosts.Where(h => !Host().IsMatch(h)))
            faults.Add(description.Plugin, "", "host", $"« {host} » n'est pas un nom d'hôte (api.example.org, *.example.org).", $"\"{host}\" is no host name (api.example.org, *.example.org).");
        foreach (var schedule in asked.Schedules)
        {
            if (!ModelNames.IsPlugin(schedule.Name))
                faults.Add(description.Plugin, "", "schedule", $"« {schedule.Name} » n'est pas un nom de tâche (minuscules, chiffres, tirets).", $"\"{schedule.Name}\" is no name for a job (lower case letters, digits, hyphens).");
            if (schedule.Every < TimeSpan.FromSeconds(1))
                faults.Add(description.Plugin, "", "schedule", $"la tâche {schedule.Name} se répète au plus une fois par seconde.", $"the job {schedule.Name} runs at most once a second.");
        }
        foreach (var twice in asked.Schedules.GroupBy(s => s.Name).Where(g => g.Count() > 1))
            faults.Add(description.Plugin, "", "schedule", $"la tâche {twice.Key} est demandée {twice.Count()} fois.", $"the job {twice.Key} is asked for {twice.Count()} times.");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Path();

    [GeneratedRegex(@"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Host();
}
