using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core;

/// <summary>Serves one authority: a store, a model, a clock in; answers out. All members may be used from several threads at once.</summary>
internal sealed class Engine : IAsyncDisposable
{
    /// <summary>Opens on a store; the model in force is the last one in its log, so that parked data stays known.</summary>
    public static ValueTask<Engine> Open(IStore store, EngineOptions options, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The model in force.</summary>
    public CompiledModel Model => throw new NotImplementedException();

    /// <summary>The authority's day.</summary>
    public DateOnly Today => throw new NotImplementedException();

    public ILog Log => throw new NotImplementedException();

    /// <summary>Compiles, prepares the store, records the model as a commit and puts it in force with one reference. The same descriptions as now: nothing happens.</summary>
    /// <exception cref="Problem">Invalid: all problems of the model, each naming plugin, type and field.</exception>
    public ValueTask<CompiledModel> ChangeModel(ImmutableArray<ModelDescription> descriptions, Actor actor, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Runs a plugin's hooks from now on, until the answer is disposed of.</summary>
    public IDisposable Attach(string plugin, Hooks hooks) => throw new NotImplementedException();

    /// <summary>One state of data and model as an actor sees it, for the length of a request.</summary>
    public Reader Read(Actor actor) => throw new NotImplementedException();

    public ValueTask<Receipt> Commit(Commit commit, Actor actor, CancellationToken cancellation) => throw new NotImplementedException();

    public IXrm As(Actor actor) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
