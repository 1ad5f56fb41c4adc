using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Xrm.Core;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>Administers plugins that are nothing but a model: a package is the JSON of a description. It plans and changes a real engine.</summary>
internal sealed class PackagesInMemory(Engine engine) : IPluginAdministration
{
    private readonly SortedDictionary<string, ModelDescription> _installed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelDescription> _before = new(StringComparer.Ordinal);
    private readonly HashSet<string> _disabled = [];

    /// <summary>Those sent to the host, by hash.</summary>
    public Dictionary<string, ReadOnlyMemory<byte>> Sent { get; } = [];

    public List<PluginRequest> Requests { get; } = [];

    public ImmutableArray<PluginStatus> Plugins => [.. _installed.Keys.Select(Status).OfType<PluginStatus>()];

    public static byte[] Package(ModelDescription description) => Encoding.UTF8.GetBytes(ModelJson.ToJson(description));

    public string Send(ModelDescription description)
    {
        var package = Package(description);
        var hash = Convert.ToHexStringLower(SHA256.HashData(package));
        Sent[hash] = package;
        return hash;
    }

    public async ValueTask<PluginPlan> Plan(PluginRequest request, Actor actor, CancellationToken cancellation) => (await Planned(request, cancellation)).Plan;

    public async ValueTask<PluginOutcome> Apply(PluginRequest request, Actor actor, CancellationToken cancellation)
    {
        var (plan, model, next) = await Planned(request, cancellation);
        if (request.Plan is { } read && read != plan.Hash)
            throw new Problem(ProblemCode.Conflict, Label.Of("Refaire le plan.", "Plan again."), "plan", "plan");
        if (plan.IsRefused)
            throw new Problem(plan.Refusals);
        await engine.ChangeModel(new ModelChange(next) { PlannedOn = model.On, Note = new ModelNote(request.Action.ToString().ToLowerInvariant(), plan.Id, plan.To?.ToString()) }, actor, cancellation);
        if (request.Action is PluginAction.Update && _installed.TryGetValue(plan.Id, out var was))
            _before[plan.Id] = was;
        if (request.Action is PluginAction.Disable)
            _disabled.Add(plan.Id);
        else
            _disabled.Remove(plan.Id);
        if (request.Action is PluginAction.Remove)
            _installed.Remove(plan.Id);
        else if (request.Action is not PluginAction.Disable)
            _installed[plan.Id] = next.Single(d => d.Plugin == plan.Id);
        var isLetGo = request.Action is PluginAction.Disable or PluginAction.Remove or PluginAction.Update;
        return new(plan, Status(plan.Id)) { IsUnloaded = isLetGo ? request.Action != PluginAction.Update : null, Held = request.Action == PluginAction.Update ? Label.Of("un minuteur", "a timer") : null };
    }

    private async ValueTask<(PluginPlan Plan, ModelPlan Model, ImmutableArray<ModelDescription> Next)> Planned(PluginRequest request, CancellationToken cancellation)
    {
        Requests.Add(request);
        var given = request.Package is { } package ? ModelJson.Parse(Encoding.UTF8.GetString(package.Span)) : null;
        var id = given?.Plugin ?? request.Id!;
        var refusals = new List<Fault>();
        if (given is null && !_installed.ContainsKey(id))
            throw new Problem(ProblemCode.NotFound, Label.Of($"Il n'y a pas de module {id}.", $"There is no plugin {id}."), "id", "unknown");
        if (given is not null && !request.TrustOnce)
            refusals.Add(new(ProblemCode.Forbidden, Label.Of("Nul ne fait confiance à ce paquet.", "Nobody trusts this package."), null, "trust"));
        var then = request.Action switch
        {
            PluginAction.Install or PluginAction.Update => given,
            PluginAction.Enable => _installed[id],
            PluginAction.Restore => _before.GetValueOrDefault(id),
            _ => null,
        };
        ImmutableArray<ModelDescription> next = [.. engine.Model.Descriptions.Where(d => d.Plugin != id && d.Plugin != EffectiveModel.Custom), .. then is null ? [] : new[] { then }];
        var model = await ModelPlanner.Plan(engine, next, cancellation);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{model.On} {request.Action} {id} {then?.Version}")));
        var plan = new PluginPlan(hash, request.Action, id, Label.Of($"Module {id}", $"Plugin {id}"))
        {
            Description = Label.Of("Un essai.", "A trial."),
            From = _installed.TryGetValue(id, out var from) && from.Version is { } old ? PluginVersion.Parse(old) : null,
            To = then?.Version is { } now ? PluginVersion.Parse(now) : null,
            Sha256 = request.Package is { } bytes ? Convert.ToHexStringLower(SHA256.HashData(bytes.Span)) : null,
            TrustedBy = request.TrustOnce ? "once" : null,
            Lines = model.Lines,
            Permissions = then is null ? PluginPermissions.None : PluginPermissions.For(then),
            NewPermissions = then is null ? PluginPermissions.None : then.Permissions,
            PersonalData = then?.PersonalData ?? [],
            Migrations = request.Action == PluginAction.Update ? [new(PluginVersion.Parse(then!.Version!), "Bench", Label.Of("Peint les bancs.", "Paints the benches."))] : [],
            Affected = request.Cascade ? ["others"] : [],
            Refusals = [.. refusals, .. model.Refusals],
        };
        return (plan, model, next);
    }

    private PluginStatus? Status(string id) => !_installed.TryGetValue(id, out var said) ? null
        : new(id, PluginVersion.Parse(said.Version!), Label.Of($"Module {id}", $"Plugin {id}"), _disabled.Contains(id) ? PluginCondition.Disabled : PluginCondition.Running, [])
        {
            Permissions = PluginPermissions.For(said),
            Restorable = _before.TryGetValue(id, out var before) ? PluginVersion.Parse(before.Version!) : null,
        };
}
