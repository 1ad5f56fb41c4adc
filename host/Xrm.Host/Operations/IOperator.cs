using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Runs operations for a command: in a serving host, or here when none serves the data folder.</summary>
internal interface IOperator : IAsyncDisposable
{
    /// <summary>Runs one to its end.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="arguments">What is asked of it.</param>
    /// <param name="input">The file that goes with it; null for none.</param>
    /// <param name="receiver">Told how far it is.</param>
    /// <param name="cancellation">Stops it; what it would have written is not written.</param>
    /// <exception cref="Problem">It was refused, with all reasons.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, and nothing was written.</exception>
    Task<JsonObject> Run(string operation, JsonObject arguments, Stream? input, IReceiver receiver, CancellationToken cancellation);
}

/// <summary>Runs operations here, on the data folder, under the store's lock.</summary>
internal sealed class LocalOperator(Composition host) : IOperator
{
    public Task<JsonObject> Run(string operation, JsonObject arguments, Stream? input, IReceiver receiver, CancellationToken cancellation) =>
        Operation.All[operation].Run(new(host, Peer.Own.Actor, arguments, input ?? Stream.Null, receiver), cancellation);

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
