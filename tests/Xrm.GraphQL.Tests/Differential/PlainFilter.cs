using System.Collections;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Asks filter inputs, as the library reads them, of plain things.</summary>
internal sealed class PlainFilter(PlainData data)
{
    private static readonly string[] LinkOwn = ["node", "at", "during"];

    /// <param name="at">The enclosing day; null = none, then a filter through relationships asks for today.</param>
    public bool Holds(IDictionary<string, object?> filter, PlainThing thing, DateOnly? at) =>
        filter.Where(f => f.Value is not null).All(f => Holds(f.Key, f.Value!, thing, at));

    /// <summary>The days that at and during stand for; null = neither was given.</summary>
    public static Period? Days(DateOnly? at, object? during) =>
        at is { } day ? Day(day)
        : during is IDictionary<string, object?> period ? new Period((DateOnly?)period.Get("from"), (DateOnly?)period.Get("to"))
        : null;

    public static Period Day(DateOnly day) => new(day, day.AddDays(1));

    private bool Holds(string name, object value, PlainThing thing, DateOnly? at)
    {
        switch (name)
        {
            case "and":
                return Inner().All(f => Holds(f, thing, at));
            case "or":
                return Inner().Any(f => Holds(f, thing, at));
            case "not":
                return !Holds((IDictionary<string, object?>)value, thing, at);
        }
        var asked = (IDictionary<string, object?>)value;
        if (data.Model.Ends(thing.Type.Name).FirstOrDefault(e => e.Here.Name == name) is { } end)
            return end.Here.IsToOne
                ? data.Beyond(end, thing, Day(at ?? data.Today)).Any(p => Holds(asked, p.Node, at))
                : asked.All(q => q.Value is not IDictionary<string, object?> link || Holds(end, q.Key, link, thing, at));
        return Compares(name == "type" && thing.Values.GetValueOrDefault("type") is null ? thing.Type.Name : thing[name], asked);

        IEnumerable<IDictionary<string, object?>> Inner() => ((IEnumerable)value).Cast<IDictionary<string, object?>>();
    }

    private bool Holds(PlainEnd end, string quantifier, IDictionary<string, object?> link, PlainThing thing, DateOnly? at)
    {
        var within = (DateOnly?)link.Get("at") ?? at;
        var during = Days((DateOnly?)link.Get("at"), link.Get("during")) ?? Day(at ?? data.Today);
        var beyond = data.Beyond(end, thing, during);
        return quantifier switch { "some" => beyond.Any(Asked), "none" => !beyond.Any(Asked), _ => beyond.All(Asked) };

        bool Asked((PlainLink Link, PlainThing Node) pair) =>
            link.All(f => LinkOwn.Contains(f.Key) || f.Value is not IDictionary<string, object?> asked || Compares(pair.Link[f.Key], asked))
            && (link.Get("node") is not IDictionary<string, object?> node || Holds(node, pair.Node, within));
    }

    private static bool Compares(object? value, IDictionary<string, object?> asked) => asked.All(how => how.Key switch
    {
        "eq" => PlainComparison.Holds(value, Comparison.Equal, how.Value),
        "neq" => PlainComparison.Holds(value, Comparison.NotEqual, how.Value),
        // But for those two null counts as not given.
        _ when how.Value is null => true,
        "in" => PlainComparison.Holds(value, Comparison.In, how.Value),
        "nin" => PlainComparison.Holds(value, Comparison.NotIn, how.Value),
        "gt" => PlainComparison.Holds(value, Comparison.Greater, how.Value),
        "gte" => PlainComparison.Holds(value, Comparison.GreaterOrEqual, how.Value),
        "lt" => PlainComparison.Holds(value, Comparison.Less, how.Value),
        "lte" => PlainComparison.Holds(value, Comparison.LessOrEqual, how.Value),
        "contains" => PlainComparison.Holds(value, Comparison.Contains, how.Value),
        "startsWith" => PlainComparison.Holds(value, Comparison.StartsWith, how.Value),
        _ => PlainComparison.Holds(value, Comparison.EndsWith, how.Value),
    });
}

internal static class PlainInput
{
    public static object? Get(this IDictionary<string, object?> input, string name) => input.TryGetValue(name, out var value) ? value : null;
}
