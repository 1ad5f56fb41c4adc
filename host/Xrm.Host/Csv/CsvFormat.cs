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
        var plan = await Read(engine, actor, zone, import, isTold: true, cancellation);
        return new(plan.Commit, plan.Report.Build());
    });

    /// <summary>Reads a file and compares it with the data.</summary>
    /// <param name="isTold">Whether somebody wants to know of each row what it brings, not of refused ones alone.</param>
    public static async Task<CsvPlan> Read(Engine engine, Actor actor, TimeZoneInfo zone, Import import, bool isTold, CancellationToken cancellation)
    {
        using var reader = engine.Read(actor);
        var type = Type(reader, import.Options.GetValueOrDefault("type"));
        var map = CsvMapReader.Read(import.Options.GetValueOrDefault("map") ?? throw Missing("map"), type, reader, zone);
        var all = await new CsvRows(map).Read(import, cancellation);
        import.Progress.Report(new(all.Count, Label.Of("Comparaison…", "Comparing…")));
        var rows = all.FindAll(r => !r.IsRefused);
        var lookup = new CsvLookup(reader, cancellation);
        await Resolve(map, rows, lookup);
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

    /// <summary>Finds the things that links and ends lead to; a row that leads to nothing is left out.</summary>
    private static async Task Resolve(CsvMap map, List<CsvRow> rows, CsvLookup lookup)
    {
        for (var i = 0; i < map.Links.Length; i++)
        {
            var at = i;
            await Resolve(map.Links[i].End.Name, map.Links[i].End.Far, rows, row => row.Links[at], lookup);
        }
        if (map.Type is ModelRelationship type)
        {
            await Resolve("source", type.Source.Types, rows, row => row.Source, lookup);
            await Resolve("target", type.IsSymmetric ? type.Source.Types : type.Target.Types, rows, row => row.Target, lookup);
        }
    }

    private static async Task Resolve(string what, ImmutableArray<ModelType> types, List<CsvRow> rows, Func<CsvRow, CsvTarget?> target, CsvLookup lookup)
    {
        var ids = new List<Guid>(rows.Count);
        ModelKey? key = null;
        var values = new List<Operand[]>();
        foreach (var row in rows)
            if (target(row) is { Key: { } by } named)
            {
                key = by;
                values.Add(named.Values);
            }
            else if (target(row) is { } known)
                ids.Add(known.Id);
        var byId = await lookup.ById(types, ids);
        var byKey = key is null ? [] : await lookup.ByKey(key, values);
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
                row.Refuse(what, $"il n'y a pas de fiche « {to.Text} » ({names}).", $"there is no thing \"{to.Text}\" ({names}).");
            }
        }
    }
}

/// <summary>What importing a file would do.</summary>
/// <param name="Commit">All of it; no edits when nothing is different.</param>
/// <param name="Lines">For each edit the line that it comes from.</param>
internal sealed record CsvPlan(Commit Commit, List<int> Lines, CsvReport Report);
