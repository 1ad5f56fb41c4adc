using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>What becomes of the work at hand when a handler fails or does not end in time.</summary>
public enum WhenFailing
{
    /// <summary>It is refused: without this handler it would not be right.</summary>
    Refuse,
    /// <summary>It goes on without this handler; the failure is logged and counted.</summary>
    GoOn,
}

/// <summary>One place where plugins take part: handlers in the order in which they were added.</summary>
/// <typeparam name="T">What a handler is.</typeparam>
public sealed class Hook<T> where T : class
{
    private readonly Lock _lock = new();
    private ImmutableArray<Registration<T>> _registrations = [];

    /// <summary>The handlers now, with what they declared.</summary>
    public ImmutableArray<Registration<T>> Registrations
    {
        get
        {
            lock (_lock)
                return _registrations;
        }
    }

    /// <summary>The handlers now.</summary>
    public ImmutableArray<T> Handlers => [.. Registrations.Select(r => r.Handler)];

    /// <summary>Adds a handler until the answer is disposed of, or its plugin goes.</summary>
    /// <param name="handler">It may be called from several threads at once, and for a limited time.</param>
    /// <param name="whenFailing">What becomes of the work at hand when it fails.</param>
    public IDisposable Add(T handler, WhenFailing whenFailing = WhenFailing.Refuse)
    {
        var registration = new Registration<T>(handler, whenFailing);
        lock (_lock)
            _registrations = _registrations.Add(registration);
        return new Removal(this, registration);
    }

    private void Remove(Registration<T> registration)
    {
        lock (_lock)
            _registrations = _registrations.Remove(registration);
    }

    private sealed class Removal(Hook<T> hook, Registration<T> registration) : IDisposable
    {
        public void Dispose() => hook.Remove(registration);
    }
}

/// <summary>A handler of a hook.</summary>
/// <param name="Handler">What was added.</param>
/// <param name="WhenFailing">What becomes of the work at hand when it fails.</param>
public sealed record Registration<T>(T Handler, WhenFailing WhenFailing) where T : class;
