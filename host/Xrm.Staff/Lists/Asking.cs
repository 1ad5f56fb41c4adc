using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Lists;

/// <summary>How a field is asked.</summary>
internal enum Asked
{
    Contains, StartsWith, EndsWith, Is, IsNot, OneOf, Less, LessOrEqual, Greater, GreaterOrEqual, Yes, No, Filled, Empty,
}

/// <summary>Which questions a field answers, in the words of its kind.</summary>
internal static class Asking
{
    private static readonly ImmutableArray<Asked> OfText = [Asked.Contains, Asked.StartsWith, Asked.EndsWith, Asked.Is, Asked.IsNot, Asked.Filled, Asked.Empty];
    private static readonly ImmutableArray<Asked> OfChoice = [Asked.Is, Asked.OneOf, Asked.IsNot, Asked.Filled, Asked.Empty];
    private static readonly ImmutableArray<Asked> OfOrdered = [Asked.Is, Asked.GreaterOrEqual, Asked.LessOrEqual, Asked.Greater, Asked.Less, Asked.IsNot, Asked.Filled, Asked.Empty];
    private static readonly ImmutableArray<Asked> OfBoolean = [Asked.Yes, Asked.No, Asked.Filled, Asked.Empty];

    private static readonly ImmutableArray<(Asked How, string Code)> Codes =
    [
        (Asked.Contains, "contains"), (Asked.StartsWith, "starts"), (Asked.EndsWith, "ends"), (Asked.Is, "is"), (Asked.IsNot, "not"), (Asked.OneOf, "in"), (Asked.Less, "lt"),
        (Asked.LessOrEqual, "lte"), (Asked.Greater, "gt"), (Asked.GreaterOrEqual, "gte"), (Asked.Yes, "yes"), (Asked.No, "no"), (Asked.Filled, "filled"), (Asked.Empty, "empty"),
    ];

    /// <summary>What can be asked of a field, what is asked most first.</summary>
    public static ImmutableArray<Asked> Of(StaffModel model, ModelField field) =>
        IsChoice(model, field) ? OfChoice
        : field.Shape switch { Shape.Text => OfText, Shape.Boolean => OfBoolean, _ => OfOrdered };

    /// <summary>Whether the field has a list of values.</summary>
    public static bool IsChoice(StaffModel model, ModelField field) => !model.Options(field).IsEmpty;

    /// <summary>Whether a value belongs to the question.</summary>
    public static bool HasValue(Asked how) => how is not (Asked.Yes or Asked.No or Asked.Filled or Asked.Empty);

    /// <summary>As it stands in addresses.</summary>
    public static string Code(Asked how) => Codes.First(c => c.How == how).Code;

    /// <summary>Null when no question is called so.</summary>
    public static Asked? Named(string code) => Codes.FirstOrDefault(c => c.Code == code) is { Code: not null } found ? found.How : null;

    public static Filter Filter(Condition.OfField asked) => asked.How switch
    {
        Asked.OneOf => new Filter.Compare(asked.Field, Comparison.In, asked.Values),
        Asked.Yes => new Filter.Compare(asked.Field, Comparison.Equal, true),
        Asked.No => new Filter.Compare(asked.Field, Comparison.Equal, false),
        Asked.Filled => new Filter.Compare(asked.Field, Comparison.NotEqual, null),
        Asked.Empty => new Filter.Compare(asked.Field, Comparison.Equal, null),
        _ => new Filter.Compare(asked.Field, asked.How switch
        {
            Asked.Contains => Comparison.Contains,
            Asked.StartsWith => Comparison.StartsWith,
            Asked.EndsWith => Comparison.EndsWith,
            Asked.Is => Comparison.Equal,
            Asked.IsNot => Comparison.NotEqual,
            Asked.Less => Comparison.Less,
            Asked.LessOrEqual => Comparison.LessOrEqual,
            Asked.Greater => Comparison.Greater,
            _ => Comparison.GreaterOrEqual,
        }, Bound(asked)),
    };

    // People say the last day that is true; kept is the first that is not.
    private static object Bound(Condition.OfField asked) => asked is { Field: "validTo", Values: [DateOnly day] } ? day.AddDays(1) : asked.Values[0];

    /// <summary>The question in words, without the value: <c>contient</c>, <c>à partir du</c>.</summary>
    public static Label Words(StaffModel model, ModelField field, Asked how) => (how, field.Shape) switch
    {
        (Asked.Is, Shape.Date) => Label.Of("est le", "is on"),
        (Asked.Is, Shape.DateTime) => Label.Of("est exactement le", "is exactly"),
        (Asked.IsNot, Shape.Date or Shape.DateTime) => Label.Of("n'est pas le", "is not on"),
        (Asked.Less, Shape.Date or Shape.DateTime) => Label.Of("avant le", "before"),
        (Asked.LessOrEqual, Shape.Date or Shape.DateTime) => Label.Of("jusqu'au", "until"),
        (Asked.Greater, Shape.Date or Shape.DateTime) => Label.Of("après le", "after"),
        (Asked.GreaterOrEqual, Shape.Date or Shape.DateTime) => Label.Of("à partir du", "from"),
        (Asked.Is, Shape.Text) when !IsChoice(model, field) => Label.Of("est exactement", "is exactly"),
        (Asked.Is, _) => Label.Of("est", "is"),
        (Asked.IsNot, _) => Label.Of("n'est pas", "is not"),
        (Asked.OneOf, _) => Label.Of("est l'un de", "is one of"),
        (Asked.Contains, _) => Label.Of("contient", "contains"),
        (Asked.StartsWith, _) => Label.Of("commence par", "begins with"),
        (Asked.EndsWith, _) => Label.Of("finit par", "ends with"),
        (Asked.Less, _) => Label.Of("est moins de", "is less than"),
        (Asked.LessOrEqual, _) => Label.Of("est au plus", "is at most"),
        (Asked.Greater, _) => Label.Of("est plus de", "is more than"),
        (Asked.GreaterOrEqual, _) => Label.Of("est au moins", "is at least"),
        (Asked.Yes, _) => Label.Of("est oui", "is yes"),
        (Asked.No, _) => Label.Of("est non", "is no"),
        (Asked.Filled, _) => Label.Of("est renseigné", "is filled in"),
        _ => Label.Of("est vide", "is empty"),
    };
}
