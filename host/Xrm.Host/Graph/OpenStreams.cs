using Xrm.GraphQL;
using Xrm.Sdk;

namespace Xrm.Host.Graph;

/// <summary>The connections that stay open, counted by who holds them. All members may be used from several threads at once.</summary>
/// <param name="limits">How many one actor may hold.</param>
/// <param name="stopping">When the host stops: connections are closed then.</param>
internal sealed class OpenStreams(StreamLimits limits, CancellationToken stopping)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byActor = new(StringComparer.Ordinal);

    public CancellationToken Stopping => stopping;

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _byActor.Values.Sum();
        }
    }

    /// <summary>Counts one until it is disposed of; null when the actor holds as many as it may.</summary>
    public IDisposable? Open(Actor actor)
    {
        lock (_lock)
        {
            var held = _byActor.GetValueOrDefault(actor.Id);
            if (held >= limits.Connections)
                return null;
            _byActor[actor.Id] = held + 1;
        }
        return new Place(this, actor.Id);
    }

    private void Close(string actor)
    {
        lock (_lock)
            if (--_byActor[actor] == 0)
                _byActor.Remove(actor);
    }

    private sealed class Place(OpenStreams streams, string actor) : IDisposable
    {
        private int _isClosed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
                streams.Close(actor);
        }
    }
}
