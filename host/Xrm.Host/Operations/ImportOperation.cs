using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Core.Running;
using Xrm.Host.Csv;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Reads a file in one of the formats that plugins bring, or csv, and writes what it says as one commit.</summary>
internal static class ImportOperation
{
    public static async Task<JsonObject> Run(OperationRun run, CancellationToken cancellation)
    {
        var engine = run.Host.Engine;
        // What is read with a plugin's format is committed as far as that plugin was granted.
        var (format, plugin) = Find(run);
        if (plugin?.Health.Off is not null)
            throw new Problem(HookFaults.Off(plugin));
        var options = run.Texts("options").ToImmutableDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal);
        var unknown = options.Keys.Where(name => !format.Options.ContainsKey(name)).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0)
        {
            var known = string.Join(", ", format.Options.Keys.Order(StringComparer.Ordinal).Select(o => "--" + o));
            throw new Problem(unknown.Select(name => new Fault(ProblemCode.Invalid, Label.Of(
                $"Le format {format.Name} ne connaît pas l'option --{name} ({(known.Length > 0 ? known : "il n'en a aucune")}).",
                $"The format {format.Name} has no option --{name} ({(known.Length > 0 ? known : "it has none")})."), name, Commands.Terminal.Usage)));
        }
        var xrm = engine.As(run.Actor);
        var progress = new Progress(run.Receiver);
        var import = new Import(run.Input, run.Text("file") ?? "-", options, plugin?.Narrow(xrm, () => engine.Model) ?? xrm, progress);
        progress.Report(new(0, Label.Of("Lecture…", "Reading…")));
        // Whoever is stopped does not wait for a pipe that brings nothing more.
        var (plan, lines) = await Read(run, format, import, cancellation).WaitAsync(cancellation);
        Receipt? receipt = null;
        if (!run.Flag("dryRun") && !plan.Commit.Edits.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report(new(plan.Report.Rows, Label.Of("Écriture…", "Writing…")));
            try
            {
                receipt = format.Name == CsvFormat.Name
                    ? await xrm.Commit(plan.Commit, cancellation)
                    : await engine.CommitMadeReady(plan.Commit, run.Actor, plugin, cancellation);
            }
            catch (Problem problem) when (lines.Count > 0)
            {
                throw new Problem(problem.Faults.Select(fault => OnLine(fault, lines)));
            }
        }
        return Report(format, run, plan.Report, receipt);
    }

    private static async Task<(ImportPlan Plan, List<int> Lines)> Read(OperationRun run, ImportFormat format, Import import, CancellationToken cancellation) => format.Name == CsvFormat.Name
        ? await CsvFormat.Read(run.Host.Engine, run.Actor, run.Host.Settings.Zone, import, cancellation)
        : (await format.Read(import, cancellation), []);

    private static Fault OnLine(Fault fault, List<int> lines)
    {
        if (fault.Edit is not { } edit || edit >= lines.Count)
            return fault;
        var field = fault.Field is null ? "" : fault.Field + " : ";
        return fault with { Message = Label.Of($"Ligne {lines[edit]} : {field}{fault.Message.Fr}", $"Line {lines[edit]}: {field}{fault.Message.En}") };
    }

    /// <summary>The format asked for and the plugin that brings it; null for the host's own.</summary>
    private static (ImportFormat Format, Attachment? Plugin) Find(OperationRun run)
    {
        var name = run.Text("format") ?? "";
        var engine = run.Host.Engine;
        (ImportFormat Format, Attachment? Plugin)[] formats =
        [
            .. engine.Force.Attachments.SelectMany(a => a.Hooks.Imports.Handlers.Select(f => (f, (Attachment?)a))),
            (CsvFormat.Of(engine, run.Actor, run.Host.Settings.Zone), null),
        ];
        var names = string.Join(", ", formats.Select(f => f.Format.Name));
        var at = Array.FindIndex(formats, f => f.Format.Name == name);
        return at >= 0 ? formats[at] : throw new Problem(ProblemCode.Invalid, Label.Of(
            $"« {name} » n'est pas un format d'import. Il y a : {names}.",
            $"\"{name}\" is not an import format. There are: {names}."), "format", Commands.Terminal.Usage);
    }

    private static JsonObject Report(ImportFormat format, OperationRun run, ImportReport report, Receipt? receipt)
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
        var lines = new JsonArray();
        foreach (var line in report.Lines)
            lines.Add((JsonNode)new JsonObject { ["kind"] = line.Kind.ToString().ToLowerInvariant(), ["line"] = line.Line, ["message"] = Wire.Of(line.Message) });
        json["lines"] = lines;
        return json;
    }

    // Progress<T> of the base library would tell it later and out of order, by way of the thread pool.
    private sealed class Progress(IReceiver receiver) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => receiver.Progress(value);
    }
}
