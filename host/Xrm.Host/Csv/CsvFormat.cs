using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Model;
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
    public static ImportFormat Of(Engine engine, Actor actor, TimeZoneInfo zone) => new(Name, Label.Of("Fichier à colonnes (csv)", "Delimited file (csv)"), Options,
        async (import, cancellation) => (await Read(engine, actor, zone, import, cancellation)).Plan);

    /// <summary>Reads a file and compares it with the data.</summary>
    /// <returns>What to do, and for each edit the line that it comes from.</returns>
    public static async Task<(ImportPlan Plan, List<int> Lines)> Read(Engine engine, Actor actor, TimeZoneInfo zone, Import import, CancellationToken cancellation)
    {
        using var reader = engine.Read(actor);
        var type = Type(reader, import.Options.GetValueOrDefault("type"));
        var map = CsvMapReader.Read(import.Options.GetValueOrDefault("map") ?? throw Missing("map"), type, reader, zone);
        var report = new CsvReport();
        var rows = await new CsvRows(map, report, reader.Today).Read(import, cancellation);
        import.Progress.Report(new(report.Rows, Label.Of("Comparaison…", "Comparing…")));
        var lookup = new CsvLookup(reader, cancellation);
        await Resolve(map, rows, lookup, report);
        var edits = new CsvEdits();
        if (type is ModelRelationship relationship)
            await new CsvRelationships(relationship, lookup, report, edits).Plan(rows);
        else
            await new CsvEntities(map, (ModelType)type, reader, lookup, report, edits).Plan(rows);
        return (new(edits.Build(), report.Build()), edits.Lines);
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

    /// <summary>Finds the things that links and ends lead to; a row that leads to nothing is left out.</summary>
    private static async Task Resolve(CsvMap map, List<CsvRow> rows, CsvLookup lookup, CsvReport report)
    {
        for (var i = 0; i < map.Links.Length; i++)
        {
            var at = i;
            await Resolve(map.Links[i].End.Name, map.Links[i].End.Far, rows, row => row.Links[at], lookup, report);
        }
        if (map.Type is ModelRelationship type)
        {
            await Resolve("source", type.Source.Types, rows, row => row.Source, lookup, report);
            await Resolve("target", type.IsSymmetric ? type.Source.Types : type.Target.Types, rows, row => row.Target, lookup, report);
        }
    }

    private static async Task Resolve(string what, ImmutableArray<ModelType> types, List<CsvRow> rows, Func<CsvRow, CsvTarget?> target, CsvLookup lookup, CsvReport report)
    {
        var targets = rows.Select(target).OfType<CsvTarget>().ToArray();
        var byId = await lookup.ById(types, targets.Where(t => t.Key is null).Select(t => t.Id));
        var key = targets.FirstOrDefault(t => t.Key is not null)?.Key;
        var byKey = key is null ? [] : await lookup.ByKey(key, targets.Where(t => t.Key is not null).Select(t => t.Values));
        foreach (var row in rows)
        {
            if (target(row) is not { } to)
                continue;
            var found = to.Key is null ? byId.GetValueOrDefault(to.Id) : byKey.GetValueOrDefault(CsvLookup.KeyText(to.Values));
            if (found.Exists)
                to.Id = found.Id;
            else if (!row.IsRefused)
            {
                var names = string.Join(", ", types.Select(t => t.Name));
                report.Refuse(row, what, $"il n'y a pas de fiche « {to.Text} » ({names}).", $"there is no thing \"{to.Text}\" ({names}).");
            }
        }
    }
}
