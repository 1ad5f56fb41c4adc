using System.Collections.Immutable;
using Xrm.Core.Files;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core;

/// <summary>Serves one authority: a store, a model, a clock in; answers out. All members may be used from several threads at once.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly IStore _store;
    private readonly EngineOptions _options;
    private readonly Committer _committer;
    private readonly ModelSwap _swap;
    private readonly Lock _forcing = new();
    private volatile Force _force;
    private volatile KnownDay? _today;

    private Engine(IStore store, EngineOptions options, CompiledModel model)
    {
        _store = store;
        _options = options;
        _force = new(model, []);
        var gate = new WriteGate();
        _committer = new(store, options, () => _force, gate, () => Today);
        _swap = new(store, options, gate);
    }

    /// <summary>Opens on a store; the model in force is the last one in its log, so that parked data stays known.</summary>
    public static async ValueTask<Engine> Open(IStore store, EngineOptions options, CancellationToken cancellation)
    {
        var last = store.Log.LastModel;
        var recorded = last == Cursor.Start ? null : (await store.Log.At(last, cancellation)).Model;
        var model = recorded is null ? CompiledModel.Empty : ModelRecord.Read(recorded);
        await store.Prepare(model, cancellation);
        return new Engine(store, options, model);
    }

    /// <summary>What is in force.</summary>
    public Force Force => _force;

    /// <summary>The model in force.</summary>
    public CompiledModel Model => _force.Model;

    public EngineOptions Options => _options;

    public TimeProvider Time => _options.Time;

    /// <summary>The authority's day.</summary>
    public DateOnly Today
    {
        get
        {
            // Zones differ from UTC by whole minutes, so that no day begins within one.
            var now = _options.Time.GetUtcNow();
            var minute = now.UtcTicks / TimeSpan.TicksPerMinute;
            if (_today is not { } known || known.Minute != minute)
                _today = known = new(minute, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, _options.Zone).DateTime));
            return known.Day;
        }
    }

    public ILog Log => _store.Log;

    /// <summary>The contents of files that records name.</summary>
    public IFiles Files => _store.Files;

    /// <summary>Something to be made of whatever comes into force, before it does; read with <see cref="Force.Get"/>.</summary>
    public Derivation<T> Derive<T>(Func<Force, T> make) where T : class
    {
        var derivation = new Derivation<T>(make);
        _swap.Making(force => force.Get(derivation));
        return derivation;
    }

    /// <summary>Puts a model in force: compiles it, prepares the store, makes all that is made of it, records it with what it changes, and swaps one reference. The same descriptions as now: nothing is recorded.</summary>
    /// <remarks>Descriptions that say the same through other field types (those of plugins just loaded, in place of stand-ins out of the log) are put in force, not recorded.</remarks>
    /// <exception cref="Problem">Invalid: all problems of the model, each naming plugin, type and field; or what the data break of it. Conflict: another model is in force than the change was planned on. Nothing is different then.</exception>
    public async ValueTask<CompiledModel> ChangeModel(ModelChange change, Actor actor, CancellationToken cancellation) =>
        (await _swap.Run(change, actor, () => _force, Publish, cancellation)).Model;

    /// <summary>The same with nothing but descriptions.</summary>
    public ValueTask<CompiledModel> ChangeModel(ImmutableArray<ModelDescription> descriptions, Actor actor, CancellationToken cancellation) =>
        ChangeModel(new ModelChange(descriptions), actor, cancellation);

    /// <summary>Completes when no model is being put in force: the last one in the log is in force then, or a later one.</summary>
    public Task Settled(CancellationToken cancellation) => _swap.Settled(cancellation);

    /// <summary>Runs a plugin's hooks from now on, until the answer is disposed of.</summary>
    public IDisposable Attach(string plugin, Hooks hooks) => Attach(new Attachment(plugin, hooks));

    /// <summary>The same, as far as the plugin was granted.</summary>
    public IDisposable Attach(Attachment attachment)
    {
        lock (_forcing)
            _force = new(_force.Model, _force.Attachments.Add(attachment));
        return new Detachment(this, attachment);
    }

    /// <summary>Has a plugin's hooks run no more; nothing when they do not.</summary>
    public void Detach(Attachment attachment)
    {
        lock (_forcing)
            if (_force.Attachments.Contains(attachment))
                _force = new(_force.Model, _force.Attachments.Remove(attachment));
    }

    /// <summary>One state of data and model as an actor sees it, for the length of a request.</summary>
    public Reader Read(Actor actor) => Read(_force, actor);

    /// <summary>One state of all data, parked parts included: for exporting, checking, erasing.</summary>
    public Reader ReadWhole(Actor actor) => Read(_force.Whole, actor);

    /// <exception cref="Problem">Invalid, NotFound, Conflict, Forbidden, Unauthenticated, Unavailable; every fault of the commit at once where possible.</exception>
    public ValueTask<Receipt> Commit(Commit commit, Actor actor, CancellationToken cancellation) => _committer.Commit(commit, actor, false, _swap.Settled, cancellation);

    /// <summary>Commits for an actor what a plugin's code made ready (an import): as <see cref="Commit"/>, but the plugin's hidden fields may be set.</summary>
    /// <param name="by">The plugin; what it was not granted to write is Forbidden. null = the host's own code.</param>
    public ValueTask<Receipt> CommitMadeReady(Commit commit, Actor actor, Attachment? by, CancellationToken cancellation)
    {
        by?.CheckWrites(commit, Model);
        return _committer.Commit(commit, actor, true, _swap.Settled, cancellation);
    }

    /// <summary>Whether there was a commit of an id, whoever made it.</summary>
    public async ValueTask<bool> Knows(EntityId commit, CancellationToken cancellation)
    {
        try
        {
            // No model has this version: what is not known already is not written.
            return (await _store.Write(new WritePlan(commit.Value, Actor.System.Id, [], [new Guard.ModelIs(-1)]), cancellation)).Receipt is not null;
        }
        catch (Problem problem) when (problem.Code == ProblemCode.Conflict)
        {
            // Somebody else made it.
            return true;
        }
    }

    public IXrm As(Actor actor) => new Door(this, actor);

    /// <summary>Disposes of the store too.</summary>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _swap.Dispose();
        _committer.Dispose();
    }

    private Reader Read(Force force, Actor actor) => new(force, actor, _store.Snapshot(), _store.Log, Today, _options);

    /// <summary>Who attached meanwhile goes along.</summary>
    private Force Publish(Force next, Force planned)
    {
        lock (_forcing)
        {
            var late = _force.Attachments.RemoveRange(planned.Attachments);
            if (!late.IsEmpty)
                next = new(next.Model, next.Attachments.AddRange(late));
            return _force = next;
        }
    }

    private sealed class Detachment(Engine engine, Attachment attachment) : IDisposable
    {
        public void Dispose() => engine.Detach(attachment);
    }

    /// <param name="Minute">Of UTC, since the first year.</param>
    private sealed record KnownDay(long Minute, DateOnly Day);
}
