using System.Text.Json.Nodes;
using Xrm.Host.Checking;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Proves that what is kept is whole: the chain of the log, the state against the log, the ends of relationships. Reading goes on meanwhile.</summary>
internal static class CheckOperation
{
    private const int MostFaults = 1000;

    public static async Task<JsonObject> Run(OperationRun run, CancellationToken cancellation)
    {
        var faults = new List<Label>();
        var chain = new ChainCheck(run.Host.Journal, faults);
        var last = run.Host.Engine.Log.Head.Block;
        await Task.Run(() => chain.Run(last, block => run.Receiver.Progress(new((int)block, Label.Of("Chaîne du journal, bloc", "Chain of the log, block"))), cancellation), cancellation);
        var references = new ReferenceCheck(run.Host.Engine, faults);
        if (faults.Count == 0)
        {
            run.Receiver.Progress(new(0, Label.Of("État et journal…", "State and log…")));
            foreach (var difference in await run.Host.Store.Compare())
                faults.Add(Label.Of($"L'état n'est pas celui du journal : {difference}", $"The state is not that of the log: {difference}"));
            run.Receiver.Progress(new(0, Label.Of("Relations…", "Relationships…")));
            await references.Run(cancellation);
        }
        return new()
        {
            ["ok"] = faults.Count == 0,
            ["blocks"] = chain.Blocks,
            ["changes"] = chain.Changes,
            ["erased"] = chain.Erased,
            ["entities"] = references.Entities,
            ["relationships"] = references.Relationships,
            ["faults"] = new JsonArray([.. faults.Take(MostFaults).Select(f => (JsonNode)Wire.Of(f))]),
        };
    }
}
