using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Xrm.Core;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>The plugins of one engine: found, checked, loaded, put into the model together, and attached. One that fails on the way is refused
/// with its reasons, those that require it too; the rest run.</summary>
internal sealed class PluginHost : IAsyncDisposable
{
    private readonly PluginHostOptions _options;
    private readonly ILogger _log;
    private readonly Dictionary<string, PluginState> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PluginCode> _code = new(StringComparer.Ordinal);
    private readonly List<RunningPlugin> _running = [];
    /// <summary>Not there while packages are loaded.</summary>
    private Engine _engine = null!;

    private PluginHost(PluginHostOptions options)
    {
        _options = options;
        _log = options.Logs.CreateLogger<PluginHost>();
    }

    /// <summary>Every plugin there is, by id: running, refused, or merely there.</summary>
    public ImmutableArray<PluginState> States => [.. _states.Values.OrderBy(s => s.Id, StringComparer.Ordinal)];

    /// <summary>Those that run, in the order of their requirements.</summary>
    public ImmutableArray<RunningPlugin> Running => [.. _running];

    /// <summary>Starts the plugins that are wanted.</summary>
    /// <exception cref="Problem">Unavailable: the store cannot take the model. A plugin's own failure is never thrown.</exception>
    public static ValueTask<PluginHost> Start(PluginHostOptions options, Engine engine, CancellationToken cancellation) => Start(options, Task.FromResult(engine), cancellation);

    /// <summary>The same while the engine is still being opened: packages are read, and plugins loaded and described, beside that. What makes opening fail is thrown here too.</summary>
    public static async ValueTask<PluginHost> Start(PluginHostOptions options, Task<Engine> engine, CancellationToken cancellation)
    {
        var host = new PluginHost(options);
        try
        {
            var described = await host.Load(host.Packages()).ConfigureAwait(false);
            host._engine = await engine.ConfigureAwait(false);
            var inForce = await host.PutInForce(described, cancellation).ConfigureAwait(false);
            await host.Attach(inForce, cancellation).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Detaches all, the last first, and lets go of their services and code.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            _code.Remove(_running[i].Manifest.Id);
            await _running[i].DisposeAsync().ConfigureAwait(false);
        }
        _running.Clear();
        foreach (var code in _code.Values)
            code.Dispose();
        _code.Clear();
    }

    private ImmutableArray<PluginPackage> Packages()
    {
        var found = PackageSearch.Find(_options);
        foreach (var state in found.States)
            Note(state);
        var (order, refused) = Requirements.Sort(found.Packages.Select(p => p.Manifest), found.States.Where(s => s.IsRefused).Select(s => s.Id));
        foreach (var (manifest, reasons) in refused)
            Refuse(manifest, PluginPhase.Requirements, reasons);
        return [.. order.Select(m => found.Packages.Single(p => p.Manifest.Id == m.Id))];
    }

    /// <summary>Loads and makes each plugin and has it describe itself.</summary>
    private async Task<List<Described>> Load(ImmutableArray<PluginPackage> packages)
    {
        var described = new List<Described>();
        foreach (var package in packages)
        {
            var manifest = package.Manifest;
            if (IsWithoutRequirement(manifest, PluginPhase.Loading))
                continue;
            var phase = PluginPhase.Package;
            try
            {
                var path = package.Unpack(_options.PluginFolder);
                phase = PluginPhase.Loading;
                var code = PluginCode.Load(manifest, path, [.. manifest.Requires.Select(r => _code[r.Id])]);
                _code.Add(manifest.Id, code);
                var plugin = await Refusal.Within(phase, _options.TimeLimit, _options.Time, code.Make).ConfigureAwait(false);
                phase = PluginPhase.Describing;
                var model = await Refusal.Within(phase, _options.TimeLimit, _options.Time, () =>
                {
                    var builder = new ModelBuilder(manifest.Id);
                    plugin.Describe(builder);
                    return builder.Build();
                }).ConfigureAwait(false);
                Description.Compare(model, manifest.Model);
                described.Add(new(code, plugin, model));
            }
            catch (Exception e)
            {
                Refuse(manifest, phase, e);
            }
        }
        return described;
    }

    /// <summary>Makes one model of all. Where that cannot be, plugins are taken in their order, and one that does not fit with those before it is refused.</summary>
    private async ValueTask<List<Described>> PutInForce(List<Described> described, CancellationToken cancellation)
    {
        try
        {
            await ChangeModel(described, cancellation).ConfigureAwait(false);
            return described;
        }
        catch (Problem problem) when (problem.Code == ProblemCode.Invalid)
        {
            var fitting = new List<Described>();
            foreach (var one in described)
            {
                if (IsWithoutRequirement(one.Code.Manifest, PluginPhase.Model))
                    continue;
                try
                {
                    ModelCompiler.Compile([.. fitting.Append(one).Select(d => d.Model)], _engine.Model);
                    fitting.Add(one);
                }
                catch (Problem own)
                {
                    Refuse(one.Code.Manifest, PluginPhase.Model, own);
                }
            }
            await ChangeModel(fitting, cancellation).ConfigureAwait(false);
            return fitting;
        }
    }

    private async ValueTask Attach(List<Described> described, CancellationToken cancellation)
    {
        foreach (var (code, plugin, _) in described)
        {
            var manifest = code.Manifest;
            if (IsWithoutRequirement(manifest, PluginPhase.Attaching))
                continue;
            try
            {
                _running.Add(await RunningPlugin.Start(code, plugin, _engine, _options).ConfigureAwait(false));
                Note(new(manifest.Id, manifest.Version, manifest.Title, PluginPhase.Running, []));
            }
            catch (Exception e)
            {
                Refuse(manifest, PluginPhase.Attaching, e);
            }
        }
        // Without its hooks a plugin's rules would not hold: its part of the model goes too, and its data waits.
        if (_running.Count < described.Count)
            await ChangeModel([.. described.Where(d => _running.Exists(r => r.Manifest.Id == d.Code.Manifest.Id))], cancellation).ConfigureAwait(false);
    }

    private async ValueTask ChangeModel(IEnumerable<Described> described, CancellationToken cancellation) =>
        await _engine.ChangeModel([.. described.Select(d => d.Model)], Actor.System, cancellation).ConfigureAwait(false);

    private bool IsWithoutRequirement(PluginManifest manifest, PluginPhase phase)
    {
        var reasons = Requirements.Refused(manifest, id => !_states.TryGetValue(id, out var state) || !state.IsRefused);
        if (!reasons.IsEmpty)
            Refuse(manifest, phase, reasons);
        return !reasons.IsEmpty;
    }

    private void Refuse(PluginManifest manifest, PluginPhase phase, Exception exception)
    {
        if (exception is not Problem)
            _log.LogError(exception, "Plugin {Plugin} {Version} failed ({Phase})", manifest.Id, manifest.Version, phase);
        Refuse(manifest, phase, Refusal.Reasons(Refusal.Of(phase, exception)));
    }

    private void Refuse(PluginManifest manifest, PluginPhase phase, ImmutableArray<Label> reasons)
    {
        Note(new(manifest.Id, manifest.Version, manifest.Title, phase, reasons));
        if (_code.Remove(manifest.Id, out var code))
            code.Dispose();
    }

    private void Note(PluginState state)
    {
        _states[state.Id] = state;
        if (state.IsRefused)
            _log.LogError("Plugin {Plugin} {Version} is refused ({Phase}): {Reasons}", state.Id, state.Version, state.Phase, string.Join(" ", state.Reasons.Select(r => r.En)));
        else if (state.IsRunning)
            _log.LogInformation("Plugin {Plugin} {Version} runs", state.Id, state.Version);
    }

    /// <summary>A plugin that was made and said what it adds.</summary>
    private sealed record Described(PluginCode Code, Plugin Plugin, ModelDescription Model);
}
