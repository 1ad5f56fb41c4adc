using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Host.Exporting;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Writes out one type, or everything that the actor may see, parked data included, from one state of the data. Hidden and computed fields never, those above the sensitivity asked for neither.
/// A plugin's format writes what it is for.</summary>
internal static class ExportOperation
{
    private const int Batch = 1000;
    private const string Csv = "csv";
    private const string Ndjson = "ndjson";

    private static readonly ImmutableDictionary<string, Label> Options = new Dictionary<string, Label>
    {
        ["type"] = Label.Of("Le type de fiche ou de relation ; ndjson : tout, sans lui.", "The entity or relationship type; ndjson: everything, without it."),
        ["up-to"] = Label.Of("La sensibilité la plus haute des champs : P0 à P3 (P2).", "The most sensitive fields: P0 to P3 (P2)."),
        ["separator"] = Label.Of("csv : le séparateur (une virgule).", "csv: the separator (a comma)."),
    }.ToImmutableDictionary();

    /// <summary>The host's own formats, as people are shown them.</summary>
    public static IEnumerable<JsonObject> Own() =>
        [PluginOperations.Json(Csv, Label.Of("Les fiches d'un type, en lignes (RFC 4180)", "The things of one type, in lines (RFC 4180)"), Options),
            PluginOperations.Json(Ndjson, Label.Of("Un objet JSON par ligne, d'un type ou de tout", "One JSON object a line, of a type or of everything"), Options.Remove("separator"))];

    public static Task<JsonObject> Run(OperationRun run, CancellationToken cancellation)
    {
        var name = run.Text("format") ?? "";
        if (run.Host.Formats(h => h.Exports).FirstOrDefault(f => f.Format.Name == name) is { } brought && name is not (Csv or Ndjson))
            return Brought(run, brought, cancellation);
        if (name is not (Csv or Ndjson))
        {
            var all = string.Join(", ", run.Host.Formats(h => h.Exports).Select(f => f.Format.Name).Append(Csv).Append(Ndjson));
            throw new Problem(ProblemCode.Invalid, Label.Of($"« {name} » n'est pas un format d'export. Il y a : {all}.", $"\"{name}\" is not an export format. There are: {all}."), "format", Commands.Terminal.Usage);
        }
        FormatOptions.Check(name, Options.Keys, run.Texts("options"));
        return Sheets(run, cancellation);
    }

    private static async Task<JsonObject> Brought(OperationRun run, BroughtFormat<ExportFormat> brought, CancellationToken cancellation)
    {
        var format = brought.Format;
        var options = FormatOptions.Check(format.Name, format.Options.Keys, run.Texts("options"));
        await using var target = new ReceiverStream(run.Receiver, cancellation);
        var export = new Export(target, options, brought.Door(run.Host.Engine, run.Actor), new ReceiverProgress(run.Receiver));
        var records = await format.Write(export, cancellation).AsTask().WaitAsync(cancellation);
        await target.FlushAsync(cancellation);
        return new() { ["format"] = format.Name, ["records"] = records };
    }

    private static async Task<JsonObject> Sheets(OperationRun run, CancellationToken cancellation)
    {
        using var reader = run.Host.Engine.ReadWhole(run.Actor);
        var options = run.Texts("options").ToImmutableDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal);
        var (isCsv, separator) = (run.Text("format") == Csv, options.GetValueOrDefault("separator"));
        var types = Types(options.GetValueOrDefault("type"), isCsv, reader);
        var upTo = options.GetValueOrDefault("up-to") is ['P', >= '0' and <= '3' and var digit] ? (Sensitivity)(digit - '0') : Sensitivity.Personal;
        await using var output = new Chunks(run.Receiver);
        var records = 0;
        foreach (var type in types)
        {
            var fields = Fields(type, upTo, reader);
            ISheet sheet = isCsv ? new CsvSheet(type, fields, separator is [var c] ? c : ',', output) : new JsonSheet(type, fields, output) { IsParked = reader.Model.IsParked(type) };
            sheet.Begin();
            await foreach (var rows in Read(reader, type, cancellation))
            {
                foreach (var row in rows.Items)
                    sheet.Write(reader, row);
                records += rows.Items.Length;
                await output.Flush(cancellation);
                run.Receiver.Progress(new(records, Label.Of("Export…", "Exporting…")));
            }
        }
        return new()
        {
            ["format"] = run.Text("format"),
            ["records"] = records,
            ["types"] = new JsonArray([.. types.Select(t => (JsonNode)t.Name)]),
            ["parked"] = new JsonArray([.. types.Where(reader.Model.IsParked).Select(t => (JsonNode)t.Name)]),
        };
    }

    /// <summary>The fields that are written out.</summary>
    internal static ImmutableArray<ModelField> Fields(RecordType type, Sensitivity upTo, Reader reader) =>
        [.. type.Fields.Where(f => f.Description is { IsHidden: false, IsComputed: false } && f.Description.Sensitivity <= upTo && reader.Sees(f))];

    private static ImmutableArray<RecordType> Types(string? name, bool isCsv, Reader reader)
    {
        var model = reader.Model;
        if (name is null)
            return isCsv
                ? throw new Problem(ProblemCode.Invalid, Label.Of("Un fichier csv a les fiches d'un type : --type, ou le format ndjson pour tout.", "A csv file has the things of one type: --type, or the format ndjson for everything."), "type", Commands.Terminal.Usage)
                : [.. model.Types.Cast<RecordType>().Concat(model.Relationships).Where(reader.Sees)];
        return model.ByName.TryGetValue(name, out var type) && reader.Sees(type)
            ? [type]
            : throw new Problem(ProblemCode.Invalid, Label.Of(
                $"Il n'y a pas de type {name}. Il y a : {string.Join(", ", model.ByName.Values.Where(reader.Sees).Select(t => t.Name).Order(StringComparer.Ordinal))}.",
                $"There is no type {name}. There are: {string.Join(", ", model.ByName.Values.Where(reader.Sees).Select(t => t.Name).Order(StringComparer.Ordinal))}."), "type", Commands.Terminal.Usage);
    }

    private static IAsyncEnumerable<Rows> Read(Reader reader, RecordType type, CancellationToken cancellation) =>
        type is ModelRelationship relationship ? ReadLinks(reader, relationship, cancellation) : ReadThings(reader, (ModelType)type, cancellation);

    private static async IAsyncEnumerable<Rows> ReadThings(Reader reader, ModelType type, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        SortPosition? after = null;
        while (true)
        {
            var rows = await reader.Read(new ReadStep.List { Views = [TypeView.Of(type)], Selection = new() { First = Batch, After = after } }, cancellation);
            yield return rows;
            if (!rows.HasNext[0])
                yield break;
            after = new([], rows.Items[^1].Entity.Id);
        }
    }

    /// <summary>Relationships by way of the things at their source end; of a symmetric type each would come from both ends and is taken from its source only.</summary>
    private static async IAsyncEnumerable<Rows> ReadLinks(Reader reader, ModelRelationship type, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var source in type.Source.Types.Where(reader.Sees))
            await foreach (var things in ReadThings(reader, source, cancellation))
            {
                if (things.Items.Length == 0)
                    continue;
                var rows = await reader.Read(new ReadStep.Related(type.Source, [.. things.Items.Select(r => r.Entity.Id)])
                {
                    Views = [.. type.Source.Far.Select(TypeView.Of)],
                    During = Period.Always,
                    DatesNodes = false,
                }, cancellation);
                if (!type.IsSymmetric)
                    yield return rows;
                else
                {
                    var own = new List<Row>();
                    for (var i = 0; i < things.Items.Length; i++)
                        foreach (var row in rows.Run(i))
                            if (row.Link.Source == things.Items[i].Entity.Id)
                                own.Add(row);
                    yield return new Rows { Items = [.. own], Starts = [0, own.Count] };
                }
            }
    }
}
