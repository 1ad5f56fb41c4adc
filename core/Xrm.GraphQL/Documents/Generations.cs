using System.Collections.Concurrent;

namespace Xrm.GraphQL.Documents;

/// <summary>Keeps values by a text, the younger ones. In two generations: when the young one is full it becomes the old one, and what is asked for again comes over. All members may be used from several threads at once.</summary>
/// <param name="most">The size of everything kept, in the unit of <see cref="Keep"/>.</param>
internal sealed class Generations<T>(int most) where T : class
{
    private readonly Lock _lock = new();
    private volatile Generation _young = new();
    private volatile Generation _old = new();

    /// <summary>The value that was kept; null when there is none, or none any more.</summary>
    public T? Find(string key, Func<T, int> size)
    {
        if (_young.Values.TryGetValue(key, out var value))
            return value;
        if (_old.Values.TryGetValue(key, out value))
            Keep(key, value, size(value));
        return value;
    }

    /// <summary>Keeps a value unless one of that key is there; one larger than half of everything is kept alone.</summary>
    public void Keep(string key, T value, int size)
    {
        lock (_lock)
        {
            if (_young.Size + size > most / 2)
            {
                _old = _young;
                _young = new();
            }
            if (_young.Values.TryAdd(key, value))
                _young.Size += size;
        }
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<string, T> Values = new(StringComparer.Ordinal);
        public int Size;
    }
}
