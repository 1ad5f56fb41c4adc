using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Few different values of each shape, so that questions meet them.</summary>
internal static class RandomValues
{
    public static readonly string[] Texts = ["Élan", "elan", "ELAN", "Zed", "abc", "a-b", "l'eau", "x", "œuf", "say \"a\\b\"", "日本", "elan vital"];
    private static readonly DateOnly Start = new(2026, 1, 1);

    public static DateOnly Day(Dice dice) => Start.AddDays(dice.Below(10));

    public static Period Days(Dice dice) => new(dice.Chance(30) ? null : Day(dice), dice.Chance(40) ? null : Day(dice));

    /// <summary>In the CLR form of the field's shape.</summary>
    public static object Of(FieldDescription field, Dice dice)
    {
        if (field.IsUnique)
            return "key " + dice.Below(40);
        if (!field.Type.Options.IsEmpty)
            return dice.Pick(field.Type.Options).Name;
        return field.IsMany ? ImmutableArray.CreateRange(Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => Of(field.Type.Shape, dice))) : Of(field.Type.Shape, dice);
    }

    public static object Of(Shape shape, Dice dice) => shape switch
    {
        Shape.Text => dice.Pick(Texts),
        Shape.Boolean => dice.Chance(50),
        Shape.Integer => dice.Below(6) - 1,
        Shape.Decimal => dice.Pick<decimal>([0m, 1.5m, -2m, 12.25m, 12.3m]),
        Shape.Date => Day(dice),
        Shape.DateTime => new DateTimeOffset(2026, 1, 1 + dice.Below(5), 12, 30, 0, dice.Below(2) * 250, TimeSpan.Zero),
        Shape.Duration => TimeSpan.FromMinutes(dice.Below(4) * 45),
        _ => JsonSerializer.SerializeToElement(new { a = dice.Below(3), b = new object?[] { dice.Pick(Texts), null } }),
    };

    public static Values Some(ImmutableArray<FieldDescription> fields, bool isDated, Dice dice)
    {
        var values = Values.None;
        foreach (var field in fields)
            if (dice.Chance(70))
                values = values.With(field.Name, Of(field, dice));
        if (!isDated)
            return values;
        var days = Days(dice);
        return values.With("validFrom", days.From).With("validTo", days.To);
    }
}
