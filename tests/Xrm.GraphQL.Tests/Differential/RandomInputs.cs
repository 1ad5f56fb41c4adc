using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GraphQL;
using GraphQL.Types;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Random values of input types as literals, some of them or parts of them as variables.</summary>
/// <param name="ids">Of things that are there.</param>
internal sealed class RandomInputs(Dice dice, IReadOnlyList<string> ids, IReadOnlyList<string> types, Dictionary<string, GivenVariable> variables)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value as the text of an argument.</summary>
    public string Argument(IGraphType type, string name)
    {
        if (!dice.Chance(25))
            return Literal(type, name, 2);
        return "$" + Variable(type, name);
    }

    /// <summary>A literal; null stands in it where it may.</summary>
    public string Literal(IGraphType type, string name, int depth) => Written(type, name, depth, isJson: false);

    private string Variable(IGraphType type, string name)
    {
        var key = "v" + variables.Count;
        variables.Add(key, new("", null, null));
        var json = Written(type, name, 1, isJson: true);
        var isRequired = type is NonNullGraphType;
        var declared = type.ToString()!;
        var standard = Written(isRequired ? ((NonNullGraphType)type).ResolvedType! : type, name, 1, isJson: false, mayVary: false);
        variables[key] = dice.Below(6) switch
        {
            0 => new(declared.TrimEnd('!'), standard, null),
            1 when isRequired => new(declared.TrimEnd('!'), standard, json),
            1 => new(declared + "!", null, json),
            2 when !isRequired => new(declared, null, "null"),
            3 when !isRequired => new(declared, null, null),
            _ => new(declared, null, json),
        };
        return key;
    }

    private string Written(IGraphType type, string name, int depth, bool isJson, bool mayVary = true)
    {
        switch (type)
        {
            case NonNullGraphType some:
                return Written(some.ResolvedType!, name, depth, isJson, mayVary);
            case ListGraphType list:
                if (dice.Chance(10))
                    return Written(list.ResolvedType!, name, depth, isJson, mayVary);
                return "[" + string.Join(", ", Enumerable.Range(0, name is "by" or "order" or "ids" ? 1 + dice.Below(2) : dice.Below(3)).Select(_ => Item(list.ResolvedType!, name, depth, isJson, mayVary))) + "]";
            case IInputObjectGraphType input:
                return Written(input, depth, isJson, mayVary);
            case EnumerationGraphType choice:
                var value = dice.Pick([.. choice.Values]).Name;
                return isJson ? $"\"{value}\"" : value;
            default:
                return Leaf(type.GetNamedType().Name, name);
        }
    }

    private string Item(IGraphType type, string name, int depth, bool isJson, bool mayVary)
    {
        if (type is not NonNullGraphType && dice.Chance(10))
            return "null";
        return mayVary && !isJson && dice.Chance(5) ? "$" + Variable(type, name) : Written(type, name, depth, isJson, mayVary);
    }

    private string Written(IInputObjectGraphType input, int depth, bool isJson, bool mayVary)
    {
        var fields = input.Fields.Where(f => depth > 0 || f.ResolvedType!.GetNamedType() is ScalarGraphType || IsComparison(f.ResolvedType!)).ToArray();
        var count = input.Name.EndsWith("Sort", StringComparison.Ordinal) ? 1 : dice.Chance(5) ? 0 : 1 + dice.Below(2);
        var chosen = Enumerable.Range(0, fields.Length == 0 ? 0 : count).Select(_ => dice.Pick(fields)).DistinctBy(f => f.Name).ToList();
        // at and during exclude each other.
        if (chosen.Any(f => f.Name == "at"))
            chosen.RemoveAll(f => f.Name == "during");
        return "{" + string.Join(", ", chosen.Select(field =>
        {
            var isNull = dice.Chance(4);
            var text = isNull ? "null"
                : mayVary && !isJson && dice.Chance(8) ? "$" + Variable(field.ResolvedType!, Context(input, field.Name))
                : Written(field.ResolvedType!, Context(input, field.Name), depth - (IsComparison(field.ResolvedType!) ? 0 : 1), isJson, mayVary);
            return (isJson ? $"\"{field.Name}\"" : field.Name) + ": " + text;
        })) + "}";
    }

    private static string Context(IInputObjectGraphType input, string field) => input.Name == "TypeFilter" ? "type" : field;

    private static bool IsComparison(IGraphType type) => type.GetNamedType() is IInputObjectGraphType input && (input.Fields.Find("eq") is not null || input.Name == "Period");

    private string Leaf(string type, string name) => type switch
    {
        "ID" => JsonSerializer.Serialize(dice.Chance(90) ? dice.Pick(ids) : dice.Id().ToString()),
        "String" => JsonSerializer.Serialize(name == "type" ? dice.Pick(types) : name.StartsWith('u') || dice.Chance(15) ? "key " + dice.Below(40) : dice.Pick(RandomValues.Texts), Plain),
        "Int" => (name is "first" or "last" or "offset" ? dice.Below(5) : dice.Below(6) - 1).ToString(CultureInfo.InvariantCulture),
        "Boolean" => dice.Chance(50) ? "true" : "false",
        "Decimal" when dice.Chance(20) => dice.Pick(["1.5", "0", "-2"]),
        _ => JsonSerializer.Serialize(PlainScalar.Told(RandomValues.Of(Enum.Parse<Xrm.Sdk.Shape>(type), dice))),
    };
}
