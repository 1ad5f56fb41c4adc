using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>One place where plugins take part: handlers in the order in which they were added.</summary>
/// <typeparam name="T">What a handler is.</typeparam>
public sealed class Hook<T> where T : class
{
    private readonly Lock _lock = new();
    private ImmutableArray<T> _handlers = [];

    /// <summary>The handlers now.</summary>
    public ImmutableArray<T> Handlers
    {
        get
        {
            lock (_lock)
                return _handlers;
        }
    }

    /// <summary>Adds a handler until the answer is disposed of.</summary>
    public IDisposable Add(T handler)
    {
        lock (_lock)
            _handlers = _handlers.Add(handler);
        return new Registration(this, handler);
    }

    private void Remove(T handler)
    {
        lock (_lock)
            _handlers = _handlers.Remove(handler);
    }

    private sealed class Registration(Hook<T> hook, T handler) : IDisposable
    {
        public void Dispose() => hook.Remove(handler);
    }
}
