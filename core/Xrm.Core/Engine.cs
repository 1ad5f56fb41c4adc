using System.Collections.Immutable;
using Xrm.Core.Access;
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
    private readonly SemaphoreSlim _modelGate = new(1);
    private readonly Lock _attaching = new();
    private volatile Force _force;
    private ImmutableArray<Attachment> _attachments = [];

    private Engine(IStore store, EngineOptions options, CompiledModel model)
    {
        _store = store;
        _options = options;
        _force = new(model, new(model));
        _committer = new(store, options, () => _force, () => _attachments, () => Today);
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

    /// <summary>The model in force.</summary>
    public CompiledModel Model => _force.Model;

    /// <summary>The authority's day.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(_options.Time.GetUtcNow(), _options.Zone).DateTime);

    public ILog Log => _store.Log;

    /// <summary>Compiles, prepares the store, records the model as a commit and puts it in force with one reference. The same descriptions as now: nothing happens.</summary>
    /// <remarks>Descriptions that say the same through other field types (those of plugins just loaded, in place of stand-ins out of the log) are put in force, not recorded.</remarks>
    /// <exception cref="Problem">Invalid: all problems of the model, each naming plugin, type and field.</exception>
    public async ValueTask<CompiledModel> ChangeModel(ImmutableArray<ModelDescription> descriptions, Actor actor, CancellationToken cancellation)
    {
        await _modelGate.WaitAsync(cancellation);
        try
        {
            var old = _force.Model;
            if (descriptions.AsSpan().SequenceEqual(old.Descriptions.AsSpan(), ReferenceEqualityComparer.Instance))
                return old;
            var saysTheSame = descriptions.Select(ModelJson.ToJson).SequenceEqual(old.Descriptions.Select(ModelJson.ToJson));
            var model = ModelCompiler.Compile(descriptions, old, saysTheSame);
            await _store.Prepare(model, cancellation);
            if (!saysTheSame)
                await Record(model, old, actor, cancellation);
            _force = new(model, new(model));
            return model;
        }
        finally
        {
            _modelGate.Release();
        }
    }

    private async ValueTask Record(CompiledModel model, CompiledModel old, Actor actor, CancellationToken cancellation)
    {
        await _store.Write(new WritePlan(EntityId.New(_options.Time.GetUtcNow()).Value, actor.Id, [], []) { Model = ModelRecord.Write(model) }, cancellation);
        var difference = ModelDifference.Between(old.Descriptions, model.Descriptions);
        Notices.ModelChanged(_options.Log, actor.Id, difference.Added.Length, difference.Removed.Length, difference.Changed.Length);
    }

    /// <summary>Runs a plugin's hooks from now on, until the answer is disposed of.</summary>
    public IDisposable Attach(string plugin, Hooks hooks)
    {
        var attachment = new Attachment(plugin, hooks);
        lock (_attaching)
            _attachments = _attachments.Add(attachment);
        return new Detachment(this, attachment);
    }

    /// <summary>One state of data and model as an actor sees it, for the length of a request.</summary>
    public Reader Read(Actor actor)
    {
        var force = _force;
        return new Reader(force.Model, actor, force.Views, _store.Snapshot(), _store.Log, Today);
    }

    /// <exception cref="Problem">Invalid, NotFound, Conflict, Forbidden, Unauthenticated, Unavailable; every fault of the commit at once where possible.</exception>
    public ValueTask<Receipt> Commit(Commit commit, Actor actor, CancellationToken cancellation) => _committer.Commit(commit, actor, false, Settled, cancellation);

    /// <summary>Commits for an actor what a plugin's code made ready (an import): as <see cref="Commit"/>, but the plugin's hidden fields may be set.</summary>
    public ValueTask<Receipt> CommitMadeReady(Commit commit, Actor actor, CancellationToken cancellation) => _committer.Commit(commit, actor, true, Settled, cancellation);

    public IXrm As(Actor actor) => new Door(this, actor);

    /// <summary>Disposes of the store too.</summary>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _modelGate.Dispose();
        _committer.Dispose();
    }

    /// <summary>Waits while a model is being put in force.</summary>
    private async Task Settled(CancellationToken cancellation)
    {
        await _modelGate.WaitAsync(cancellation);
        _modelGate.Release();
    }

    private sealed class Detachment(Engine engine, Attachment attachment) : IDisposable
    {
        public void Dispose()
        {
            lock (engine._attaching)
                engine._attachments = engine._attachments.Remove(attachment);
        }
    }
}
