using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Xrm.Core;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>The plugins of one engine: brought into service when it starts, and changed while it serves. What fails leaves model, store and files as they were.</summary>
internal sealed class PluginHost : IPluginAdministration, IAsyncDisposable
{
    private readonly PluginHostOptions _options;
    private readonly ILogger _log;
    private readonly PackageStore _store;
    private readonly BundledPackages _bundled;
    private readonly Retirement _retirement;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private Engine _engine = null!;
    private Standing _standing = new();

    private PluginHost(PluginHostOptions options)
    {
        _options = options;
        _log = options.Logs.CreateLogger<PluginHost>();
        _store = new(options.PluginFolder, options.Limits);
        _bundled = BundledPackages.In(options.BundledFolder, options.Limits);
        _retirement = new(options, _log);
    }

    /// <summary>Every plugin that was met, by id, with the phase that it came to.</summary>
    public ImmutableArray<PluginState> States => [.. Now.States.Values.OrderBy(s => s.Id, StringComparer.Ordinal)];

    /// <summary>Those that run, in the order of their requirements.</summary>
    public ImmutableArray<RunningPlugin> Running => Now.Running;

    public ImmutableArray<PluginStatus> Plugins => Now.Status(_bundled);

    private Standing Now => Volatile.Read(ref _standing);

    /// <summary>Starts the plugins that are installed, and installs those that are wanted.</summary>
    /// <exception cref="Problem">Unavailable: the store cannot take the model, or a list is damaged. A plugin's own failure is never thrown.</exception>
    public static ValueTask<PluginHost> Start(PluginHostOptions options, Engine engine, CancellationToken cancellation) => Start(options, Task.FromResult(engine), cancellation);

    /// <summary>The same while the engine is still being opened: packages are read, and plugins loaded and described, beside that. What makes opening fail is thrown here too.</summary>
    public static async ValueTask<PluginHost> Start(PluginHostOptions options, Task<Engine> engine, CancellationToken cancellation)
    {
        var host = new PluginHost(options);
        var start = new PluginStart(options, host._store, host._bundled, host._log);
        try
        {
            await start.Load().ConfigureAwait(false);
            host._engine = await engine.ConfigureAwait(false);
            var running = await start.Run(host._engine, cancellation).ConfigureAwait(false);
            host._standing = new() { List = start.List, Running = running, States = start.States };
            foreach (var plugin in running)
                host.Begin(plugin);
            return host;
        }
        catch
        {
            start.LetGo();
            throw;
        }
    }

    public async ValueTask<PluginPlan> Plan(PluginRequest request, Actor actor, CancellationToken cancellation)
    {
        CheckRights(actor);
        return (await new PluginDrafting(_engine, _options, _store, _bundled, Now).Draft(request, cancellation).ConfigureAwait(false)).Plan;
    }

    public async ValueTask<PluginOutcome> Apply(PluginRequest request, Actor actor, CancellationToken cancellation)
    {
        CheckRights(actor);
        // Nothing of the old code may be held here while the proof that it is gone is waited for.
        var (plan, remarks, proof) = await InTurn(request, actor, cancellation).ConfigureAwait(false);
        var outcome = proof is null || !request.AwaitsUnload || await Task.WhenAny(proof, Task.Delay(_options.ProofTime, TimeProvider.System, cancellation)).ConfigureAwait(false) != proof ? null : await proof.ConfigureAwait(false);
        return new(plan, Plugins.FirstOrDefault(p => p.Id == plan.Id && (p.Condition != PluginCondition.Available || request.Action != PluginAction.Remove)))
        {
            IsUnloaded = outcome?.Held.IsEmpty,
            Remarks = remarks,
            Held = outcome is null || outcome.Held.IsEmpty ? null : Label.Of(string.Join(' ', outcome.Held.Select(h => $"{h.Key} : {h.Value.Fr}")), string.Join(' ', outcome.Held.Select(h => $"{h.Key}: {h.Value.En}"))),
        };
    }

    /// <summary>Takes all out of service, the last first, and lets go of their services and code.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var running = Now.Running;
            lock (_lock)
                _standing = Now with { Running = [], States = Now.States.RemoveRange(running.Select(r => r.Manifest.Id)) };
            foreach (var plugin in running.Reverse())
            {
                _engine.Detach(plugin.Attachment);
                await plugin.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(PluginPlan Plan, ImmutableArray<Label> Remarks, Task<Retirement.Outcome>? Proof)> InTurn(PluginRequest request, Actor actor, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var draft = await new PluginDrafting(_engine, _options, _store, _bundled, Now).Draft(request, cancellation).ConfigureAwait(false);
            if (request.Plan is { } read && read != draft.Plan.Hash)
                throw new Problem(ProblemCode.Conflict, Label.Of("Le plan n'est plus celui qui a été lu : refaire le plan.", "The plan is no longer the one that was read: plan again."), "plan", "plan");
            if (draft.Plan.IsRefused)
                throw new Problem(draft.Plan.Refusals);
            var (remarks, proof) = await Do(draft, actor, cancellation).ConfigureAwait(false);
            if (request.Action is PluginAction.Install or PluginAction.Update or PluginAction.Enable)
                await TryRefused(actor, cancellation).ConfigureAwait(false);
            return (draft.Plan, remarks, proof);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Does what was drafted. Answers what there is to say of it, and the proof that what left is gone; null when nothing left.</summary>
    private async Task<(ImmutableArray<Label> Remarks, Task<Retirement.Outcome>? Proof)> Do(PluginDraft draft, Actor actor, CancellationToken cancellation)
    {
        var before = Now;
        var swap = new PluginSwap(_engine, _options, _store, before, draft);
        var running = await swap.Run(actor, cancellation).ConfigureAwait(false);
        var gone = before.Running.Where(r => !running.Contains(r)).ToList();
        foreach (var plugin in gone)
            await plugin.StopJobs().ConfigureAwait(false);
        lock (_lock)
        {
            var states = before.States.RemoveRange(gone.Select(g => g.Manifest.Id));
            foreach (var plugin in running)
                states = states.SetItem(plugin.Manifest.Id, _standing.States.GetValueOrDefault(plugin.Manifest.Id) is { } known && before.Running.Contains(plugin) ? known : StateOf(plugin));
            foreach (var off in draft.List.Plugins.Where(p => !p.IsEnabled))
                states = states.SetItem(off.Id, new(off.Id, off.Package?.Version, before.Of(off.Id)?.Manifest.Title ?? before.States.GetValueOrDefault(off.Id)?.Title ?? Label.Of(off.Id, off.Id), PluginPhase.Package, []) { IsDisabled = true });
            _standing = before with { List = draft.List, Running = running, States = states.RemoveRange(draft.List.Removed.Where(id => before.List.Find(id) is not null)) };
        }
        foreach (var plugin in running.Except(before.Running))
            Begin(plugin);
        _log.LogInformation("{Actor}: {Action} {Plugin} {Version} is done", actor.Id, draft.Plan.Action, draft.Plan.Id, draft.Plan.To);
        _store.Tidy(draft.List);
        return (swap.LeftOut, gone.Count == 0 ? null : Retire(gone, new(swap.Before)));
    }

    private async Task<Retirement.Outcome> Retire(List<RunningPlugin> gone, WeakReference force)
    {
        var outcome = await _retirement.Run(gone, force).ConfigureAwait(false);
        lock (_lock)
            _standing = _standing with { Held = _standing.Held.SetItems(outcome.Held) };
        return outcome;
    }

    /// <summary>What was refused for want of something may run now. What still cannot stays refused.</summary>
    private async Task TryRefused(Actor actor, CancellationToken cancellation)
    {
        foreach (var id in Now.List.Plugins.Where(p => p.IsEnabled && p.Package is not null && Now.Of(p.Id) is null).Select(p => p.Id).ToArray())
            try
            {
                var draft = await new PluginDrafting(_engine, _options, _store, _bundled, Now).Draft(new(PluginAction.Enable, id), cancellation).ConfigureAwait(false);
                if (!draft.Plan.IsRefused)
                    await Do(draft, actor, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _log.LogInformation(e, "Plugin {Plugin} still cannot run", id);
            }
    }

    /// <summary>A plugin's attachment is in force: its jobs begin, and how it fares is looked after.</summary>
    private void Begin(RunningPlugin plugin)
    {
        var health = plugin.Attachment.Health;
        var id = plugin.Manifest.Id;
        health.SwitchedOff += reason => SwitchedOff(id, health, reason);
        if (health.Off is { } already)
            SwitchedOff(id, health, already);
        plugin.StartJobs();
    }

    private void SwitchedOff(string id, PluginHealth health, Label reason)
    {
        lock (_lock)
            if (_standing.Of(id) is { } running && running.Attachment.Health == health)
                _standing = _standing with { States = _standing.States.SetItem(id, StateOf(running) with { Reasons = [reason] }) };
        _log.LogError("Plugin {Plugin} is switched off: {Reason}", id, reason.En);
    }

    private static PluginState StateOf(RunningPlugin plugin) => new(plugin.Manifest.Id, plugin.Manifest.Version, plugin.Manifest.Title, PluginPhase.Running, []);

    private static void CheckRights(Actor actor)
    {
        if (!actor.IsAdministrator)
            throw new Problem(ProblemCode.Forbidden, Label.Of("Seul un administrateur change les modules.", "Only an administrator changes plugins."));
    }
}
