using Xrm.GraphQL.Running;

namespace Xrm.GraphQL.Subscriptions;

/// <summary>Events that are written and not yet taken, in one pooled buffer that is given back with the last of them. Not for several threads at once.</summary>
internal sealed class Told : IDisposable
{
    private readonly Queue<(int End, Action? Taken)> _events = new();
    private AnswerBuffer? _buffer;
    private int _start;

    public bool IsEmpty => _events.Count == 0;

    /// <summary>The bytes of those not yet taken.</summary>
    public int Length => (_buffer?.Length ?? 0) - _start;

    /// <summary>Where an event is written; <see cref="Add"/> ends it.</summary>
    public AnswerBuffer Buffer => _buffer ??= new();

    /// <summary>What was written since the last is an event.</summary>
    /// <param name="taken">Called when it is taken.</param>
    public void Add(Action? taken = null) => _events.Enqueue((Buffer.Length, taken));

    /// <summary>Takes the first; null when there is none. Valid until the next call.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        if (!_events.TryDequeue(out var next))
        {
            Clear();
            return null;
        }
        var body = _buffer!.Memory[_start..next.End];
        _start = next.End;
        next.Taken?.Invoke();
        return body;
    }

    /// <summary>Drops all.</summary>
    public void Clear()
    {
        _events.Clear();
        _buffer?.Dispose();
        (_buffer, _start) = (null, 0);
    }

    public void Dispose() => Clear();
}
