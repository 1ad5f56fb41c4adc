using System.Runtime.InteropServices;

namespace Xrm.Core.Image;

/// <summary>Sorts keys of trees: by the digits of their prefixes, which asks no record, then those of one prefix by what their order tells. One after the other may be filled in and sorted, in the same memory, which is the system's and given back to it at once: arrays of that size would stay until everything is collected.</summary>
/// <param name="most">How many keys at most.</param>
internal sealed unsafe class KeySort(int most) : IDisposable
{
    private const int Digits = sizeof(ulong);
    private const int FewKeys = 64;

    private TreeKey* _keys = Rent(most);
    private TreeKey* _other;

    /// <summary>What is to be sorted, from the beginning.</summary>
    public Span<TreeKey> Keys => new(_keys, most);

    public void Dispose()
    {
        NativeMemory.Free(_keys);
        NativeMemory.Free(_other);
        _keys = _other = null;
    }

    /// <returns>The first so many keys in order; good until the next are filled in.</returns>
    public ReadOnlySpan<TreeKey> Sort(int count, KeyOrder order, RecordSpace space)
    {
        if (count <= FewKeys)
        {
            Ties(Keys[..count], order, space);
            return Keys[..count];
        }
        ByPrefix(count);
        var keys = Keys[..count];
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
        foreach (var key in Keys[..count])
            for (var digit = 0; digit < Digits; digit++)
                counts[digit * 256 + (int)(key.Prefix >> digit * 8 & 0xFF)]++;
        if (_other is null)
            _other = Rent(most);
        for (var digit = 0; digit < Digits; digit++)
        {
            var starts = counts.AsSpan(digit * 256, 256);
            // All have the same digit here, as ids made in one second do.
            if (starts[(int)(Keys[0].Prefix >> digit * 8 & 0xFF)] == count)
                continue;
            var sum = 0;
            for (var i = 0; i < 256; i++)
                (starts[i], sum) = (sum, sum + starts[i]);
            var to = new Span<TreeKey>(_other, most);
            foreach (var key in Keys[..count])
                to[starts[(int)(key.Prefix >> digit * 8 & 0xFF)]++] = key;
            var sorted = _other;
            _other = _keys;
            _keys = sorted;
        }
    }

    private static TreeKey* Rent(int most) => (TreeKey*)NativeMemory.Alloc((nuint)most, (nuint)sizeof(TreeKey));

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
