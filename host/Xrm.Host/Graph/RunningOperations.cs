using System.Collections.Concurrent;
using Xrm.GraphQL;
using Xrm.Sdk;

namespace Xrm.Host.Graph;

/// <summary>The operations of one connection, which run side by side, each by the id that the client gave it. All members may be used from several threads at once.</summary>
/// <param name="over">Ends when the connection does; all operations end with it.</param>
internal sealed class RunningOperations(StreamParts parts, string language, CancellationToken over)
{
    private readonly StreamParts _parts = parts;
    private readonly string _language = language;
    private readonly ConcurrentDictionary<string, Operation> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Operation, byte> _running = new();

    /// <summary>Those that the client counts as running.</summary>
    public IEnumerable<string> Ids => _byId.Keys;

    /// <summary>Starts one.</summary>
    /// <param name="body">Disposed of with it.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="receiver">Takes what it tells.</param>
    /// <param name="unauthenticated">Called when it ended because nobody is signed in any more.</param>
    public Beginning Start(string id, RequestBody body, Func<Actor> who, IReceiver receiver, Action? unauthenticated = null)
    {
        var operation = new Operation(this, id, body, receiver, CancellationTokenSource.CreateLinkedTokenSource(over));
        var beginning = !_byId.TryAdd(id, operation) ? Beginning.IsTaken : _byId.Count > _parts.Limits.Operations ? Beginning.TooMany : Beginning.Started;
        if (beginning != Beginning.Started)
        {
            operation.Forget();
            operation.Dispose();
            return beginning;
        }
        _running.TryAdd(operation, 0);
        operation.Running = Task.Run(() => operation.Run(who, unauthenticated), CancellationToken.None);
        return beginning;
    }

    /// <summary>Stops one; nothing when it ended already.</summary>
    public void Stop(string id)
    {
        if (_byId.TryRemove(id, out var operation))
            operation.Stop();
    }

    /// <summary>Completes when none runs; none may be started any more.</summary>
    public Task Ended() => Task.WhenAll(_running.Keys.Select(o => o.Running));

    /// <summary>What a client that has too many is told.</summary>
    public static Fault TooMany(StreamLimits limits) => new(ProblemCode.Limit, Label.Of(
        $"Une connexion porte {limits.Operations} opérations au plus à la fois.", $"A connection has at most {limits.Operations} operations at once."), null, "operations");

    private sealed class Operation(RunningOperations all, string id, RequestBody body, IReceiver receiver, CancellationTokenSource stop) : IReceiver, IDisposable
    {
        public Task Running { get; set; } = Task.CompletedTask;

        public async Task Run(Func<Actor> who, Action? unauthenticated)
        {
            try
            {
                if (await Operations.Run(all._parts.Service, body.Request, who, all._language, this, stop.Token) == ProblemCode.Unauthenticated)
                    unauthenticated?.Invoke();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // The client asked for it, or the connection is over.
            }
            finally
            {
                Forget();
                Dispose();
                all._running.TryRemove(this, out _);
            }
        }

        public void Stop()
        {
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended meanwhile.
            }
        }

        public ValueTask Next(ReadOnlyMemory<byte> sent) => receiver.Next(sent);

        public ValueTask Refuse(GraphQLAnswer answer)
        {
            Forget();
            return receiver.Refuse(answer);
        }

        public ValueTask Complete()
        {
            Forget();
            return receiver.Complete();
        }

        public void Dispose()
        {
            stop.Dispose();
            body.Dispose();
        }

        /// <summary>The id is free for another operation from the moment that the client can know that this one is over.</summary>
        public void Forget() => all._byId.TryRemove(new(id, this));
    }
}

/// <summary>What became of an operation that was to be started.</summary>
internal enum Beginning
{
    Started,
    /// <summary>Another of the same id runs.</summary>
    IsTaken,
    TooMany,
}
