using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Chance of one seed: the same seed, the same throws.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public int Seed => seed;

    public bool Chance(int percent) => _random.Next(100) < percent;

    public int Below(int end) => _random.Next(end);

    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>Some of them in their order, each with a chance.</summary>
    public IEnumerable<T> Some<T>(IEnumerable<T> items, int percent) => items.Where(_ => Chance(percent));

    /// <summary>An id as clients make them (UUID v4).</summary>
    public EntityId Id()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new(new Guid(bytes, bigEndian: true));
    }
}
