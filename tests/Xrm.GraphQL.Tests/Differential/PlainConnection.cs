using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>A thing as it is come upon in an answer.</summary>
/// <param name="At">The day asked for around it; null = none.</param>
internal sealed record Seen(PlainThing Thing, DateOnly? At);

/// <summary>A place in an order of a connection.</summary>
/// <param name="Of">What the connection is, with its order, filter and days.</param>
internal sealed record PlainPlace(string Of, ImmutableArray<object?> Keys, Guid Id, Guid? Link)
{
    /// <summary>Where it is told in place of a cursor, so that answers can be compared.</summary>
    public string Text => $"{Mark}{Of}|{string.Join(',', Keys.Select(k => string.Create(CultureInfo.InvariantCulture, $"{k ?? "~"}")))}|{Id}|{Link}";

    public const string Mark = "cursor#";
}

internal sealed record PlainEdge(Seen Node, PlainLink? Link, PlainPlace Place);

internal sealed record PlainGroup(ImmutableDictionary<string, object?> Keys, IReadOnlyList<PlainThing> Items);

internal sealed record PlainSums(string Kind, IReadOnlyList<PlainThing> Items);

/// <summary>What was found, its window and its groups.</summary>
internal sealed class PlainConnection
{
    private readonly PlainEdge[] _all;
    private readonly int _from;
    private readonly int _to;

    /// <param name="found">In any order.</param>
    /// <param name="arguments">first, after, last, before, offset and order.</param>
    /// <param name="of">What its cursors belong to, but for the order.</param>
    /// <param name="placeOf">The place that a cursor stands for.</param>
    public PlainConnection(IEnumerable<(PlainThing Node, PlainLink? Link)> found, IDictionary<string, object?> arguments, string of, DateOnly? at, Func<string, PlainPlace?> placeOf)
    {
        var order = ((IEnumerable?)arguments.Get("order") ?? Array.Empty<object>()).Cast<IDictionary<string, object?>>()
            .SelectMany(o => o).Where(o => o.Value is not null).Select(o => (Field: o.Key, Descending: (string)o.Value! == "DESC")).ToArray();
        of += "|" + string.Join(',', order);
        _all = [.. found.Select(f => new PlainEdge(new(f.Node, at), f.Link, new(of, [.. order.Select(o => f.Node[o.Field])], f.Node.Id, f.Link?.Id)))];
        Array.Sort(_all, (a, b) => Compare(a.Place, b.Place));
        var (first, last) = ((int?)arguments.Get("first"), (int?)arguments.Get("last"));
        (_from, _to) = (0, _all.Length);
        if (arguments.Get("after") is string after && placeOf(after) is { } behind)
            while (_from < _all.Length && Compare(_all[_from].Place, behind) <= 0)
                _from++;
        if (arguments.Get("before") is string before && placeOf(before) is { } ahead)
            while (_to > _from && Compare(_all[_to - 1].Place, ahead) >= 0)
                _to--;
        _from = Math.Min(_to, _from + ((int?)arguments.Get("offset") ?? 0));
        if ((last is null ? first ?? 50 : first) is { } head)
            _to = Math.Min(_to, _from + head);
        if (last is { } tail)
            _from = Math.Max(_from, _to - tail);

        int Compare(PlainPlace a, PlainPlace b)
        {
            for (var i = 0; i < order.Length; i++)
                if (PlainComparison.Order(a.Keys[i], b.Keys[i], order[i].Descending) is var by && by != 0)
                    return by;
            var byId = PlainComparison.Compare(a.Id.ToString("D"), b.Id.ToString("D"));
            return byId != 0 || a.Link is null ? byId : PlainComparison.Compare(a.Link.Value.ToString("D"), b.Link!.Value.ToString("D"));
        }
    }

    public int Total => _all.Length;
    public IReadOnlyList<PlainEdge> Window => _all[_from.._to];
    public bool HasNext => _to < _all.Length;
    public bool HasPrevious => _from > 0;

    /// <summary>Groups by some fields, in the order of their keys.</summary>
    public IEnumerable<PlainGroup> Groups(IReadOnlyList<string> by) => _all
        .GroupBy(e => by.Select(f => e.Node.Thing[f]).ToArray(), Keys.Instance)
        .OrderBy(g => g.Key, Keys.Instance)
        .Select(g => new PlainGroup(by.Select((f, i) => (f, i)).DistinctBy(f => f.f).ToImmutableDictionary(f => f.f, f => g.Key[f.i]), [.. g.Select(e => e.Node.Thing)]));

    /// <summary>A sum in the form of an answer; null of no values.</summary>
    public static object? Sum(PlainSums sums, string field, bool isInteger)
    {
        var values = sums.Items.Select(t => t[field]).Where(v => v is not null).Select(v => Convert.ToDecimal(v, CultureInfo.InvariantCulture)).ToArray();
        if (values.Length == 0)
            return null;
        return sums.Kind switch
        {
            "sum" => values.Sum(),
            "avg" => values.Sum() / values.Length,
            "min" => isInteger ? (object)(int)values.Min() : values.Min(),
            _ => isInteger ? (object)(int)values.Max() : values.Max(),
        };
    }

    private sealed class Keys : IEqualityComparer<object?[]>, IComparer<object?[]>
    {
        public static readonly Keys Instance = new();

        public bool Equals(object?[]? x, object?[]? y) => x!.SequenceEqual(y!);

        public int GetHashCode(object?[] obj) => obj.Aggregate(0, HashCode.Combine);

        public int Compare(object?[]? x, object?[]? y) => x!.Select((key, i) => PlainComparison.Order(key, y![i], false)).FirstOrDefault(c => c != 0);
    }
}
