using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Values in the CLR form of a shape: whether they are, and which comes first.</summary>
internal static class ShapeValues
{
    /// <summary>Whether a value has the CLR form of the shape; a whole number is taken for a decimal one, moments are put in UTC and cut to the millisecond.</summary>
    public static bool Conform(Shape shape, ref object value)
    {
        switch (shape)
        {
            case Shape.Decimal when value is int whole:
                value = (decimal)whole;
                return true;
            case Shape.DateTime when value is DateTimeOffset at:
                var utc = at.ToUniversalTime();
                value = new DateTimeOffset(utc.Ticks - utc.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
                return true;
            default:
                return shape switch
                {
                    Shape.Text => value is string,
                    Shape.Boolean => value is bool,
                    Shape.Integer => value is int,
                    Shape.Decimal => value is decimal,
                    Shape.Date => value is DateOnly,
                    Shape.Duration => value is TimeSpan,
                    Shape.Json => value is JsonElement { ValueKind: not JsonValueKind.Undefined and not JsonValueKind.Null },
                    _ => false,
                };
        }
    }

    /// <summary>The same for a value of a field that may have many: an array of objects, none of them null.</summary>
    public static bool Conform(Shape shape, bool many, ref object value)
    {
        if (!many)
            return Conform(shape, ref value);
        if (value is not ImmutableArray<object> { IsDefault: false } items)
            return false;
        var all = items.ToArray();
        for (var i = 0; i < all.Length; i++)
            if (all[i] is null || !Conform(shape, ref all[i]))
                return false;
        value = all.ToImmutableArray();
        return true;
    }

    /// <summary>What people call a value of the shape.</summary>
    public static Label Named(Shape shape) => shape switch
    {
        Shape.Text => Label.Of("un texte", "a text"),
        Shape.Boolean => Label.Of("oui ou non", "yes or no"),
        Shape.Integer => Label.Of("un nombre entier de 32 bits", "a whole number of 32 bits"),
        Shape.Decimal => Label.Of("un nombre décimal", "a decimal number"),
        Shape.Date => Label.Of("un jour (AAAA-MM-JJ)", "a day (YYYY-MM-DD)"),
        Shape.DateTime => Label.Of("un instant", "a moment"),
        Shape.Duration => Label.Of("une durée", "a duration"),
        _ => Label.Of("du JSON", "JSON"),
    };

    /// <summary>Which of two values of one shape comes first; JSON has no order.</summary>
    public static int Order(Shape shape, object left, object right) => shape switch
    {
        Shape.Text => OrderText((string)left, (string)right),
        Shape.Json => throw new ArgumentOutOfRangeException(nameof(shape)),
        _ => ((IComparable)left).CompareTo(right),
    };

    /// <summary>By the bytes of the UTF-8 fold, then exactly.</summary>
    private static int OrderText(string left, string right)
    {
        var order = Bytes(TextKey.Fold(left)).SequenceCompareTo(Bytes(TextKey.Fold(right)));
        return order != 0 ? order : Bytes(left).SequenceCompareTo(Bytes(right));

        static ReadOnlySpan<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
    }

    /// <summary>A value of a field out of its canonical JSON.</summary>
    public static object Read(ModelField field, ReadOnlySpan<byte> json) => JsonValue.Read(field.Shape, json, field.IsMany);

    /// <summary>A set of fields as values by name, for fields that <paramref name="seen"/> lets through.</summary>
    public static Values Read(RecordType type, ReadOnlySpan<byte> set, Func<ModelField, bool> seen)
    {
        var pairs = new List<(string, object?)>();
        var entry = FieldSet.Each(set);
        while (entry.MoveNext())
            if (entry.Json.Length > 0 && type.ByOrdinal.TryGetValue(entry.Ordinal, out var field) && seen(field))
                pairs.Add((field.Name, Read(field, entry.Json)));
        return Values.Of([.. pairs]);
    }
}
