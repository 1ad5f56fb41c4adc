using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>An end of a kind of link as a property of the things there.</summary>
/// <param name="Here">The end itself.</param>
/// <param name="There">The end that it leads to.</param>
internal sealed record PlainEnd(RelationshipTypeDescription Link, EndDescription Here, EndDescription There, bool IsSource);

/// <summary>A model of a few types of all shapes, with links of all cardinalities, and two roles with rules on things and fields.</summary>
internal sealed class RandomModel
{
    public static readonly string[] Roles = ["one", "two"];
    private static readonly Label L = Label.Of("libellé", "label");
    private static readonly ImmutableArray<Option> Colours = [new("RED", L), new("GREEN_LEAF", L), new("BLUE", L)];
    private readonly Dice _dice;

    public RandomModel(Dice dice)
    {
        _dice = dice;
        Types = [.. Enumerable.Range(0, 2 + dice.Below(3)).Select(i => Type("Alpha Beta Gamma Delta".Split(' ')[i]))];
        Links = [.. Enumerable.Range(0, 2 + dice.Below(4)).Select(Link)];
        Description = new ModelDescription("world") { EntityTypes = Types, RelationshipTypes = Links, Roles = [.. Roles.Select(Role)] };
    }

    public ModelDescription Description { get; }
    public ImmutableArray<EntityTypeDescription> Types { get; }
    public ImmutableArray<RelationshipTypeDescription> Links { get; }

    /// <summary>The ends at which things of a type may stand; both sides of a symmetric link are one.</summary>
    public IEnumerable<PlainEnd> Ends(string type)
    {
        foreach (var link in Links)
        {
            if (link.Source.Types.Contains(type))
                yield return new(link, link.Source, link.Target, true);
            if (!link.IsSymmetric && link.Target.Types.Contains(type))
                yield return new(link, link.Target, link.Source, false);
        }
    }

    /// <summary>For whoever reads of a failure.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var type in Types)
            text.AppendLine(CultureInfo.InvariantCulture, $"{type.Name}{(type.IsDated ? " dated" : "")} ({string.Join(", ", type.Fields.Select(f => $"{f.Name} {f.Type.Name} {f.Sensitivity}{(f.IsUnique ? " unique" : "")}{(f.IsHidden ? " hidden" : "")}"))}) keys {string.Join(", ", type.Keys.Select(k => string.Join('+', k)))}");
        foreach (var link in Links)
            text.AppendLine(CultureInfo.InvariantCulture, $"{link.Name}{(link.IsDated ? " dated" : "")}{(link.IsSymmetric ? " symmetric" : "")}: {Told(link.Source)} -> {Told(link.Target)}");
        foreach (var role in Description.Roles)
            foreach (var grant in role.Grants)
                text.AppendLine(CultureInfo.InvariantCulture, $"{role.Name}: {grant.Type} up to {grant.UpTo}, fields {(grant.Fields is { } fields ? string.Join(' ', fields) : "all")}, where {grant.Where}");
        return text.ToString();

        static string Told(EndDescription end) => $"{string.Join('|', end.Types)}.{end.Name}{(end.IsToOne ? " to-one" : "")}";
    }

    private EntityTypeDescription Type(string name) => new(name, L)
    {
        IsDated = _dice.Chance(40),
        DisplayFields = ["t1", "n1"],
        Keys = _dice.Chance(40) ? [["t1", "n1"]] : [],
        Fields =
        [
            Field("t1", new TextType()),
            Field("n1", new IntegerType()),
            .. _dice.Some<FieldDescription>(
            [
                Field("u1", new TextType()) with { IsUnique = true },
                Field("t2", new LongTextType()),
                Field("n2", new IntegerType()),
                Field("m1", new MoneyType()),
                Field("m2", new DecimalType()),
                Field("b1", new BooleanType()),
                Field("d1", new DateType()),
                Field("i1", new DateTimeType()),
                Field("s1", new DurationType()),
                Field("c1", new OptionsType(Colours)),
                Field("k1", new TextType()) with { IsMany = true },
                Field("j1", new JsonType()),
                Field("h1", new TextType()) with { IsHidden = true },
            ], 55),
        ],
    };

    private FieldDescription Field(string name, FieldType type) => new(name, type, L) { Sensitivity = (Sensitivity)_dice.Below(4) };

    private RelationshipTypeDescription Link(int number)
    {
        var isSymmetric = _dice.Chance(20);
        ImmutableArray<string> sources = !isSymmetric && _dice.Chance(15) ? [.. Types.Take(2).Select(t => t.Name)] : [_dice.Pick(Types).Name];
        ImmutableArray<string> targets = isSymmetric ? sources : _dice.Chance(30) ? [.. Types.Select(t => t.Name)] : [_dice.Pick(Types).Name];
        var isToOne = _dice.Chance(35);
        var end = new EndDescription { Label = L, OnDelete = Then.Delete };
        return new RelationshipTypeDescription("Link" + number, L, L)
        {
            IsDated = _dice.Chance(50),
            IsSymmetric = isSymmetric,
            Source = end with { Types = sources, Name = "out" + number, IsToOne = isToOne },
            Target = end with { Types = targets, Name = isSymmetric ? "out" + number : "in" + number, IsToOne = isSymmetric ? isToOne : _dice.Chance(25) },
            Fields = [.. _dice.Some<FieldDescription>([Field("w", new IntegerType()), Field("note", new TextType())], 60)],
        };
    }

    private Role Role(string name)
    {
        var grants = ImmutableArray.CreateBuilder<Grant>();
        foreach (var type in Types)
            for (var i = _dice.Chance(85) ? 1 + _dice.Below(2) : 0; i > 0; i--)
                grants.Add(new Grant(type.Name, Rights.Read, (Sensitivity)_dice.Below(4))
                {
                    Fields = _dice.Chance(30) ? [.. _dice.Some(type.Fields.Select(f => f.Name), 50)] : null,
                    Where = _dice.Chance(60) ? Rule(type.Name) : null,
                });
        foreach (var link in Links)
            for (var i = _dice.Chance(85) ? 1 + _dice.Below(2) : 0; i > 0; i--)
                grants.Add(new Grant(link.Name, Rights.Read, (Sensitivity)_dice.Below(4))
                {
                    Where = link.Fields.Any(f => f.Name == "w") && _dice.Chance(40) ? new Filter.Compare("w", Comparison.GreaterOrEqual, _dice.Below(4)) : null,
                });
        return new Role(name, L, grants.ToImmutable());
    }

    private Filter Rule(string type)
    {
        var ends = Ends(type).ToArray();
        return _dice.Below(ends.Length > 0 ? 4 : 3) switch
        {
            0 => new Filter.Compare("n1", Comparison.GreaterOrEqual, _dice.Below(4)),
            1 => new Filter.Not(new Filter.Compare("n1", Comparison.Equal, _dice.Below(4))),
            2 => new Filter.Or([new Filter.Compare("t1", Comparison.StartsWith, _dice.Pick(RandomValues.Texts)), new Filter.Compare("n1", Comparison.Less, _dice.Below(3))]),
            _ => new Filter.Through(_dice.Pick(ends).Here.Name, (Quantifier)_dice.Below(3), _dice.Chance(70) ? new Filter.Compare("n1", Comparison.GreaterOrEqual, _dice.Below(4)) : null),
        };
    }
}
