using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Core.Running;
using Xrm.Host.Csv;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Reads a file in one of the formats that plugins bring, or csv, and writes what it says as one commit.</summary>
internal static class ImportOperation
{
    private static readonly string[] Kinds = [.. Enum.GetNames<ImportLineKind>().Select(k => k.ToLowerInvariant())];

    public static async Task<JsonObject> Run(OperationRun run, CancellationToken cancellation)
    {
        var found = Find(run);
        var format = found.Format;
        var options = FormatOptions.Check(format.Name, format.Options.Keys, run.Texts("options"));
        var engine = run.Host.Engine;
        var xrm = found.Door(engine, run.Actor);
        var progress = new ReceiverProgress(run.Receiver);
        var import = new Import(run.Input, run.Text("file") ?? "-", options, xrm, progress);
        progress.Report(new(0, Label.Of("Lecture…", "Reading…")));
        // Whoever is stopped does not wait for a pipe that brings nothing more.
        var plan = await Read(run, format, import, cancellation).WaitAsync(cancellation);
        Receipt? receipt = null;
        if (!run.Flag("dryRun") && !plan.Commit.Edits.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report(new(plan.Report.Rows, Label.Of("Écriture…", "Writing…")));
            try
            {
                receipt = format.Name == CsvFormat.Name
                    ? await xrm.Commit(plan.Commit, cancellation)
                    : await engine.CommitMadeReady(plan.Commit, run.Actor, found.By, cancellation);
            }
            catch (Problem problem) when (plan.Lines.Count > 0)
            {
                throw new Problem(problem.Faults.Select(fault => OnLine(fault, plan.Lines)));
            }
        }
        return Report(format, run, plan.Report, receipt);
    }

    private static async Task<Planned> Read(OperationRun run, ImportFormat format, Import import, CancellationToken cancellation)
    {
        if (format.Name == CsvFormat.Name)
        {
            var isTold = Kinds.Any(k => k is "new" or "changed" && Most(run, k) > 0);
            var csv = await CsvFormat.Read(run.Host.Engine, run.Actor, run.Host.Settings.Zone, import, run.Length, isTold, cancellation);
            return new(csv.Commit, new(csv.Report.Rows, csv.Report.Count, csv.Report.Lines), csv.Lines);
        }
        var plan = await format.Read(import, cancellation);
        return new(plan.Commit, new(plan.Report.Rows, plan.Report.Count, plan.Report.Lines), []);
    }

    /// <summary>How many lines of a kind whoever asked wants to be told; all unless they say.</summary>
    private static int Most(OperationRun run, string kind) =>
        run.Arguments["most"] is JsonObject most && most[kind] is JsonValue value && value.TryGetValue<int>(out var number) ? number : int.MaxValue;

    private static Fault OnLine(Fault fault, IReadOnlyList<int> lines)
    {
        if (fault.Edit is not { } edit || edit >= lines.Count)
            return fault;
        var field = fault.Field is null ? "" : fault.Field + " : ";
        return fault with { Message = Label.Of($"Ligne {lines[edit]} : {field}{fault.Message.Fr}", $"Line {lines[edit]}: {field}{fault.Message.En}") };
    }

    /// <summary>All formats: those of plugins, and csv.</summary>
    public static ImmutableArray<BroughtFormat<ImportFormat>> Formats(OperationRun run) =>
        run.Host.Formats(h => h.Imports).Add(new(CsvFormat.Of(run.Host.Engine, run.Actor, run.Host.Settings.Zone), null));

    private static BroughtFormat<ImportFormat> Find(OperationRun run)
    {
        var name = run.Text("format") ?? "";
        var formats = Formats(run);
        return formats.FirstOrDefault(f => f.Format.Name == name) ?? throw new Problem(ProblemCode.Invalid, Label.Of(
            $"« {name} » n'est pas un format d'import. Il y a : {string.Join(", ", formats.Select(f => f.Format.Name))}.",
            $"\"{name}\" is not an import format. There are: {string.Join(", ", formats.Select(f => f.Format.Name))}."), "format", Commands.Terminal.Usage);
    }

    private static JsonObject Report(ImportFormat format, OperationRun run, Reported report, Receipt? receipt)
    {
        var json = new JsonObject
        {
            ["format"] = format.Name,
            ["file"] = run.Text("file"),
            ["dryRun"] = run.Flag("dryRun"),
            ["rows"] = report.Rows,
            ["new"] = report.Count(ImportLineKind.New),
            ["changed"] = report.Count(ImportLineKind.Changed),
            ["ended"] = report.Count(ImportLineKind.Ended),
            ["refused"] = report.Count(ImportLineKind.Refused),
            ["warnings"] = report.Count(ImportLineKind.Warning),
            ["commit"] = null,
        };
        if (receipt is { Written.IsEmpty: false })
            json["commit"] = new JsonObject { ["id"] = receipt.Id.ToString(), ["at"] = receipt.At, ["changes"] = receipt.Written.Length };
        var left = Kinds.ToDictionary(k => k, k => Most(run, k), StringComparer.Ordinal);
        var lines = new JsonArray();
        foreach (var line in report.Lines)
        {
            var kind = line.Kind.ToString().ToLowerInvariant();
            if (left[kind]-- > 0)
                lines.Add((JsonNode)new JsonObject { ["kind"] = kind, ["line"] = line.Line, ["message"] = Wire.Of(line.Message) });
        }
        json["lines"] = lines;
        return json;
    }

    private sealed record Planned(Commit Commit, Reported Report, IReadOnlyList<int> Lines);

    /// <param name="Count">How many lines of a kind there are, those left out of <paramref name="Lines"/> too.</param>
    private sealed record Reported(int Rows, Func<ImportLineKind, int> Count, IEnumerable<ImportLine> Lines);
}
