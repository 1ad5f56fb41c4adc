using System.Text.Json.Nodes;
using Xrm.Core.Administration;
using Xrm.PluginLoading;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Lists plugins, tells what doing something with one would do, and does it.</summary>
internal static class PluginOperations
{
    private static readonly long Largest = new PackageLimits().Package;

    public static Task<JsonObject> List(OperationRun run, CancellationToken cancellation) => Task.FromResult(new JsonObject
    {
        ["plugins"] = new JsonArray([.. run.Host.Administration.Plugins.Select(p => (JsonNode)PluginJson.Of(p))]),
        ["imports"] = new JsonArray([.. ImportOperation.Formats(run).Select(f => (JsonNode)Json(f.Format.Name, f.Format.Label, f.Format.Options))]),
        ["exports"] = new JsonArray([.. run.Host.Formats(h => h.Exports).Select(f => (JsonNode)Json(f.Format.Name, f.Format.Label, f.Format.Options)).Concat(ExportOperation.Own())]),
    });

    /// <summary>What would be done; for a package, an update when its plugin is installed, else an installation.</summary>
    public static async Task<JsonObject> Plan(OperationRun run, CancellationToken cancellation)
    {
        var administration = run.Host.Administration;
        var request = await Request(run, PluginAction.Install, cancellation);
        run.Receiver.Progress(new(0, Label.Of("Plan…", "Planning…")));
        if (request.Id is { } id && IsInstalled(administration, id))
            request = request with { Action = PluginAction.Update };
        var plan = await administration.Plan(request, run.Actor, cancellation);
        if (request.Action == PluginAction.Install && IsInstalled(administration, plan.Id))
            plan = await administration.Plan(request with { Action = PluginAction.Update }, run.Actor, cancellation);
        return PluginJson.Of(plan);
    }

    public static async Task<JsonObject> Apply(OperationRun run, CancellationToken cancellation)
    {
        var action = Enum.TryParse<PluginAction>(run.Text("action"), ignoreCase: true, out var known) && Enum.IsDefined(known)
            ? known
            : throw new Problem(ProblemCode.Invalid, Label.Of("Cette action n'existe pas.", "There is no such action."), "action", Commands.Terminal.Usage);
        var request = await Request(run, action, cancellation);
        run.Receiver.Progress(new(0, Label.Of("Mise en œuvre…", "Applying…")));
        return PluginJson.Of(await run.Host.Administration.Apply(request, run.Actor, cancellation));
    }

    private static bool IsInstalled(IPluginAdministration administration, string id) =>
        administration.Plugins.Any(p => p.Id == id && p.Condition is not (PluginCondition.Available or PluginCondition.Left));

    private static async Task<PluginRequest> Request(OperationRun run, PluginAction action, CancellationToken cancellation)
    {
        var file = run.Text("file");
        return new(action, file is null ? run.Text("id") : null)
        {
            Package = file is null ? default(ReadOnlyMemory<byte>?) : await Read(run.Input, cancellation),
            PackageName = file ?? "",
            TrustOnce = run.Flag("trustOnce"),
            Cascade = run.Flag("cascade"),
            Plan = run.Text("plan"),
        };
    }

    private static async Task<ReadOnlyMemory<byte>> Read(Stream input, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var piece = new byte[1 << 16];
        // Whoever is stopped does not wait for a pipe that brings nothing more.
        while (await input.ReadAsync(piece, cancellation).AsTask().WaitAsync(cancellation) is var read && read > 0)
        {
            if (bytes.Length + read > Largest)
                throw new Problem(ProblemCode.Limit, Label.Of($"Le paquet dépasse {Largest} octets.", $"The package is larger than {Largest} bytes."), rule: "packageBytes");
            bytes.Write(piece, 0, read);
        }
        return bytes.ToArray();
    }

    /// <summary>A format as people are shown it.</summary>
    internal static JsonObject Json(string name, Label label, IEnumerable<KeyValuePair<string, Label>> options) => new()
    {
        ["name"] = name,
        ["label"] = Wire.Of(label),
        ["options"] = new JsonObject(options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => KeyValuePair.Create(o.Key, (JsonNode?)Wire.Of(o.Value)))),
    };
}
