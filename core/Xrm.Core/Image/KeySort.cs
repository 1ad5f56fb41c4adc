using System.Buffers;

namespace Xrm.Core.Image;

/// <summary>Sorts keys of trees: by the digits of their prefixes, which asks no record, then those of one prefix by what their order tells. One after the other may be filled in and sorted, in the same arrays.</summary>
/// <param name="most">How many keys at most.</param>
internal sealed class KeySort(int most) : IDisposable
{
    private const int Digits = sizeof(ulong);
    private const int FewKeys = 64;

    private TreeKey[] _keys = ArrayPool<TreeKey>.Shared.Rent(most);
    private TreeKey[]? _other;

    /// <summary>What is to be sorted, from the beginning.</summary>
    public Span<TreeKey> Keys => _keys.AsSpan(0, most);

    public void Dispose()
    {
        ArrayPool<TreeKey>.Shared.Return(_keys);
        if (_other is not null)
            ArrayPool<TreeKey>.Shared.Return(_other);
    }

    /// <returns>The first so many keys in order; good until the next are filled in.</returns>
    public ReadOnlySpan<TreeKey> Sort(int count, KeyOrder order, RecordSpace space)
    {
        if (count <= FewKeys)
        {
            Ties(_keys.AsSpan(0, count), order, space);
            return _keys.AsSpan(0, count);
        }
        ByPrefix(count);
        var keys = _keys.AsSpan(0, count);
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to].Prefix == keys[from].Prefix)
                to++;
            if (to - from > 1)
                Ties(keys[from..to], order, space);
            from = to;
        }
        return keys;
    }

    private void ByPrefix(int count)
    {
        var counts = new int[Digits * 256];
        foreach (var key in _keys.AsSpan(0, count))
            for (var digit = 0; digit < Digits; digit++)
                counts[digit * 256 + (int)(key.Prefix >> digit * 8 & 0xFF)]++;
        _other ??= ArrayPool<TreeKey>.Shared.Rent(most);
        for (var digit = 0; digit < Digits; digit++)
        {
            var starts = counts.AsSpan(digit * 256, 256);
            // All have the same digit here, as ids made in one second do.
            if (starts[(int)(_keys[0].Prefix >> digit * 8 & 0xFF)] == count)
                continue;
            var sum = 0;
            for (var i = 0; i < 256; i++)
                (starts[i], sum) = (sum, sum + starts[i]);
            var to = _other;
            foreach (var key in _keys.AsSpan(0, count))
                to[starts[(int)(key.Prefix >> digit * 8 & 0xFF)]++] = key;
            (_keys, _other) = (to, _keys);
        }
    }

    // Merges: few comparisons, since each looks at two records.
    private static void Ties(Span<TreeKey> keys, KeyOrder order, RecordSpace space)
    {
        if (keys.Length <= 16)
        {
            Insertion(keys, order, space);
            return;
        }
        var middle = keys.Length / 2;
        Ties(keys[..middle], order, space);
        Ties(keys[middle..], order, space);
        if (order.Compare(keys[middle - 1], keys[middle], space) <= 0)
            return;
        var left = keys[..middle].ToArray();
        int a = 0, b = middle, at = 0;
        while (a < left.Length)
            keys[at++] = b < keys.Length && order.Compare(keys[b], left[a], space) < 0 ? keys[b++] : left[a++];
    }

    private static void Insertion(Span<TreeKey> keys, KeyOrder order, RecordSpace space)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            var key = keys[i];
            var at = i;
            for (; at > 0 && order.Compare(keys[at - 1], key, space) > 0; at--)
                keys[at] = keys[at - 1];
            keys[at] = key;
        }
    }
}
