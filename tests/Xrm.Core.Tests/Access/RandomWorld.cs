using System.Collections.Immutable;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Access;

/// <summary>Random models, grants, data and questions of one seed.</summary>
internal sealed class RandomWorld
{
    private static readonly string[] Texts = ["Élan", "elan", "ELAN", "Zed", "abc", "a-b", "l'eau", "x"];
    private readonly Random _random;

    public RandomWorld(int seed)
    {
        _random = new Random(seed);
        Types = [.. Enumerable.Range(0, 2 + _random.Next(2)).Select(i => Type("Alpha Beta Gamma".Split(' ')[i]))];
        Links = [.. Enumerable.Range(0, 2 + _random.Next(3)).Select(Link)];
        Roles = [Role("one"), Role("two")];
        Model = new ModelDescription("world") { EntityTypes = Types, RelationshipTypes = Links, Roles = Roles };
    }

    public ModelDescription Model { get; }
    public ImmutableArray<EntityTypeDescription> Types { get; }
    public ImmutableArray<RelationshipTypeDescription> Links { get; }
    public ImmutableArray<Role> Roles { get; }

    public IEnumerable<Edit> Things()
    {
        for (var i = 0; i < 24; i++)
        {
            var type = Pick(Types);
            yield return new Edit.Create(type.Name, EntityId.New(), Some(type.Fields, type.IsDated));
        }
    }

    public Edit? Relate(IReadOnlyList<Entity> things)
    {
        var link = Pick(Links);
        var sources = things.Where(t => link.Source.Types.Contains(t.Type)).ToArray();
        var targets = things.Where(t => link.Target.Types.Contains(t.Type)).ToArray();
        if (sources.Length == 0 || targets.Length == 0)
            return null;
        return new Edit.Relate(link.Name, EntityId.New(), Pick(sources).Id, Pick(targets).Id, link.IsDated ? Days() : Period.Always, Some(link.Fields, false));
    }

    /// <summary>Sets, empties or deletes a thing or a relationship of those there are.</summary>
    public Edit Change(IReadOnlyList<Entity> things)
    {
        var thing = Pick(things);
        var type = Types.Single(t => t.Name == thing.Type);
        var links = things.SelectMany(t => t.Related.Values).SelectMany(l => l).ToArray();
        if (links.Length > 0 && Chance(30))
        {
            var link = Pick(links);
            return Chance(30)
                ? new Edit.Unrelate(link.Type, link.Id, link.Version)
                : new Edit.Change(link.Type, link.Id, link.Version, Values.None.With("w", Chance(20) ? null : Value(2)));
        }
        if (Chance(10) && things.Count > 10)
            return new Edit.Delete(type.Name, thing.Id, thing.Version);
        return new Edit.Update(type.Name, thing.Id, thing.Version, Chance(15) ? Values.None.With(Pick(type.Fields).Name, (object?)null) : Some(type.Fields, type.IsDated));
    }

    public Query Question()
    {
        var type = Pick(Types);
        return new Query(type.Name)
        {
            Filter = Chance(80) ? Filter(type.Name, 3) : null,
            Orders = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => new Order(Pick(type.Fields).Name, Chance(50)))],
            During = type.IsDated && Chance(30) ? Days() : null,
            Limit = Chance(40) ? _random.Next(1, 6) : null,
            Includes = [.. Ends(type.Name).Where(_ => Chance(50)).Select(e => new Include(e.Name)
            {
                During = Chance(50) ? Period.Always : null,
                With = [.. Ends(e.Far[0]).Take(1).Select(f => new Include(f.Name))],
            })],
        };
    }

    public string Field(string type) => Pick(Types.Single(t => t.Name == type).Fields).Name;

    private EntityTypeDescription Type(string name) => new(name, L)
    {
        IsDated = Chance(40),
        DisplayFields = ["t1", "t2"],
        Fields = [Field("t1", new TextType()), Field("t2", new TextType()), Field("n1", new IntegerType()), Field("b1", new BooleanType()), Field("h1", new TextType()) with { IsHidden = Chance(50) }],
    };

    private FieldDescription Field(string name, FieldType type) => new(name, type, L) { Sensitivity = (Sensitivity)_random.Next(4) };

    private RelationshipTypeDescription Link(int number)
    {
        var isSymmetric = Chance(20);
        ImmutableArray<string> sources = [Pick(Types).Name];
        ImmutableArray<string> targets = isSymmetric ? sources : Chance(30) ? [.. Types.Select(t => t.Name)] : [Pick(Types).Name];
        var isToOne = Chance(30);
        return new RelationshipTypeDescription("Link" + number, L, L)
        {
            IsDated = Chance(50),
            IsSymmetric = isSymmetric,
            Source = new EndDescription { Types = sources, Name = "out" + number, Label = L, IsToOne = isToOne, OnDelete = number % 2 == 0 ? Then.Delete : Then.End },
            Target = new EndDescription { Types = targets, Name = isSymmetric ? "out" + number : "in" + number, Label = L, IsToOne = isSymmetric ? isToOne : Chance(20), OnDelete = number % 2 == 0 ? Then.Delete : Then.End },
            Fields = [Field("w", new IntegerType())],
        };
    }

    private Role Role(string name)
    {
        var grants = ImmutableArray.CreateBuilder<Grant>();
        foreach (var type in Types)
            for (var i = Chance(85) ? 1 + _random.Next(2) : 0; i > 0; i--)
                grants.Add(new Grant(type.Name, Rights.Read, (Sensitivity)_random.Next(4))
                {
                    Fields = Chance(30) ? [.. type.Fields.Where(_ => Chance(50)).Select(f => f.Name)] : null,
                    Where = Chance(60) ? Filter(type.Name, 2) : null,
                });
        foreach (var link in Links)
            for (var i = Chance(85) ? 1 + _random.Next(2) : 0; i > 0; i--)
                grants.Add(new Grant(link.Name, Rights.Read, (Sensitivity)_random.Next(4)) { Where = Chance(40) ? new Filter.Compare("w", Comparison.GreaterOrEqual, _random.Next(4)) : null });
        return new Role(name, L, grants.ToImmutable());
    }

    private Filter Filter(string type, int depth)
    {
        var ends = Ends(type).ToArray();
        switch (_random.Next(depth > 0 ? 8 : 4))
        {
            case 4:
                return new Filter.And([Filter(type, depth - 1), Filter(type, depth - 1)]);
            case 5:
                return new Filter.Or([Filter(type, depth - 1), Filter(type, depth - 1)]);
            case 6:
                return new Filter.Not(Filter(type, depth - 1));
            case 7 when ends.Length > 0:
                var end = Pick(ends);
                return new Filter.Through(end.Name, (Quantifier)_random.Next(3), Chance(70) ? Filter(end.Far[0], depth - 1) : null)
                {
                    Link = Chance(30) ? Compare("w", 2) : null,
                    During = Chance(40) ? Days() : null,
                };
            default:
                var (name, kind) = ((string, int)[])[("t1", 0), ("t2", 0), ("h1", 0), ("b1", 1), ("n1", 2)] is var all ? Pick(all) : default;
                return Compare(name, kind);
        }
    }

    private Filter.Compare Compare(string field, int kind)
    {
        var how = kind switch
        {
            0 => (Comparison)_random.Next(11),
            1 => (Comparison)_random.Next(2),
            _ => (Comparison)_random.Next(8),
        };
        if (how is Comparison.In or Comparison.NotIn)
            return new(field, how, ImmutableArray.Create(Value(kind), Chance(20) ? null! : Value(kind)));
        return new(field, how, how is Comparison.Equal or Comparison.NotEqual && Chance(20) ? null : Value(kind));
    }

    private object Value(int kind) => kind switch
    {
        0 => Pick(Texts),
        1 => Chance(50),
        _ => _random.Next(5),
    };

    private Values Some(ImmutableArray<FieldDescription> fields, bool dated)
    {
        var values = Values.None;
        foreach (var field in fields)
            if (Chance(70))
                values = values.With(field.Name, Value(field.Type.Shape switch { Shape.Text => 0, Shape.Boolean => 1, _ => 2 }));
        if (!dated)
            return values;
        var days = Days();
        return values.With("validFrom", days.From).With("validTo", days.To);
    }

    private Period Days() => new(Chance(30) ? null : Day(), Chance(40) ? null : Day());

    private DateOnly Day() => new DateOnly(2026, 1, 1).AddDays(_random.Next(10));

    private IEnumerable<(string Name, ImmutableArray<string> Far)> Ends(string type)
    {
        foreach (var link in Links)
        {
            if (link.Source.Types.Contains(type))
                yield return (link.Source.Name, link.Target.Types);
            if (!link.IsSymmetric && link.Target.Types.Contains(type))
                yield return (link.Target.Name, link.Source.Types);
        }
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
}
