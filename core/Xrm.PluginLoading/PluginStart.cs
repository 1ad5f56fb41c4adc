using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Xrm.Core;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Brings the installed plugins into service when a host starts. One that fails on the way is refused with its reasons, those that require it too; the rest run.</summary>
internal sealed class PluginStart
{
    private readonly PluginHostOptions _options;
    private readonly PackageStore _store;
    private readonly BundledPackages _bundled;
    private readonly ILogger _log;
    private readonly Dictionary<string, PluginState> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LoadedPlugin> _loaded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PluginPackage> _packages = new(StringComparer.Ordinal);
    private InstalledList _list = new();

    public PluginStart(PluginHostOptions options, PackageStore store, BundledPackages bundled, ILogger log)
    {
        _options = options;
        _store = store;
        _bundled = bundled;
        _log = log;
    }

    /// <summary>Where each plugin stands that was met.</summary>
    public ImmutableDictionary<string, PluginState> States => _states.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>What is installed.</summary>
    public InstalledList List => _list;

    /// <summary>Reads packages, loads and makes each plugin and has it describe itself; needs no engine.</summary>
    /// <exception cref="Problem">Unavailable: the list of what is installed is damaged.</exception>
    public async Task Load()
    {
        foreach (var fault in _bundled.Faults)
            Note(fault);
        var listed = InstalledList.Read(_options.ListFile);
        _list = Wanted(listed ?? new());
        foreach (var plugin in _list.Plugins)
            if (plugin.IsEnabled)
                Read(plugin);
            else
                Note(new(plugin.Id, plugin.Package?.Version, TitleOf(plugin), PluginPhase.Package, []) { IsDisabled = true });
        var (order, refused) = Requirements.Sort(_packages.Values.Select(p => p.Manifest), _states.Values.Where(s => s.IsRefused).Select(s => s.Id));
        foreach (var (manifest, reasons) in refused)
            Refuse(manifest, PluginPhase.Requirements, reasons);
        foreach (var manifest in order)
            await Load(_packages[manifest.Id]).ConfigureAwait(false);
        Keep(listed is null);
    }

    /// <summary>Puts the model of all in force together with their hooks.</summary>
    /// <exception cref="Problem">Unavailable: the store cannot take the model. A plugin's own failure is never thrown.</exception>
    public async ValueTask<ImmutableArray<RunningPlugin>> Run(Engine engine, CancellationToken cancellation)
    {
        var running = new List<RunningPlugin>();
        try
        {
            var (fitting, model) = Fitting(engine);
            foreach (var loaded in fitting)
                if (!IsWithoutRequirement(loaded.Manifest, PluginPhase.Attaching))
                    await Attach(loaded, model, running, engine).ConfigureAwait(false);
            await PutInForce(running, engine, cancellation).ConfigureAwait(false);
        }
        catch
        {
            foreach (var plugin in running.AsEnumerable().Reverse())
                await plugin.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        foreach (var plugin in running)
            Note(new(plugin.Manifest.Id, plugin.Manifest.Version, plugin.Manifest.Title, PluginPhase.Running, []));
        return [.. running];
    }

    /// <summary>Lets go of the code that was loaded; for a start that goes no further.</summary>
    public void LetGo()
    {
        foreach (var loaded in _loaded.Values)
            loaded.Code.Dispose();
    }

    /// <summary>What is installed, with the bundled plugins that this start adds.</summary>
    private InstalledList Wanted(InstalledList list)
    {
        foreach (var id in _options.Wanted.Distinct().Where(id => list.Find(id) is null && !list.Removed.Contains(id)))
            if (_bundled.VersionOf(id) is not null)
                list = list.With(new InstalledPlugin(id, null));
            else
                Note(PluginState.Refused(id, null, PluginPhase.Package, [Label.Of(
                    $"Aucun paquet du module « {id} » n'est là. Installez-le, ou retirez-le de la liste des modules.",
                    $"There is no package of the plugin \"{id}\". Install it, or take it off the list of plugins.")]));
        return list;
    }

    /// <summary>Reads the package that a plugin runs from: the one installed, or the one that came with the host when that is newer, or is built anew.</summary>
    private void Read(InstalledPlugin plugin)
    {
        try
        {
            var isNewer = _bundled.VersionOf(plugin.Id) is { } version
                && (plugin.Package is not { } kept || version > kept.Version || version == kept.Version && plugin.TrustedBy == "bundled" && _bundled.IsOther(plugin.Id, kept.Sha256));
            if (!isNewer && plugin.Package is null)
                throw new Problem(ProblemCode.Invalid, Label.Of(
                    $"Le paquet du module « {plugin.Id} » n'est plus là. Réinstallez-le.", $"The package of the plugin \"{plugin.Id}\" is no longer there. Install it again."));
            _packages.Add(plugin.Id, isNewer ? _bundled.Read(plugin.Id) : _store.Read(plugin.Id, plugin.Package!));
        }
        catch (Exception e)
        {
            Note(PluginState.Refused(plugin.Id, plugin.Package?.Version ?? _bundled.VersionOf(plugin.Id), PluginPhase.Package, [.. Refusal.Reasons(Refusal.Of(PluginPhase.Package, e))]));
        }
    }

    /// <summary>What one that is out of service is called.</summary>
    private Label TitleOf(InstalledPlugin plugin)
    {
        try
        {
            return plugin.Package is { } kept ? _store.Read(plugin.Id, kept).Manifest.Title : _bundled.TitleOf(plugin.Id);
        }
        catch (Exception e) when (e is Problem or IOException)
        {
            // It is told when somebody wants it back.
            return Label.Of(plugin.Id, plugin.Id);
        }
    }

    private async Task Load(PluginPackage package)
    {
        var manifest = package.Manifest;
        if (IsWithoutRequirement(manifest, PluginPhase.Loading))
            return;
        var phase = PluginPhase.Package;
        try
        {
            _loaded.Add(manifest.Id, await LoadedPlugin.Load(package, _store.Code, [.. manifest.Requires.Select(r => _loaded[r.Id].Code)], _options, now => phase = now).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            Refuse(manifest, phase, e);
        }
    }

    /// <summary>Keeps the packages that are used, and the list when it is another than before. What is kept before the model is in force is taken up again by the next start, should this one be cut short.</summary>
    private void Keep(bool isFirst)
    {
        var list = _list;
        foreach (var (id, package) in _packages)
            if (list.Find(id) is { } plugin && plugin.Package?.Sha256 != package.Sha256)
                list = list.With(plugin with { Package = _store.Keep(package), TrustedBy = "bundled", Before = plugin.Package is { } before && before.Version < package.Manifest.Version ? before : plugin.Before });
        if (isFirst || list != _list || !File.Exists(_options.ListFile))
            list.Write(_options.ListFile);
        _list = list;
        _store.Tidy(list);
    }

    /// <summary>Those whose parts make one model. Where all together do not, they are taken in their order, and one that does not fit with those before it is refused.</summary>
    private (List<LoadedPlugin> Plugins, CompiledModel Model) Fitting(Engine engine)
    {
        // In the order of their requirements, in which they were loaded.
        var all = _loaded.Values.ToList();
        try
        {
            return (all, ModelCompiler.Compile([.. all.Select(l => l.Model)], engine.Model));
        }
        catch (Problem)
        {
            var fitting = new List<LoadedPlugin>();
            var model = engine.Model;
            foreach (var one in all)
            {
                if (IsWithoutRequirement(one.Manifest, PluginPhase.Model))
                    continue;
                try
                {
                    model = ModelCompiler.Compile([.. fitting.Append(one).Select(l => l.Model)], engine.Model);
                    fitting.Add(one);
                }
                catch (Problem own)
                {
                    Refuse(one.Manifest, PluginPhase.Model, own);
                }
            }
            return (fitting, model);
        }
    }

    /// <summary>Has a plugin attach; what it takes part in is looked at here, so that one that may not does not keep the others from running.</summary>
    private async ValueTask Attach(LoadedPlugin loaded, CompiledModel model, List<RunningPlugin> running, Engine engine)
    {
        RunningPlugin? plugin = null;
        try
        {
            plugin = await RunningPlugin.Start(loaded, engine, _options).ConfigureAwait(false);
            var faults = AttachmentRules.Check(plugin.Attachment, model, running.Select(r => r.Attachment));
            if (!faults.IsEmpty)
                throw new Problem(faults);
            running.Add(plugin);
        }
        catch (Exception e)
        {
            if (plugin is not null)
                await plugin.DisposeAsync().ConfigureAwait(false);
            Refuse(loaded.Manifest, PluginPhase.Attaching, e);
        }
    }

    /// <summary>One change for all. When data of earlier versions cannot be taken along, the plugin that says so is refused and the rest tried again.</summary>
    private async ValueTask PutInForce(List<RunningPlugin> running, Engine engine, CancellationToken cancellation)
    {
        while (true)
            try
            {
                await engine.ChangeModel(new ModelChange([.. running.Select(r => r.Loaded.Model)])
                {
                    Attachments = [.. running.Select(r => r.Attachment)],
                    Note = new("start"),
                    Migrate = DueMigrations.Of(running.Select(r => r.Loaded), engine),
                }, Actor.System, cancellation).ConfigureAwait(false);
                return;
            }
            catch (MigrationFailed failed)
            {
                var manifest = running.Find(r => r.Manifest.Id == failed.Plugin)!.Manifest;
                Refuse(manifest, PluginPhase.Model, failed.Problem);
                foreach (var plugin in running.Where(r => r.Manifest.Id == failed.Plugin || IsWithoutRequirement(r.Manifest, PluginPhase.Model)).Reverse().ToList())
                {
                    running.Remove(plugin);
                    await plugin.DisposeAsync().ConfigureAwait(false);
                }
            }
    }

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
        if (_loaded.Remove(manifest.Id, out var loaded))
            loaded.Code.Dispose();
    }

    private void Note(PluginState state)
    {
        _states[state.Id] = state;
        if (state.IsRefused)
            _log.LogError("Plugin {Plugin} {Version} is refused ({Phase}): {Reasons}", state.Id, state.Version, state.Phase, string.Join(" ", state.Reasons.Select(r => r.En)));
        else if (state.IsRunning)
            _log.LogInformation("Plugin {Plugin} {Version} runs", state.Id, state.Version);
    }
}
