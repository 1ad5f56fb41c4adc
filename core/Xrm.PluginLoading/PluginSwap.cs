using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Puts a draft in force: loads what is new beside what runs, and swaps model, hooks, data and list together. What fails on the way leaves all as it was.</summary>
internal sealed class PluginSwap(Engine engine, PluginHostOptions options, PackageStore store, Standing standing, PluginDraft draft)
{
    private readonly Dictionary<string, RunningPlugin> _started = new(StringComparer.Ordinal);
    private readonly List<LoadedPlugin> _loaded = [];
    private Restoration? _restoration;
    private bool _isListed;

    /// <summary>What was in force.</summary>
    public Force Before { get; } = engine.Force;

    /// <summary>What could not be as it was, where data were taken back.</summary>
    public ImmutableArray<Label> LeftOut => _restoration?.LeftOut ?? [];

    /// <returns>What runs then, in the order of requirements.</returns>
    public async Task<ImmutableArray<RunningPlugin>> Run(Actor actor, CancellationToken cancellation)
    {
        try
        {
            if (draft.Plan.Action == PluginAction.Restore && draft.Plan.From != draft.Plan.To)
                _restoration = await Restoration.Of(draft.Plan.Id, engine, cancellation).ConfigureAwait(false);
            foreach (var id in draft.Order.Where(draft.Fresh.ContainsKey))
                await Start(draft.Fresh[id]).ConfigureAwait(false);
            ImmutableArray<RunningPlugin> running = [.. draft.Order.Select(id => _started.GetValueOrDefault(id) ?? standing.Of(id)!)];
            await engine.ChangeModel(new ModelChange([.. running.Select(r => r.Loaded.Model)])
            {
                // Whatever else takes part (an engine can have others than plugins) goes on.
                Attachments = [.. running.Select(r => r.Attachment), .. Before.Attachments.Where(a => standing.Running.All(r => r.Attachment != a))],
                Note = new(draft.Plan.Action.ToString().ToLowerInvariant(), draft.Plan.Id, draft.Plan.To?.ToString()),
                PlannedOn = draft.On,
                Migrate = _restoration is not null ? _restoration.Run : DueMigrations.Of(_loaded, engine),
                Ready = KeepList,
            }, actor, cancellation).ConfigureAwait(false);
            return running;
        }
        catch (Exception e)
        {
            await Undo().ConfigureAwait(false);
            throw e is MigrationFailed failed ? failed.Problem : e;
        }
    }

    private async Task Start(PluginPackage package)
    {
        var manifest = package.Manifest;
        var phase = PluginPhase.Package;
        try
        {
            var required = manifest.Requires.Select(r => (_started.GetValueOrDefault(r.Id) ?? standing.Of(r.Id)!).Loaded.Code).ToImmutableArray();
            var loaded = await LoadedPlugin.Load(package, store.Code, required, options, now => phase = now).ConfigureAwait(false);
            _loaded.Add(loaded);
            phase = PluginPhase.Attaching;
            _started.Add(manifest.Id, await RunningPlugin.Start(loaded, engine, options).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new Problem(Refusal.Of(phase, e).Faults.Select(f => f with { Field = f.Field ?? manifest.Id }));
        }
    }

    /// <summary>Before anything is written to the store: a start after a crash in between takes up what the list says.</summary>
    private ValueTask KeepList(CancellationToken cancellation)
    {
        foreach (var package in draft.Fresh.Values)
            store.Keep(package);
        _isListed = true;
        draft.List.Write(options.ListFile);
        return ValueTask.CompletedTask;
    }

    private async Task Undo()
    {
        if (_isListed)
            standing.List.Write(options.ListFile);
        foreach (var started in _started.Values.Reverse())
            await started.DisposeAsync().ConfigureAwait(false);
        foreach (var loaded in _loaded)
            loaded.Code.Dispose();
        store.Tidy(standing.List);
    }
}
