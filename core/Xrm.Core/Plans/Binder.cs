using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Makes filters of the sdk into predicates: names resolved against a model, values put in their canonical form, days known.</summary>
/// <param name="model">The model whose names the filters use.</param>
/// <param name="today">Asked of relationships where the filter says no other day.</param>
internal sealed class Binder(CompiledModel model, DateOnly today)
{
    /// <summary>The one day that is today.</summary>
    public Period Today { get; } = today < DateOnly.MaxValue ? new(today, today.AddDays(1)) : new(today, null);

    /// <summary>Binds a filter on a type.</summary>
    /// <param name="during">The days of the question around it; null = today.</param>
    /// <exception cref="Problem">Invalid: every name that the type does not have and every value of the wrong kind.</exception>
    public Predicate Bind(Filter filter, RecordType type, Period? during)
    {
        var faults = new List<Fault>();
        var predicate = Bind(filter, type, during, faults);
        return faults.Count == 0 ? predicate : throw new Problem(faults);
    }

    /// <summary>Binds a filter and notes what is wrong with it instead of throwing.</summary>
    public Predicate Bind(Filter filter, RecordType type, Period? during, List<Fault> faults) => Bind(filter, [type], during ?? Today, "", faults);

    private Predicate Bind(Filter filter, ImmutableArray<RecordType> types, Period during, string path, List<Fault> faults)
    {
        switch (filter)
        {
            case Filter.And and:
                return new Predicate.And([.. and.Filters.Select(f => Bind(f, types, during, path, faults))]);
            case Filter.Or or:
                return new Predicate.Or([.. or.Filters.Select(f => Bind(f, types, during, path, faults))]);
            case Filter.Not not:
                return new Predicate.Not(Bind(not.Filter, types, during, path, faults));
            case Filter.OfType ofType:
                return OfType(ofType, path, faults);
            case Filter.Compare compare:
                return Each(types, compare.Field, path, faults,
                    type => type.ByName.GetValueOrDefault(compare.Field),
                    field => Compare(compare, field, path, faults),
                    Constant(OnNull(compare.How, compare.Value is null, HasNull(compare.Value))));
            case Filter.Through through:
                return Each(types, through.End, path, faults,
                    type => (type as ModelType)?.EndsByName.GetValueOrDefault(through.End),
                    end => Through(through, end, during, path, faults),
                    Constant(through.How != Quantifier.Some));
            default:
                throw new ArgumentOutOfRangeException(nameof(filter));
        }
    }

    /// <summary>Binds a name on each of several types; types that do not have it answer as if they had nothing there, a name that none has is a fault.</summary>
    private static Predicate Each<T>(ImmutableArray<RecordType> types, string name, string path, List<Fault> faults, Func<RecordType, T?> find, Func<T, Predicate> bind, Predicate missing) where T : class
    {
        if (types.Length == 1 && find(types[0]) is { } only)
            return bind(only);
        var parts = ImmutableArray.CreateBuilder<Predicate>();
        var bound = new Dictionary<T, Predicate>();
        foreach (var type in types)
        {
            var predicate = missing;
            if (find(type) is { } found && !bound.TryGetValue(found, out predicate))
                bound.Add(found, predicate = bind(found));
            parts.Add(new Predicate.And([new Predicate.OfType([type.Ordinal]), predicate!]));
        }
        if (bound.Count == 0)
        {
            var names = string.Join(", ", types.Select(t => t.Name));
            faults.Add(Fault(path + name, "unknown", $"{names} n'a pas de champ {name}.", $"{names} has no field {name}."));
        }
        return new Predicate.Or(parts.ToImmutable());
    }

    private Predicate.OfType OfType(Filter.OfType filter, string path, List<Fault> faults)
    {
        var ordinals = ImmutableArray.CreateBuilder<int>();
        foreach (var name in filter.Types)
            if (model.ByName.TryGetValue(name, out var type))
                ordinals.Add(type.Ordinal);
            else
                faults.Add(Fault(path + name, "unknown", $"Le type {name} n'existe pas.", $"There is no type {name}."));
        return new Predicate.OfType(ordinals.ToImmutable());
    }

    private Predicate.Through Through(Filter.Through filter, ModelEnd end, Period around, string path, List<Fault> faults)
    {
        var during = filter.During ?? around;
        var inside = $"{path}{end.Name}.";
        return new Predicate.Through(end, filter.How,
            filter.Link is null ? null : Bind(filter.Link, [end.Relationship], during, inside, faults),
            filter.Node is null ? null : Bind(filter.Node, ImmutableArray<RecordType>.CastUp(end.Far), during, inside, faults),
            during);
    }

    private static Predicate Compare(Filter.Compare filter, ModelField field, string path, List<Fault> faults)
    {
        if (field.Description.IsComputed)
        {
            faults.Add(Fault(path + field.Name, "comparison", $"Le champ {field.Name} est calculé : il ne se compare pas.", $"The field {field.Name} is computed: it cannot be compared."));
            return Predicate.False;
        }
        if (filter.How is Comparison.In or Comparison.NotIn)
        {
            if (filter.Value is not ImmutableArray<object> { IsDefault: false } values)
            {
                faults.Add(Fault(path + field.Name, "shape", "Une liste de valeurs est attendue.", "A list of values is expected."));
                return Predicate.False;
            }
            return new Predicate.Compare(field, filter.How, [.. values.Select(v => Operand(field, v, path, faults))]);
        }
        if (filter.How is Comparison.Contains or Comparison.StartsWith or Comparison.EndsWith && (field.Shape != Shape.Text || field.IsMany || field.Builtin == Builtin.Id)
            || filter.How is Comparison.Greater or Comparison.GreaterOrEqual or Comparison.Less or Comparison.LessOrEqual && (field.Shape == Shape.Json || field.IsMany))
        {
            faults.Add(Fault(path + field.Name, "comparison", $"Le champ {field.Name} ne se compare pas ainsi ({filter.How}).", $"The field {field.Name} cannot be compared so ({filter.How})."));
            return Predicate.False;
        }
        if (filter.Value is null && filter.How is not (Comparison.Equal or Comparison.NotEqual))
            return Predicate.False;
        return new Predicate.Compare(field, filter.How, [Operand(field, filter.Value, path, faults)]);
    }

    private static Operand Operand(ModelField field, object? value, string path, List<Fault> faults)
    {
        switch (value)
        {
            case null:
                return Plans.Operand.Null;
            case EntityId id when field.Builtin == Builtin.Id:
                return new(id, JsonValue.Quote(id.ToString()));
            case ImmutableArray<object> { IsDefault: false } many when field.IsMany:
                return new(value, JsonValue.Write(field.Shape, Conformed(many), many: true));
            default:
                if (field.Builtin != Builtin.Id && !field.IsMany && ShapeValues.Conform(field.Shape, ref value))
                    return new(value, JsonValue.Write(field.Shape, value));
                break;
        }
        faults.Add(Wrong(field));
        return Plans.Operand.Null;

        Fault Wrong(ModelField wrong)
        {
            var expected = wrong.Builtin == Builtin.Id ? Label.Of("un identifiant", "an id") : wrong.IsMany ? Label.Of("une liste de valeurs", "a list of values") : ShapeValues.Named(wrong.Shape);
            return Fault(path + wrong.Name, "shape", $"Le champ {wrong.Name} se compare à {expected.Fr}.", $"The field {wrong.Name} is compared with {expected.En}.");
        }

        ImmutableArray<object> Conformed(ImmutableArray<object> items)
        {
            var all = items.ToArray();
            for (var i = 0; i < all.Length; i++)
                if (all[i] is null || !ShapeValues.Conform(field.Shape, ref all[i]))
                {
                    faults.Add(Wrong(field));
                    return [];
                }
            return [.. all];
        }
    }

    /// <summary>What a comparison answers for a thing without value.</summary>
    /// <param name="isNull">Whether it is compared with no value.</param>
    /// <param name="hasNull">Whether no value is among those compared with.</param>
    private static bool OnNull(Comparison how, bool isNull, bool hasNull) => how switch
    {
        Comparison.Equal => isNull,
        Comparison.NotEqual => !isNull,
        Comparison.In => hasNull,
        Comparison.NotIn => !hasNull,
        _ => false,
    };

    /// <summary>What a comparison answers for a thing without value.</summary>
    public static bool OnNull(Predicate.Compare compare) =>
        OnNull(compare.How, compare.Operands is [{ Value: null }], compare.Operands.Any(o => o.Value is null));

    private static bool HasNull(object? value) => value is ImmutableArray<object> { IsDefault: false } values && values.Any(v => v is null);

    private static Predicate Constant(bool value) => value ? Predicate.True : Predicate.False;

    private static Fault Fault(string field, string rule, string fr, string en) => new(ProblemCode.Invalid, Label.Of(fr, en), field, rule);
}
