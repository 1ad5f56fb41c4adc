namespace Xrm.Core.Image;

/// <summary>Sorts keys of trees: by the digits of their prefixes, which asks no record, then those of one prefix by what their order tells.</summary>
internal static class KeySort
{
    private const int Digits = sizeof(ulong);
    private const int FewKeys = 64;

    public static void Sort(Span<TreeKey> keys, KeyOrder order, RecordSpace space)
    {
        if (keys.Length <= FewKeys)
        {
            Ties(keys, order, space);
            return;
        }
        ByPrefix(keys);
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to].Prefix == keys[from].Prefix)
                to++;
            if (to - from > 1)
                Ties(keys[from..to], order, space);
            from = to;
        }
    }

    private static void ByPrefix(Span<TreeKey> keys)
    {
        var counts = new int[Digits * 256];
        foreach (var key in keys)
            for (var digit = 0; digit < Digits; digit++)
                counts[digit * 256 + (int)(key.Prefix >> digit * 8 & 0xFF)]++;
        var other = new TreeKey[keys.Length];
        var from = keys;
        var to = other.AsSpan();
        for (var digit = 0; digit < Digits; digit++)
        {
            var starts = counts.AsSpan(digit * 256, 256);
            // All have the same digit here, as ids made in one second do.
            if (starts[(int)(from[0].Prefix >> digit * 8 & 0xFF)] == keys.Length)
                continue;
            var sum = 0;
            for (var i = 0; i < 256; i++)
                (starts[i], sum) = (sum, sum + starts[i]);
            foreach (var key in from)
                to[starts[(int)(key.Prefix >> digit * 8 & 0xFF)]++] = key;
            var spare = from;
            from = to;
            to = spare;
        }
        if (from != keys)
            from.CopyTo(keys);
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
