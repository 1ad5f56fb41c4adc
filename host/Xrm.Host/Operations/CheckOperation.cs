using System.Text.Json.Nodes;
using Xrm.Core.Log;
using Xrm.Host.Checking;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Proves that what is kept is whole: the chain of the log, the state against the log, the ends of relationships, the contents of files. Reading goes on meanwhile.</summary>
internal static class CheckOperation
{
    private const int MostFaults = 1000;

    public static async Task<JsonObject> Run(OperationRun run, CancellationToken cancellation)
    {
        var log = await Task.Run(() => LogCheck.Run(run.Host.Journal, null, cancellation,
            block => run.Receiver.Progress(new((int)block, Label.Of("Chaîne du journal, bloc", "Chain of the log, block")))), cancellation);
        var faults = log.Faults.Select(f => f.Text).ToList();
        var references = new ReferenceCheck(run.Host.Engine, faults);
        var files = new FileCheck(run.Host.Engine, faults);
        if (faults.Count == 0)
        {
            run.Receiver.Progress(new(0, Label.Of("État et journal…", "State and log…")));
            foreach (var difference in await run.Host.Store.Compare())
                faults.Add(Label.Of($"L'état n'est pas celui du journal : {difference}", $"The state is not that of the log: {difference}"));
            run.Receiver.Progress(new(0, Label.Of("Relations…", "Relationships…")));
            await references.Run(files.Note, cancellation);
            run.Receiver.Progress(new(0, Label.Of("Fichiers…", "Files…")));
            await files.Run(cancellation);
        }
        return new()
        {
            ["ok"] = faults.Count == 0,
            ["blocks"] = log.Blocks,
            ["changes"] = log.Changes,
            ["erased"] = log.Erased,
            ["entities"] = references.Entities,
            ["relationships"] = references.Relationships,
            ["files"] = files.Files,
            ["faults"] = new JsonArray([.. faults.Take(MostFaults).Select(f => (JsonNode)Wire.Of(f))]),
        };
    }
}
