using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>The import format <c>csv</c>: any delimited file into any type, by a map.</summary>
internal static class CsvFormat
{
    public const string Name = "csv";

    private static readonly ImmutableDictionary<string, Label> Options = ImmutableDictionary<string, Label>.Empty
        .Add("type", Label.Of("le type de fiche ou de relation", "the entity or relationship type"))
        .Add("map", Label.Of("quelle colonne va où (JSON)", "which column goes where (JSON)"));

    /// <summary>As people see it beside the formats of plugins.</summary>
    public static ImportFormat Of(Engine engine, Actor actor, TimeZoneInfo zone) => new(Name, Label.Of("Fichier à colonnes (csv)", "Delimited file (csv)"), Options, async (import, cancellation) =>
    {
        var plan = await Read(engine, actor, zone, import, length: null, isTold: true, cancellation);
        return new(plan.Commit, plan.Report.Build());
    });

    /// <summary>Reads a file and compares it with the data.</summary>
    /// <param name="length">How many bytes the file has; null when that is not known.</param>
    /// <param name="isTold">Whether somebody wants to know of each row what it brings, not of refused ones alone.</param>
    public static async Task<CsvPlan> Read(Engine engine, Actor actor, TimeZoneInfo zone, Import import, long? length, bool isTold, CancellationToken cancellation)
    {
        using var reader = engine.Read(actor);
        var type = Type(reader, import.Options.GetValueOrDefault("type"));
        var map = CsvMapReader.Read(import.Options.GetValueOrDefault("map") ?? throw Missing("map"), type, reader, zone);
        var all = await new CsvRows(map, reader).Read(import, length, cancellation);
        import.Progress.Report(new(all.Count, Label.Of("Comparaison…", "Comparing…")));
        var rows = all.TrueForAll(r => r.IsRead) ? all : all.FindAll(r => r.IsRead);
        var lookup = new CsvLookup(reader, cancellation);
        var edits = new CsvEdits(type, rows.Count);
        if (type is ModelRelationship relationship)
            await new CsvRelationships(relationship, lookup, edits, isTold).Plan(rows);
        else
            await new CsvEntities(map, (ModelType)type, reader, lookup, edits, isTold).Plan(rows);
        return new(edits.Build(), edits.Lines, new(all));
    }

    private static RecordType Type(Reader reader, string? name)
    {
        if (name is null)
            throw Missing("type");
        if (reader.Model.ByName.TryGetValue(name, out var type) && reader.Sees(type))
            return type;
        var known = string.Join(", ", reader.Model.ByName.Values.Where(reader.Sees).Select(t => t.Name).Order(StringComparer.Ordinal));
        throw new Problem(ProblemCode.Invalid, Label.Of($"--type : il n'y a pas de type {name}. Il y a : {known}.", $"--type: there is no type {name}. There are: {known}."), "type", Commands.Terminal.Usage);
    }

    private static Problem Missing(string option) => new(ProblemCode.Invalid, Label.Of(
        $"Un import csv a besoin de --{option}.", $"A csv import needs --{option}."), option, Commands.Terminal.Usage);
}

/// <summary>What importing a file would do.</summary>
/// <param name="Commit">All of it; no edits when nothing is different.</param>
/// <param name="Lines">For each edit the line that it comes from.</param>
internal sealed record CsvPlan(Commit Commit, List<int> Lines, CsvReport Report);
