using System.Text.Json.Nodes;
using System.Xml;
using Xrm.Host.Operations;

namespace Xrm.Host.Commands;

/// <summary>A plan as people read it: what it changes, what it asks for, what speaks against it. What was not there before is marked with <c>+</c>, what takes data away with <c>!</c>.</summary>
internal sealed class PlanText(Terminal terminal)
{
    private static readonly string[] Kinds = ["added", "restored", "changed", "parked"];

    /// <summary>All of a plan, before it is done.</summary>
    public void Whole(JsonObject plan)
    {
        terminal.Out.WriteLine(Title(plan));
        if (In(plan["description"]) is { Length: > 0 } description && description != In(plan["title"]))
            terminal.Out.WriteLine("  " + description);
        if (plan["sha256"] is { } hash)
            terminal.Out.WriteLine($"  SHA-256 {hash}, {Trust(plan["trustedBy"]?.GetValue<string>())}");
        foreach (var kind in Kinds)
            Lines(plan, kind);
        Permissions(plan);
        Section(terminal.Pick("Données personnelles", "Personal data"), plan["personalData"]!.AsArray().Select(PersonalData));
        Section(terminal.Pick("Migrations", "Migrations"), plan["migrations"]!.AsArray().Select(m => $"  {m!["to"]}  {m["type"]}: {In(m["what"])}"));
        Section(terminal.Pick("Autres modules concernés", "Other plugins affected"), plan["affected"]!.AsArray().Select(id => $"  {id}"));
        Section(terminal.Pick("Refus", "Refusals"), plan["refusals"]!.AsArray().Select(f => $"  {In(f!["message"])}"));
        terminal.Out.WriteLine();
        var isUntrusted = IsUntrusted(plan);
        if (plan["refused"]!.GetValue<bool>() && !isUntrusted)
            terminal.Out.WriteLine(terminal.Pick("Ce serait refusé.", "It would be refused."));
        else
        {
            if (plan["destructive"]!.GetValue<bool>())
                terminal.Out.WriteLine(terminal.Pick("! Des données ne seraient plus lisibles ou modifiables comme avant.", "! Data could no longer be read or written as before."));
            terminal.Out.WriteLine((isUntrusted
                ? terminal.Pick("Pour ne faire que cela, en répondant du paquet : ", "To do just this, and answer for the package: ")
                : terminal.Pick("Pour ne faire que cela : ", "To do just this: "))
                + $"xrm plugin {plan["action"]} …{(isUntrusted ? " --trust-once" : "")} --plan {plan["hash"]}");
        }
    }

    /// <summary>Whether nothing speaks against a plan but that nobody vouches for the package: whoever reads it may.</summary>
    public static bool IsUntrusted(JsonObject plan) =>
        plan["refusals"]!.AsArray() is { Count: > 0 } refusals && refusals.All(r => r!["rule"]?.GetValue<string>() == "trust");

    /// <summary>What was done, in short.</summary>
    public void Done(JsonObject outcome)
    {
        var plan = outcome["plan"]!.AsObject();
        terminal.Out.WriteLine(Title(plan));
        var lines = plan["lines"]!.AsArray();
        foreach (var kind in Kinds)
            if (lines.Count(l => Is(l!, kind)) is var count and > 0)
                terminal.Out.WriteLine($"  {Word(kind)}: {count}");
        foreach (var line in lines.Where(l => l!["destructive"]!.GetValue<bool>()))
            terminal.Out.WriteLine(Line(line!));
        if (plan["affected"]!.AsArray() is { Count: > 0 } affected)
            terminal.Out.WriteLine(terminal.Pick("  avec : ", "  along with: ") + string.Join(", ", affected.Select(a => a!.ToString())));
        foreach (var remark in outcome["remarks"]!.AsArray())
            terminal.Out.WriteLine("  " + In(remark));
        if (outcome["unloaded"]?.GetValue<bool>() is { } unloaded)
            terminal.Out.WriteLine(unloaded
                ? terminal.Pick("  Le code d'avant n'est plus en mémoire : vérifié.", "  The earlier code is gone from memory: proven.")
                : terminal.Pick("  Le code d'avant est encore en mémoire : ", "  The earlier code is still in memory: ") + In(outcome["held"]));
        if (outcome["status"] is { } status)
            new PluginText(terminal).Status(status);
    }

    private string Title(JsonObject plan)
    {
        var action = plan["action"]!.GetValue<string>() switch
        {
            "install" => terminal.Pick("Installer", "Install"),
            "update" => terminal.Pick("Mettre à jour", "Update"),
            "disable" => terminal.Pick("Arrêter", "Disable"),
            "enable" => terminal.Pick("Remettre en service", "Enable"),
            "remove" => terminal.Pick("Retirer", "Remove"),
            _ => terminal.Pick("Rétablir", "Restore"),
        };
        var versions = (plan["from"], plan["to"]) switch
        {
            ({ } from, { } to) when from.ToString() != to.ToString() => $"{from} → {to}",
            ({ } from, null) => from.ToString(),
            (_, { } to) => to.ToString(),
            _ => "",
        };
        return $"{action} {plan["id"]} {versions}  {In(plan["title"])}";
    }

    private string Trust(string? by) => by switch
    {
        null => terminal.Pick("personne n'en répond", "nobody vouches for it"),
        "bundled" => terminal.Pick("livré avec l'application", "came with the application"),
        "hash" => terminal.Pick("son empreinte est dans la liste de confiance", "its hash is on the list of trust"),
        "certificate" => terminal.Pick("signé par un certificat de confiance", "signed with a trusted certificate"),
        "once" => terminal.Pick("accepté cette fois", "taken this once"),
        "installed" => terminal.Pick("déjà installé", "installed already"),
        _ => by,
    };

    private void Lines(JsonObject plan, string kind) =>
        Section(char.ToUpperInvariant(Word(kind)[0]) + Word(kind)[1..], plan["lines"]!.AsArray().Where(l => Is(l!, kind)).Select(l => Line(l!)));

    private string Line(JsonNode line)
    {
        var part = line["part"]!.GetValue<string>() switch
        {
            "entityType" => terminal.Pick("type", "type"),
            "relationshipType" => terminal.Pick("relation", "relationship"),
            "field" => terminal.Pick("champ", "field"),
            "codeList" => terminal.Pick("liste", "list"),
            _ => terminal.Pick("profil", "role"),
        };
        var isDestructive = line["destructive"]!.GetValue<bool>();
        var count = line["count"] is { } things ? $" ({things})" : "";
        var remark = line["remark"] is { } said ? ": " + In(said) : "";
        return $"{(isDestructive ? "!" : " ")} {part} {line["name"]}{count}  {In(line["label"])}{remark}{(isDestructive ? terminal.Pick("  [destructif]", "  [destructive]") : "")}";
    }

    private void Permissions(JsonObject plan)
    {
        var (all, fresh) = (plan["permissions"]!, plan["newPermissions"]!);
        Section(terminal.Pick("Demande à lire", "Asks to read"), Asked("reads", t => t.ToString()));
        Section(terminal.Pick("Demande à modifier", "Asks to write"), Asked("writes", t => t.ToString()));
        Section(terminal.Pick("Demande à répondre en HTTP", "Asks to answer HTTP"), Asked("endpoints", e => $"/plugins/{plan["id"]}/{e["path"]}"
            + (e["public"]!.GetValue<bool>() ? terminal.Pick("  [ouvert à tous, sans connexion]", "  [open to all, without signing in]") : "")));
        Section(terminal.Pick("Demande à appeler", "Asks to call"), Asked("hosts", h => h.ToString()));
        Section(terminal.Pick("Demande à agir régulièrement", "Asks to act again and again"), Asked("schedules", s => $"{s["name"]}  {Every(XmlConvert.ToTimeSpan(s["every"]!.GetValue<string>()))}"));

        IEnumerable<string> Asked(string name, Func<JsonNode, string> text) => all[name]!.AsArray()
            .Select(one => $"{(fresh[name]!.AsArray().Any(other => JsonNode.DeepEquals(one, other)) ? "+" : " ")} {text(one!)}");
    }

    private string Every(TimeSpan every) => every switch
    {
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerDay == 0 => terminal.Pick($"tous les {every.TotalDays:0} jours", $"every {every.TotalDays:0} days"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 => terminal.Pick($"toutes les {every.TotalHours:0} heures", $"every {every.TotalHours:0} hours"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerMinute == 0 => terminal.Pick($"toutes les {every.TotalMinutes:0} minutes", $"every {every.TotalMinutes:0} minutes"),
        _ => terminal.Pick($"toutes les {every.TotalSeconds:0.###} secondes", $"every {every.TotalSeconds:0.###} seconds"),
    };

    private string PersonalData(JsonNode? data)
    {
        var keep = data!["keepDays"] is { } days ? terminal.Pick($", {days} jours", $", {days} days") : "";
        var subject = data["subject"] is { } end ? $" ({end})" : "";
        return $"  {data["type"]}{subject}: {In(data["purpose"])}{keep}";
    }

    private void Section(string heading, IEnumerable<string> lines)
    {
        var all = lines.ToArray();
        if (all.Length == 0)
            return;
        terminal.Out.WriteLine(heading);
        foreach (var line in all)
            terminal.Out.WriteLine("  " + line);
    }

    private string Word(string kind) => kind switch
    {
        "added" => terminal.Pick("ajouté", "added"),
        "changed" => terminal.Pick("changé", "changed"),
        "parked" => terminal.Pick("mis de côté, en lecture seule", "parked, read-only"),
        _ => terminal.Pick("retrouvé avec ses données", "restored with its data"),
    };

    private static bool Is(JsonNode line, string kind) => line["kind"]!.GetValue<string>() == kind;

    private string In(JsonNode? label) => Wire.Label(label).In(terminal.Language);
}
