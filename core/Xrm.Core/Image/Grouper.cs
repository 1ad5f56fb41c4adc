using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Groups what a step found, and sums it.</summary>
internal static class Grouper
{
    /// <summary>Groups in the order of their keys, no value last.</summary>
    public static ImmutableArray<Group> Group(Grouping grouping, List<Found> found, RecordSpace space, ConditionCompiler compiler)
    {
        var by = new Ordering(grouping.By, space, compiler);
        var over = new Ordering(grouping.Sums, space, compiler);
        var groups = new Dictionary<byte[], Tally>(BytesComparer.Instance);
        var lookup = groups.GetAlternateLookup<ReadOnlySpan<byte>>();
        var key = new System.Buffers.ArrayBufferWriter<byte>();
        Span<byte> scratch = stackalloc byte[Column.Scratch];
        foreach (var item in found)
        {
            compiler.Look();
            key.ResetWrittenCount();
            for (var i = 0; i < by.Count; i++)
                FieldSet.Append(key, i, by.TryKey(item, i, scratch, out var json) ? json : default);
            if (!lookup.TryGetValue(key.WrittenSpan, out var tally))
                lookup[key.WrittenSpan] = tally = new(item, over.Count);
            tally.Count++;
            for (var i = 0; i < over.Count; i++)
                if (over.TryKey(item, i, scratch, out var json))
                    tally.Add(i, over.Column(i), json);
        }
        return [.. groups.Values
            .OrderBy(t => by.Make(t.First.Slot, t.First.Link), by)
            .Select(t => new Group(Keys(by, t.First), t.Count, [.. t.Sums.Select(s => s.Freeze())]))];
    }

    /// <summary>The same over all records of a type, counted by an index that keeps those of the same values together; it has all values there are.</summary>
    public static ImmutableArray<Group> Group(Grouping grouping, IndexTree index)
    {
        Span<int> places = stackalloc int[grouping.By.Length];
        for (var i = 0; i < places.Length; i++)
            places[i] = index.Order.PlaceApart(Column.IndexNameOf(grouping.By[i].Field));
        if (index.Counts is { } known && known.Places.AsSpan().SequenceEqual(places))
            return known.Groups;
        var groups = ImmutableArray.CreateBuilder<Group>();
        foreach (var (half, keys) in index.Values!.Sorted(places, index.Order))
        {
            // Nobody else has this half of a hash.
            var from = Tree.Rank(index.Tree, new PrefixProbe((ulong)half << 32));
            var to = half == uint.MaxValue ? Tree.CountOf(index.Tree) : Tree.Rank(index.Tree, new PrefixProbe((ulong)half + 1 << 32));
            if (to > from)
                groups.Add(new(keys, to - from, []));
        }
        var counts = new GroupCounts([.. places], groups.DrainToImmutable());
        index.Counts = counts;
        return counts.Groups;
    }

    private static ImmutableArray<byte[]> Keys(Ordering by, in Found found)
    {
        var keys = ImmutableArray.CreateBuilder<byte[]>(by.Count);
        Span<byte> scratch = stackalloc byte[Column.Scratch];
        for (var i = 0; i < by.Count; i++)
            keys.Add(by.TryKey(found, i, scratch, out var json) ? json.ToArray() : []);
        return keys.MoveToImmutable();
    }

    private sealed class Tally(Found first, int sums)
    {
        public Found First => first;
        public long Count { get; set; }
        public Running[] Sums { get; } = new Running[sums];

        public void Add(int sum, Column column, ReadOnlySpan<byte> json)
        {
            if (!column.IsMany)
            {
                Sums[sum].Add(Number(column.Shape, json));
                return;
            }
            foreach (var element in new Elements(json))
                Sums[sum].Add(Number(column.Shape, element));
        }

        private static decimal Number(Shape shape, ReadOnlySpan<byte> json) => shape switch
        {
            Shape.Integer => (int)JsonValue.Read(shape, json),
            Shape.Decimal => JsonValue.ReadDecimal(json),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "Only numbers have a sum."),
        };
    }

    private struct Running
    {
        private long _count;
        private decimal _sum;
        private decimal _min;
        private decimal _max;

        public void Add(decimal number)
        {
            _min = _count == 0 ? number : Math.Min(_min, number);
            _max = _count == 0 ? number : Math.Max(_max, number);
            _sum += number;
            _count++;
        }

        public readonly Sums Freeze() => _count == 0 ? new(0, null, null, null) : new(_count, _sum, _min, _max);
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
