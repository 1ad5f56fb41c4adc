using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Xml;
using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Plugins, plans and outcomes as JSON: what <c>--json</c> prints, and what comes through the operator socket.</summary>
internal static class PluginJson
{
    public static JsonObject Of(PluginStatus status) => new()
    {
        ["id"] = status.Id,
        ["version"] = status.Version?.ToString(),
        ["title"] = Wire.Of(status.Title),
        ["state"] = Word(status.Condition),
        ["reasons"] = Each(status.Reasons, Wire.Of),
        ["permissions"] = Of(status.Permissions),
        ["restorable"] = status.Restorable?.ToString(),
        ["held"] = Of(status.Held),
    };

    public static JsonObject Of(PluginPlan plan) => new()
    {
        ["hash"] = plan.Hash,
        ["action"] = plan.Action.ToString().ToLowerInvariant(),
        ["id"] = plan.Id,
        ["title"] = Wire.Of(plan.Title),
        ["description"] = Wire.Of(plan.Description),
        ["from"] = plan.From?.ToString(),
        ["to"] = plan.To?.ToString(),
        ["sha256"] = plan.Sha256,
        ["trustedBy"] = plan.TrustedBy,
        ["refused"] = plan.IsRefused,
        ["destructive"] = plan.IsDestructive,
        ["lines"] = Each(plan.Lines, Of),
        ["permissions"] = Of(plan.Permissions),
        ["newPermissions"] = Of(plan.NewPermissions),
        ["migrations"] = Each(plan.Migrations, m => new JsonObject { ["to"] = m.To.ToString(), ["type"] = m.Type, ["what"] = Wire.Of(m.What) }),
        ["personalData"] = Each(plan.PersonalData, p => new JsonObject { ["type"] = p.Type, ["purpose"] = Wire.Of(p.Purpose), ["subject"] = p.Subject, ["keepDays"] = p.KeepDays }),
        ["affected"] = Each(plan.Affected, id => JsonValue.Create(id)),
        ["refusals"] = Wire.Of(plan.Refusals),
    };

    public static JsonObject Of(PluginOutcome outcome) => new()
    {
        ["plan"] = Of(outcome.Plan),
        ["status"] = outcome.Status is { } status ? Of(status) : null,
        ["remarks"] = Each(outcome.Remarks, Wire.Of),
        ["unloaded"] = outcome.IsUnloaded,
        ["held"] = Of(outcome.Held),
    };

    private static JsonObject Of(PlanLine line) => new()
    {
        ["kind"] = line.Kind.ToString().ToLowerInvariant(),
        ["part"] = Camel(line.Part.ToString()),
        ["name"] = line.Name,
        ["plugin"] = line.Plugin,
        ["label"] = Wire.Of(line.Label),
        ["destructive"] = line.IsDestructive,
        ["count"] = line.Count,
        ["remark"] = Of(line.Remark),
    };

    private static JsonObject Of(PluginPermissions permissions) => new()
    {
        ["reads"] = Each(permissions.Reads, t => JsonValue.Create(t)),
        ["writes"] = Each(permissions.Writes, t => JsonValue.Create(t)),
        ["endpoints"] = Each(permissions.Endpoints, e => new JsonObject { ["path"] = e.Path, ["public"] = e.IsPublic }),
        ["hosts"] = Each(permissions.Hosts, h => JsonValue.Create(h)),
        ["schedules"] = Each(permissions.Schedules, s => new JsonObject { ["name"] = s.Name, ["every"] = XmlConvert.ToString(s.Every) }),
    };

    private static JsonObject? Of(Label? label) => label is null ? null : Wire.Of(label);

    private static JsonArray Each<T>(ImmutableArray<T> items, Func<T, JsonNode> json) => new([.. items.Select(i => json(i))]);

    private static string Word(PluginCondition condition) => Camel(condition.ToString());

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
