using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>A thing or a link as a plain object.</summary>
internal abstract record PlainRecord(Guid Id)
{
    public required bool IsDated { get; init; }
    public int Version { get; init; } = 1;
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public Period Period { get; init; }
    /// <summary>By name, in the CLR form of their shapes; what has no value is not in it.</summary>
    public ImmutableDictionary<string, object> Values { get; init; } = ImmutableDictionary<string, object>.Empty;

    /// <summary>A field, built-in ones included; null = no value.</summary>
    public object? this[string field] => field switch
    {
        "id" => Id.ToString("D"),
        "version" => Version,
        "createdAt" => CreatedAt,
        "updatedAt" => UpdatedAt,
        "validFrom" when IsDated => Period.From,
        "validTo" when IsDated => Period.To,
        _ => Values.GetValueOrDefault(field),
    };

    /// <summary>The record with some fields set, those that are null emptied.</summary>
    public PlainRecord With(Values values, DateTimeOffset at)
    {
        var (kept, period) = (Values, Period);
        foreach (var (name, value) in values)
            if (name == "validFrom")
                period = period with { From = (DateOnly?)value };
            else if (name == "validTo")
                period = period with { To = (DateOnly?)value };
            else
                kept = value is null ? kept.Remove(name) : kept.SetItem(name, value);
        return this with { Values = kept, Period = period, UpdatedAt = at };
    }
}

internal sealed record PlainThing(Guid Id, EntityTypeDescription Type) : PlainRecord(Id)
{
    public string DisplayName
    {
        get
        {
            var name = string.Join(' ', Type.DisplayFields.Select(f => Values.GetValueOrDefault(f)).Where(v => v is not null));
            return name.Length > 0 ? name : Id.ToString("D");
        }
    }
}

internal sealed record PlainLink(Guid Id, RelationshipTypeDescription Type, Guid Source, Guid Target) : PlainRecord(Id);

/// <summary>All there is, in two lists.</summary>
internal sealed record PlainData(RandomModel Model, ImmutableList<PlainThing> Things, ImmutableList<PlainLink> Links, DateOnly Today)
{
    public PlainThing? Find(string? id) => Things.FirstOrDefault(t => t.Id.ToString("D") == id);

    /// <summary>The links at an end of a thing and the things beyond that are there on some day of a period; <see cref="Period.Always"/> asks for no day.</summary>
    /// <param name="datesNodes">Whether the things beyond a to-many end are asked for the days too.</param>
    public IEnumerable<(PlainLink Link, PlainThing Node)> Beyond(PlainEnd end, PlainThing thing, Period during, bool datesNodes = true)
    {
        foreach (var link in Links.Where(l => l.Type == end.Link))
        {
            var isHere = end.Link.IsSymmetric ? link.Source == thing.Id || link.Target == thing.Id : (end.IsSource ? link.Source : link.Target) == thing.Id;
            if (!isHere || link.IsDated && !Meets(during, link.Period))
                continue;
            var far = end.Link.IsSymmetric ? link.Source == thing.Id ? link.Target : link.Source : end.IsSource ? link.Target : link.Source;
            if (Things.FirstOrDefault(t => t.Id == far) is { } node && !(datesNodes && !end.Here.IsToOne && node.IsDated && !Meets(during, node.Period)))
                yield return (link, node);
        }
    }

    public static bool Meets(Period asked, Period period) => asked == Period.Always || period.Overlaps(asked);

    /// <summary>What the holder of a role sees: the things and links that its grants reach, each with the fields that they show.</summary>
    public PlainData As(string role)
    {
        var grants = Model.Description.Roles.Single(r => r.Name == role).Grants;
        var things = Things.Select(t => Shown(t, t.Type.Name, t.Type.Fields)).OfType<PlainThing>().ToImmutableList();
        var ids = things.Select(t => t.Id).ToHashSet();
        var links = Links.Where(l => ids.Contains(l.Source) && ids.Contains(l.Target)).Select(l => Shown(l, l.Type.Name, l.Type.Fields)).OfType<PlainLink>().ToImmutableList();
        return this with { Things = things, Links = links };

        PlainRecord? Shown(PlainRecord record, string type, ImmutableArray<FieldDescription> fields)
        {
            var held = grants.Where(g => g.Type == type && (g.Where is null || Holds(g.Where, record))).ToArray();
            if (held.Length == 0)
                return null;
            var seen = fields.Where(f => !f.IsHidden && held.Any(g => g.Fields is { } named ? named.Contains(f.Name) : f.Sensitivity <= g.UpTo)).Select(f => f.Name).ToHashSet();
            return record with { Values = record.Values.Where(v => seen.Contains(v.Key)).ToImmutableDictionary() };
        }
    }

    /// <summary>What administrators see: all but the fields that are kept for matching alone.</summary>
    public PlainData Whole() => this with
    {
        Things = [.. Things.Select(t => t with { Values = t.Values.Where(v => !t.Type.Fields.Single(f => f.Name == v.Key).IsHidden).ToImmutableDictionary() })],
    };

    /// <summary>A rule of a grant, which sees all data.</summary>
    private bool Holds(Filter filter, PlainRecord record) => filter switch
    {
        Filter.Not not => !Holds(not.Filter, record),
        Filter.Or or => or.Filters.Any(f => Holds(f, record)),
        Filter.Compare compare => PlainComparison.Holds(record[compare.Field], compare.How, compare.Value),
        Filter.Through through => Holds(through, (PlainThing)record),
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    private bool Holds(Filter.Through through, PlainThing thing)
    {
        var beyond = Beyond(Model.Ends(thing.Type.Name).Single(e => e.Here.Name == through.End), thing, new Period(Today, Today.AddDays(1)));
        bool Asked((PlainLink, PlainThing Node) pair) => through.Node is null || Holds(through.Node, pair.Node);
        return through.How switch { Quantifier.Some => beyond.Any(Asked), Quantifier.None => !beyond.Any(Asked), _ => beyond.All(Asked) };
    }
}
