using System.Collections.Immutable;
using System.Globalization;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Steps as people read them. Names of the model and numbers of records stand in it, never a value: it may be logged.</summary>
internal static class StepText
{
    /// <summary>What is asked, on one line; <c>?</c> stands for each value.</summary>
    public static string Of(Predicate predicate) => predicate switch
    {
        Predicate.And { Parts: [var one] } => Of(one),
        Predicate.And { Parts.IsEmpty: true } => "true",
        Predicate.Or { Parts.IsEmpty: true } => "false",
        Predicate.Or { Parts: [var one] } => Of(one),
        Predicate.And and => string.Join(" and ", and.Parts.Select(Inner)),
        Predicate.Or or => string.Join(" or ", or.Parts.Select(Inner)),
        Predicate.Not not => "not " + Inner(not.Part),
        Predicate.Compare compare => Of(compare),
        Predicate.Through through => Of(through),
        Predicate.OfType => "type in ?",
        Predicate.Standing standing => Of(standing.Part),
        Predicate.Now now => "now " + Inner(now.Part),
        _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
    };

    public static string Of(ImmutableArray<Sort> order, bool isOfLinks) =>
        string.Join(", ", order.Select(s => s.Field.Name + (s.Descending ? " desc" : "") + (s.SeenWhen is null ? "" : " where seen")).Append(isOfLinks ? "id, relationship" : "id"));

    public static string Of(Selection selection)
    {
        var window = (selection.First, selection.Last) switch
        {
            (_, { } last) => $"last {Number(last)}",
            ({ } first, _) => $"first {Number(first)}",
            _ => "all",
        };
        return window + (selection.Offset == 0 ? "" : $" past {Number(selection.Offset)}") + (selection.After is null ? "" : " behind a cursor") + (selection.Before is null ? "" : " before a cursor");
    }

    public static string Of(Way way)
    {
        var parts = way.Parts.IsEmpty ? "" : $" [{string.Join("; ", way.Parts.Select(Of))}]";
        return way.Kind switch
        {
            WayKind.None => "nothing can be found",
            WayKind.Key => $"unique key {way.By}",
            WayKind.Ids => $"ids, {Number(way.Estimate)}",
            WayKind.Index => $"index {way.By}, {Number(way.Estimate)}",
            WayKind.Back => $"back through {way.By}{parts}, about {Number(way.Estimate)}",
            WayKind.Any => $"any of{parts}, about {Number(way.Estimate)}",
            WayKind.Order => $"kept order {way.By}, at most {Number(way.Estimate)}",
            WayKind.Kept => "kept numbers",
            _ => $"all {Number(way.Estimate)}",
        };
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Days are values too, but for the case that none is asked for.</summary>
    public static string Of(Period during) => during == Period.Always ? "all periods" : "a period";

    private static string Of(Predicate.Compare compare)
    {
        var how = compare.How switch
        {
            Comparison.Equal => "=",
            Comparison.NotEqual => "!=",
            Comparison.In => "in",
            Comparison.NotIn => "not in",
            Comparison.Greater => ">",
            Comparison.GreaterOrEqual => ">=",
            Comparison.Less => "<",
            Comparison.LessOrEqual => "<=",
            Comparison.Contains => "contains",
            Comparison.StartsWith => "startsWith",
            _ => "endsWith",
        };
        var operand = compare.How is Comparison.In or Comparison.NotIn ? $"{compare.Operands.Length} ?" : compare.Operands is [{ Json.Length: 0 }] ? "null" : "?";
        return $"{compare.Field.Name} {how} {operand}";
    }

    private static string Of(Predicate.Through through)
    {
        var asked = new List<string>();
        if (Predicate.Both(through.SeenLink, through.SeenNode) is not null)
            asked.Add("seen");
        if (through.Link is not null)
            asked.Add("link: " + Of(through.Link));
        if (through.Node is not null)
            asked.Add("node: " + Of(through.Node));
        var how = through.How switch { Quantifier.Some => "some", Quantifier.None => "none", _ => "all" };
        return $"{how} {through.End.Name}{(through.During == Period.Always ? " ever" : "")} ({string.Join("; ", asked)})";
    }

    private static string Inner(Predicate predicate) =>
        predicate is Predicate.And { Parts.Length: > 1 } or Predicate.Or { Parts.Length: > 1 } ? $"({Of(predicate)})" : Of(predicate);
}
