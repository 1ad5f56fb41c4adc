using System.Collections.Immutable;
using System.Text.Json;
using GraphQL.Types;
using GraphQLParser.AST;
using Xrm.Sdk;

namespace Xrm.GraphQL.Documents;

/// <summary>Where a variable's value goes.</summary>
internal sealed record Hole(string Variable);

/// <summary>An input object: its fields in the order given; what was not given is not in it.</summary>
internal sealed record InputObject(ImmutableArray<KeyValuePair<string, object?>> Fields)
{
    /// <summary>A field's value; null when it is null or was not given.</summary>
    public object? this[string name]
    {
        get
        {
            foreach (var field in Fields)
                if (field.Key == name)
                    return field.Value;
            return null;
        }
    }
}

/// <summary>Reads inputs by the schema's types into plain values: string, bool, int, decimal, DateOnly, DateTimeOffset, TimeSpan, JsonElement, <see cref="InputObject"/>, arrays of objects, null.</summary>
internal static class Inputs
{
    /// <summary>Stands for a field or variable that was not given.</summary>
    public static readonly object Missing = new();

    /// <summary>A literal that was validated before; variables become holes.</summary>
    public static object? Read(IGraphType type, GraphQLValue value)
    {
        if (value is GraphQLVariable variable)
            return new Hole((string)variable.Name.Value);
        if (value is GraphQLNullValue)
            return null;
        switch (type)
        {
            case NonNullGraphType some:
                return Read(some.ResolvedType!, value);
            case ListGraphType list:
                return value is GraphQLListValue items
                    ? (items.Values ?? []).Select(v => Read(list.ResolvedType!, v)).ToArray()
                    : new[] { Read(list.ResolvedType!, value) };
            case IInputObjectGraphType input:
                var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, object?>>();
                foreach (var field in ((GraphQLObjectValue)value).Fields ?? [])
                {
                    var definition = input.GetField(field.Name.Value)!;
                    fields.Add(new(definition.Name, Read(definition.ResolvedType!, field.Value)));
                }
                return new InputObject(fields.ToImmutable());
            default:
                var leaf = ((ScalarGraphType)type).ParseLiteral(value);
                return type is IdGraphType ? leaf?.ToString() : leaf;
        }
    }

    /// <summary>A value given as JSON. What is wrong is added to the faults.</summary>
    /// <param name="path">What people call the place: <c>$input</c>, <c>edits[2].values</c>.</param>
    public static object? Read(IGraphType type, JsonElement json, string path, List<Fault> faults) => Read(type, json, new Place(path), faults);

    private static object? Read(IGraphType type, JsonElement json, Place place, List<Fault> faults)
    {
        if (type is NonNullGraphType some)
        {
            if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
                return Wrong(place, "une valeur est obligatoire", "a value is required", "required", faults);
            type = some.ResolvedType!;
        }
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return null;
        switch (type)
        {
            case ListGraphType list when json.ValueKind == JsonValueKind.Array:
                var items = new object?[json.GetArrayLength()];
                var path = place.ToString();
                var at = 0;
                foreach (var item in json.EnumerateArray())
                    items[at] = Read(list.ResolvedType!, item, new Place(path, Item: at++), faults);
                return items;
            case ListGraphType list:
                return new[] { Read(list.ResolvedType!, json, place, faults) };
            case IInputObjectGraphType input:
                return ReadObject(input, json, place, faults);
            default:
                return ReadLeaf((ScalarGraphType)type, json, place, faults);
        }
    }

    private static object? ReadObject(IInputObjectGraphType input, JsonElement json, Place place, List<Fault> faults)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return Wrong(place, "un objet est attendu", "an object is expected", "type", faults);
        var path = place.ToString();
        var known = InputFields.Of(input);
        var next = 0;
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, object?>>(json.GetPropertyCount());
        foreach (var property in json.EnumerateObject())
            if (known.Find(property, ref next) is { } field)
                fields.Add(new(field.Name, Read(field.ResolvedType!, property.Value, new Place(path, field.Name), faults)));
            else
                Wrong(new Place(path, property.Name), $"{input.Name} n'a pas ce champ", $"{input.Name} has no such field", "unknown", faults);
        foreach (var name in known.Required)
            if (!IsGiven(fields, name))
                Wrong(new Place(path, name), "une valeur est obligatoire", "a value is required", "required", faults);
        if (input.IsOneOf && (fields.Count != 1 || fields[0].Value is null))
            Wrong(place, "il faut exactement un champ, non null", "exactly one field, not null, must be given", "oneOf", faults);
        return new InputObject(fields.DrainToImmutable());
    }

    private static bool IsGiven(ImmutableArray<KeyValuePair<string, object?>>.Builder fields, string name)
    {
        for (var i = 0; i < fields.Count; i++)
            if (fields[i].Key == name)
                return true;
        return false;
    }

    private static object? ReadLeaf(ScalarGraphType type, JsonElement json, Place place, List<Fault> faults)
    {
        try
        {
            object? plain = type is Schemas.JsonScalar ? json.Clone() : json.ValueKind switch
            {
                JsonValueKind.String => json.GetString(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number when json.TryGetInt32(out var number) => number,
                JsonValueKind.Number when type is not IntGraphType and not IdGraphType => json.GetDecimal(),
                _ => null,
            };
            if (plain is not null && type.ParseValue(plain) is { } value)
                return type is IdGraphType ? value.ToString() : value;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or OverflowException or ArgumentException)
        {
            // Told below, together with whatever else is wrong.
        }
        var shown = json.GetRawText();
        shown = shown.Length > 60 ? shown[..60] + "…" : shown;
        return Wrong(place, $"{shown} n'est pas une valeur de type {type.Name}", $"{shown} is not a value of type {type.Name}", "type", faults);
    }

    /// <summary>Puts the variables into the holes. A variable that was not given answers <see cref="Missing"/>, and its field is left out of an object.</summary>
    public static object? Fill(object? value, IReadOnlyDictionary<string, object?> variables)
    {
        switch (value)
        {
            case Hole hole:
                return variables.TryGetValue(hole.Variable, out var given) ? given : Missing;
            case InputObject input:
                var fields = input.Fields;
                ImmutableArray<KeyValuePair<string, object?>>.Builder? filled = null;
                for (var i = 0; i < fields.Length; i++)
                {
                    var field = Fill(fields[i].Value, variables);
                    if (filled is null && ReferenceEquals(field, fields[i].Value))
                        continue;
                    if (filled is null)
                    {
                        filled = ImmutableArray.CreateBuilder<KeyValuePair<string, object?>>(fields.Length);
                        filled.AddRange(fields.AsSpan(0, i));
                    }
                    if (field != Missing)
                        filled.Add(new(fields[i].Key, field));
                }
                return filled is null ? input : new InputObject(filled.ToImmutable());
            case object?[] items:
                return items.Any(HasHole) ? Filled(items, variables) : items;
            default:
                return value;
        }
    }

    private static object?[] Filled(object?[] items, IReadOnlyDictionary<string, object?> variables) =>
        [.. items.Select(i => Fill(i, variables) is var item && item == Missing ? null : item)];

    /// <summary>Whether a variable stands somewhere in it.</summary>
    public static bool HasHole(object? value) => value switch
    {
        Hole => true,
        InputObject input => input.Fields.Any(f => HasHole(f.Value)),
        object?[] items => items.Any(HasHole),
        _ => false,
    };

    private static object? Wrong(Place place, string french, string english, string rule, List<Fault> faults)
    {
        var path = place.ToString();
        faults.Add(new Fault(ProblemCode.Invalid, Label.Of($"{path} : {french}.", $"{path}: {english}."), path.TrimStart('$'), rule));
        return null;
    }

    /// <summary>A place in what was given; what people call it is put together only where something is wrong or more lies below.</summary>
    private readonly record struct Place(string Parent, string? Field = null, int Item = -1)
    {
        public override string ToString() => Field is not null ? $"{Parent}.{Field}" : Item >= 0 ? $"{Parent}[{Item}]" : Parent;
    }
}
