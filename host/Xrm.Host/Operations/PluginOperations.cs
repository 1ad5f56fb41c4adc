using System.Text.Json.Nodes;
using Xrm.Core.Administration;
using Xrm.Host.Csv;

namespace Xrm.Host.Operations;

/// <summary>What plugins there are.</summary>
internal static class PluginOperations
{
    public static Task<JsonObject> List(OperationRun run, CancellationToken cancellation) => Task.FromResult(new JsonObject
    {
        ["plugins"] = new JsonArray([.. run.Host.Plugins.Select(p => (JsonNode)new JsonObject
        {
            ["id"] = p.Id,
            ["version"] = p.Version?.ToString(),
            ["title"] = Wire.Of(p.Title),
            ["state"] = p.Condition switch { PluginCondition.SwitchedOff => "switchedOff", var c => c.ToString().ToLowerInvariant() },
            ["reasons"] = new JsonArray([.. p.Reasons.Select(r => (JsonNode)Wire.Of(r))]),
        })]),
        ["imports"] = new JsonArray([.. run.Host.Imports.Add(CsvFormat.Of(run.Host.Engine, run.Actor, run.Host.Settings.Zone)).Select(f => (JsonNode)new JsonObject
        {
            ["name"] = f.Name,
            ["label"] = Wire.Of(f.Label),
            ["options"] = new JsonObject(f.Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => KeyValuePair.Create(o.Key, (JsonNode?)Wire.Of(o.Value)))),
        })]),
    });
}
