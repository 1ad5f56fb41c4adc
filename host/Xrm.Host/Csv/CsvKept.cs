using System.Collections.Concurrent;
using Xrm.Core.Plans;

namespace Xrm.Host.Csv;

/// <summary>Values of states and days that were read and checked, by what the file says: it says the same few again and again, and they are carried along until the commit is planned. For any number of threads.</summary>
internal sealed class CsvKept
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(int Mapped, string Text), KeptValue> _known = [];
    private int _count;

    /// <param name="mapped">Which field of the map.</param>
    public KeptValue? Find(int mapped, string text) => _known.GetValueOrDefault((mapped, text));

    /// <returns>The value itself.</returns>
    public KeptValue Keep(int mapped, string text, KeptValue value)
    {
        if (_count < Most && _known.TryAdd((mapped, text), value))
            Interlocked.Increment(ref _count);
        return value;
    }
}
