using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Host.Exporting;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Writes out one type, or everything that the actor may see, from one state of the data. Hidden and computed fields never, those above the sensitivity asked for neither.</summary>
internal static class ExportOperation
{
    private const int Batch = 1000;

    public static async Task<JsonObject> Run(OperationRun run, CancellationToken cancellation)
    {
        using var reader = run.Host.Engine.Read(run.Actor);
        var types = Types(run, reader);
        var upTo = run.Text("upTo") is ['P', >= '0' and <= '3' and var digit] ? (Sensitivity)(digit - '0') : Sensitivity.Personal;
        var isCsv = run.Text("format") == "csv";
        await using var output = new Chunks(run.Receiver);
        var records = 0;
        foreach (var type in types)
        {
            var fields = Fields(type, upTo, reader);
            ISheet sheet = isCsv ? new CsvSheet(type, fields, run.Text("separator") is [var c] ? c : ',', output) : new JsonSheet(type, fields, output);
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
        return new() { ["records"] = records, ["types"] = new JsonArray([.. types.Select(t => (JsonNode)t.Name)]) };
    }

    /// <summary>The fields that are written out.</summary>
    internal static ImmutableArray<ModelField> Fields(RecordType type, Sensitivity upTo, Reader reader) =>
        [.. type.Fields.Where(f => f.Description is { IsHidden: false, IsComputed: false } && f.Description.Sensitivity <= upTo && reader.Sees(f))];

    private static ImmutableArray<RecordType> Types(OperationRun run, Reader reader)
    {
        var model = reader.Model;
        if (run.Text("type") is not { } name)
            return run.Text("format") == "csv"
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
