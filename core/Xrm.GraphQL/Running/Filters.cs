using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.GraphQL.Documents;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Turns filter inputs into filters of the sdk. Every day that a filter leaves out is written into it here: the enclosing <c>at</c>, else today.</summary>
internal sealed class Filters(DateOnly today)
{
    private static readonly string[] LinkOwn = ["node", "at", "during"];

    /// <param name="types">What is asked: one type, or several of which only what they have in common can be asked.</param>
    /// <param name="at">The enclosing <c>at</c>; null = none.</param>
    /// <exception cref="Problem">Invalid: a malformed id, or both at and during.</exception>
    public Filter Read(InputObject input, ImmutableArray<ModelType> types, DateOnly? at)
    {
        var parts = ImmutableArray.CreateBuilder<Filter>();
        foreach (var (name, value) in input.Fields)
            if (value is not null)
                parts.Add(Part(name, value, types, at));
        return parts.Count == 1 ? parts[0] : new Filter.And(parts.ToImmutable());
    }

    /// <summary>The days that an <c>at</c> and a <c>during</c> stand for, and the <c>at</c> for what lies within.</summary>
    /// <exception cref="Problem">Invalid: both are given.</exception>
    public static (Period? During, DateOnly? At) Days(object? at, object? during, DateOnly? enclosing)
    {
        if (at is not null && during is not null)
            throw new Problem(ProblemCode.Invalid, Label.Of("Donnez « at » ou « during », pas les deux.", "Give either \"at\" or \"during\", not both."), "during", "period");
        return (at, during) switch
        {
            (DateOnly day, _) => (Day(day), day),
            (_, InputObject period) => (new Period((DateOnly?)period["from"], (DateOnly?)period["to"]), enclosing),
            _ => (null, enclosing),
        };
    }

    /// <summary>A day as a period.</summary>
    public static Period Day(DateOnly day) => new(day, day == DateOnly.MaxValue ? null : day.AddDays(1));

    /// <summary>The id of a text.</summary>
    /// <exception cref="Problem">Invalid: it is no UUID.</exception>
    public static EntityId Id(object? text, string argument = "id")
    {
        if (EntityId.TryParse(text as string, out var id))
            return id;
        var shown = text?.ToString() is { Length: > 60 } many ? many[..60] + "…" : text;
        throw new Problem(ProblemCode.Invalid, Label.Of($"« {shown} » n'est pas un identifiant (UUID).", $"\"{shown}\" is not an id (UUID)."), argument, "id");
    }

    private Filter Part(string name, object value, ImmutableArray<ModelType> types, DateOnly? at)
    {
        switch (name)
        {
            case "and":
                return new Filter.And([.. Inner(value)]);
            case "or":
                return new Filter.Or([.. Inner(value)]);
            case "not":
                return new Filter.Not(Read((InputObject)value, types, at));
            case "type" when types.Length > 1:
                return OfType((InputObject)value);
        }
        if (types.Length == 1 && types[0].EndsByName.TryGetValue(name, out var end))
            return end.IsToOne
                ? new Filter.Through(name, Quantifier.Some, Read((InputObject)value, end.Far, at)) { During = Day(at ?? today) }
                : Through(end, (InputObject)value, at);
        return Compare(name, (InputObject)value);

        IEnumerable<Filter> Inner(object list) => ((object?[])list).Select(f => Read((InputObject)f!, types, at));
    }

    private Filter.And Through(ModelEnd end, InputObject input, DateOnly? at)
    {
        var parts = ImmutableArray.CreateBuilder<Filter>();
        foreach (var (name, value) in input.Fields)
        {
            if (value is not InputObject link)
                continue;
            var (during, within) = Days(link["at"], link["during"], at);
            var own = ImmutableArray.CreateBuilder<Filter>();
            foreach (var (field, comparison) in link.Fields)
                if (comparison is InputObject asked && !LinkOwn.Contains(field))
                    own.Add(Compare(field, asked));
            parts.Add(new Filter.Through(end.Name,
                name switch { "some" => Quantifier.Some, "none" => Quantifier.None, _ => Quantifier.All },
                link["node"] is InputObject node ? Read(node, end.Far, within) : null)
            {
                Link = own.Count == 0 ? null : new Filter.And(own.ToImmutable()),
                During = during ?? Day(within ?? today),
            });
        }
        return new(parts.ToImmutable());
    }

    private static Filter.And Compare(string field, InputObject comparison)
    {
        var parts = ImmutableArray.CreateBuilder<Filter>();
        foreach (var (how, value) in comparison.Fields)
        {
            // Only eq and neq ask for "no value" with null; elsewhere null counts as not given.
            if (value is null && how is not ("eq" or "neq"))
                continue;
            parts.Add(new Filter.Compare(field, How(how), value switch
            {
                object?[] values => values.Select(v => Value(field, v)!).ToImmutableArray(),
                _ => Value(field, value),
            }));
        }
        return new(parts.ToImmutable());
    }

    private static object? Value(string field, object? value) => field == "id" && value is string ? Id(value, "where.id") : value;

    /// <remarks>Whatever is there has a type: none at all is asked for by an eq of null.</remarks>
    private static Filter.And OfType(InputObject comparison)
    {
        var parts = ImmutableArray.CreateBuilder<Filter>();
        foreach (var (how, value) in comparison.Fields)
            if (how == "eq")
                parts.Add(new Filter.OfType(value is string one ? [one] : []));
            else if (value is object?[] some)
                parts.Add(new Filter.OfType([.. some.Select(t => (string)t!)]));
        return new(parts.ToImmutable());
    }

    private static Comparison How(string name) => name switch
    {
        "eq" => Comparison.Equal,
        "neq" => Comparison.NotEqual,
        "in" => Comparison.In,
        "nin" => Comparison.NotIn,
        "gt" => Comparison.Greater,
        "gte" => Comparison.GreaterOrEqual,
        "lt" => Comparison.Less,
        "lte" => Comparison.LessOrEqual,
        "contains" => Comparison.Contains,
        "startsWith" => Comparison.StartsWith,
        "endsWith" => Comparison.EndsWith,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
