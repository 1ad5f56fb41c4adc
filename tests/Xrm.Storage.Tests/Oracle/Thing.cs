using System.Collections.Immutable;
using System.Text;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Oracle;

/// <summary>A record as a plain object.</summary>
internal sealed class Thing
{
    public required RecordType Type { get; init; }
    public required Guid Id { get; init; }
    public Guid Source { get; init; }
    public Guid Target { get; init; }
    public int Version { get; set; } = 1;
    public Period Period { get; set; }
    public Dictionary<string, object> Values { get; } = [];

    public Thing Copy()
    {
        var copy = new Thing { Type = Type, Id = Id, Source = Source, Target = Target, Version = Version, Period = Period };
        foreach (var (name, value) in Values)
            copy.Values.Add(name, value);
        return copy;
    }

    public object? Value(ModelField field) => field.Builtin switch
    {
        Builtin.Id => Id,
        Builtin.Version => Version,
        Builtin.ValidFrom => Period.From,
        Builtin.ValidTo => Period.To,
        _ => field.Owner == Type ? Values.GetValueOrDefault(field.Name) : null,
    };
}

/// <summary>Answers predicates and orders over a plain list, as literally as the contract says them.</summary>
internal sealed class PlainAnswers(List<Thing> all)
{
    public bool Holds(Predicate? predicate, Thing thing) => predicate switch
    {
        null => true,
        Predicate.And and => and.Parts.All(p => Holds(p, thing)),
        Predicate.Or or => or.Parts.Any(p => Holds(p, thing)),
        Predicate.Not not => !Holds(not.Part, thing),
        Predicate.OfType type => type.Ordinals.Contains(thing.Type.Ordinal),
        Predicate.Compare compare => Holds(compare, thing),
        Predicate.Through through => Holds(through, thing),
        _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
    };

    public static bool Meets(Period asked, Period period) => asked == Period.Always || period.Overlaps(asked);

    /// <summary>The relationships at an end of a thing and the things beyond, that are there at all.</summary>
    public IEnumerable<(Thing Link, Thing Node)> Beyond(ModelEnd end, Thing thing, Period during, bool datesNodes)
    {
        foreach (var link in all.Where(l => l.Type == end.Relationship))
        {
            var isHere = end.Relationship.IsSymmetric ? link.Source == thing.Id || link.Target == thing.Id : (end.IsSource ? link.Source : link.Target) == thing.Id;
            if (!isHere || end.Relationship.IsDated && !Meets(during, link.Period))
                continue;
            var far = end.Relationship.IsSymmetric ? link.Source == thing.Id ? link.Target : link.Source : end.IsSource ? link.Target : link.Source;
            var node = all.FirstOrDefault(n => n.Id == far);
            if (node is null || datesNodes && !end.IsToOne && node.Type.IsDated && !Meets(during, node.Period))
                continue;
            yield return (link, node);
        }
    }

    public int Compare(ImmutableArray<Sort> order, (Thing Node, Thing? Link) a, (Thing Node, Thing? Link) b)
    {
        foreach (var sort in order)
        {
            var (left, right) = (Key(sort, a), Key(sort, b));
            if (left is null != right is null)
                return left is null ? 1 : -1;
            var compared = left is null ? 0 : CompareValues(left, right!);
            if (compared != 0)
                return sort.Descending ? -compared : compared;
        }
        var byId = CompareValues(a.Node.Id, b.Node.Id);
        return byId != 0 || a.Link is null ? byId : CompareValues(a.Link.Id, b.Link!.Id);
    }

    public object? Key(Sort sort, (Thing Node, Thing? Link) found)
    {
        var thing = sort.Field.Owner is ModelRelationship && found.Link is not null ? found.Link : found.Node;
        return Holds(sort.SeenWhen, thing) ? thing.Value(sort.Field) : null;
    }

    private bool Holds(Predicate.Through through, Thing thing)
    {
        var there = Beyond(through.End, thing, through.During, datesNodes: true)
            .Where(p => Holds(through.SeenLink, p.Link) && Holds(through.SeenNode, p.Node));
        bool Asked((Thing Link, Thing Node) pair) => Holds(through.Link, pair.Link) && Holds(through.Node, pair.Node);
        return through.How switch
        {
            Quantifier.Some => there.Any(Asked),
            Quantifier.None => !there.Any(Asked),
            _ => there.All(Asked),
        };
    }

    private static bool Holds(Predicate.Compare compare, Thing thing)
    {
        var value = thing.Value(compare.Field);
        if (compare.How is Comparison.NotEqual or Comparison.NotIn)
            return !Holds(compare with { How = Comparison.In }, thing);
        var values = value is ImmutableArray<object> many ? many : value is null ? [] : [value];
        return compare.Operands.Any(o => o.Json.Length == 0
            ? value is null && compare.How is Comparison.Equal or Comparison.In && value is null
            : values.Any(v => One(v, compare.How, o.Value is EntityId id ? id.Value : o.Value!)));
    }

    private static bool One(object value, Comparison how, object operand) => how switch
    {
        Comparison.Equal or Comparison.In => value.Equals(operand),
        Comparison.Greater => CompareValues(value, operand) > 0,
        Comparison.GreaterOrEqual => CompareValues(value, operand) >= 0,
        Comparison.Less => CompareValues(value, operand) < 0,
        Comparison.LessOrEqual => CompareValues(value, operand) <= 0,
        Comparison.Contains => TextKey.Fold((string)value).Contains(TextKey.Fold((string)operand), StringComparison.Ordinal),
        Comparison.StartsWith => TextKey.Fold((string)value).StartsWith(TextKey.Fold((string)operand), StringComparison.Ordinal),
        _ => TextKey.Fold((string)value).EndsWith(TextKey.Fold((string)operand), StringComparison.Ordinal),
    };

    private static int CompareValues(object a, object b)
    {
        if (a is not string text)
            return ((IComparable)a).CompareTo(b);
        var byFold = Utf8(TextKey.Fold(text)).AsSpan().SequenceCompareTo(Utf8(TextKey.Fold((string)b)));
        return byFold != 0 ? byFold : Utf8(text).AsSpan().SequenceCompareTo(Utf8((string)b));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
