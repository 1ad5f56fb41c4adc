using GraphQL;
using GraphQL.Types;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Makes operations that are valid against a schema, whatever it holds: fields under their names and aliases, merged, in fragments of all kinds, skipped and included.</summary>
internal sealed class RandomOperations(ISchema schema, Dice dice, IReadOnlyList<string> ids, IReadOnlyList<string> types)
{
    /// <summary>What is answered from the log or from code, and thus by other tests.</summary>
    private static readonly string[] LeftOut = ["history", "changes", "model", "plugins", "search"];
    private static readonly string[] LeftOutArguments = ["asOf", "after", "before", "search"];
    private readonly Dictionary<string, string> _keys = [];
    private readonly List<(string Parent, Part Field)> _said = [];
    private RandomDocument _document = new();
    private RandomInputs _inputs = null!;

    public RandomDocument Make()
    {
        _document = new();
        _inputs = new(dice, ids, types, _document.Variables);
        _keys.Clear();
        _said.Clear();
        _document.Parts.AddRange(Selection(schema.Query, 4));
        return _document;
    }

    private List<Part> Selection(IComplexGraphType type, int depth)
    {
        var parts = new List<Part>();
        for (var count = 1 + dice.Below(4); count > 0; count--)
            parts.Add(dice.Below(10) switch
            {
                0 => Inline(type, depth),
                1 => Named(type, depth),
                _ => Field(type, depth),
            });
        return parts;
    }

    private Part Inline(IComplexGraphType type, int depth)
    {
        var on = dice.Chance(20) ? type : dice.Pick(Conditions(type));
        return new Part { On = ReferenceEquals(on, type) && dice.Chance(50) ? "" : on.Name, Type = on.Name, Directives = Directives(), Parts = Selection(on, depth) };
    }

    private Part Named(IComplexGraphType type, int depth)
    {
        var conditions = Conditions(type);
        var known = _document.Fragments.Where(f => conditions.Any(c => c.Name == f.Value.On)).Select(f => f.Key).ToArray();
        if (known.Length > 0 && dice.Chance(50))
            return new Part { Spread = dice.Pick(known), Directives = Directives() };
        var on = dice.Pick(conditions);
        var parts = Selection(on, Math.Min(depth, 2));
        // Named only now, so that it is not spread in itself.
        var name = "F" + _document.Fragments.Count;
        _document.Fragments.Add(name, (on.Name, parts));
        return new Part { Spread = name, Directives = Directives() };
    }

    private Part Field(IComplexGraphType type, int depth)
    {
        if (dice.Chance(6))
            return Keyed(new Part { Name = "__typename", Directives = Directives() }, "String!");
        if (dice.Chance(15) && _said.Where(s => s.Parent == type.Name).ToArray() is { Length: > 0 } said)
        {
            // The same once more, to be merged with what was wanted of it before.
            var again = dice.Pick(said).Field;
            return again with { Directives = Directives(), Parts = again.Parts is null ? null : Selection((IComplexGraphType)schema.AllTypes[again.Type]!, depth - 1) };
        }
        var isLast = depth <= 1;
        var fields = type.Fields.Where(f => !LeftOut.Contains(f.Name) && (!isLast || f.ResolvedType!.GetNamedType() is not IComplexGraphType)).ToArray();
        if (fields.Length == 0)
            return Keyed(new Part { Name = "__typename" }, "String!");
        // What leads on is chosen more often, lists most of all: leaves are many.
        var leading = fields.Where(f => f.ResolvedType!.GetNamedType() is IComplexGraphType).ToArray();
        var lists = leading.Where(f => f.Arguments?.Find("where") is not null || f.Name is "nodes" or "edges").ToArray();
        var field = dice.Pick(lists.Length > 0 && dice.Chance(50) ? lists : leading.Length > 0 && dice.Chance(40) ? leading : fields);
        var part = Keyed(new Part
        {
            Name = field.Name,
            Type = field.ResolvedType!.GetNamedType().Name,
            Arguments = Arguments(field),
            Directives = Directives(),
            Parts = field.ResolvedType!.GetNamedType() is IComplexGraphType inner ? Selection(inner, depth - 1) : null,
        }, field.ResolvedType!.ToString()!);
        _said.Add((type.Name, part));
        return part;
    }

    /// <summary>A response key stands for one field with one set of arguments and one type in the whole document, so that any two places merge.</summary>
    private Part Keyed(Part part, string returns)
    {
        var meaning = $"{part.Name}({string.Join(", ", part.Arguments)}): {returns}";
        var key = dice.Chance(75) ? part.Name! : "a" + _keys.Count;
        while (_keys.TryGetValue(key, out var other) && other != meaning)
            key = "a" + (_keys.Count + dice.Below(1000));
        _keys[key] = meaning;
        return part with { Key = key };
    }

    private List<(string, string)> Arguments(FieldType field)
    {
        var arguments = new List<(string, string)>();
        var isDated = false;
        var isBound = false;
        var isFromEnd = false;
        foreach (var argument in field.Arguments ?? [])
        {
            if (LeftOutArguments.Contains(argument.Name) || argument.ResolvedType is not NonNullGraphType && !dice.Chance(30))
                continue;
            if (argument.Name is "at" or "during" && isDated || argument.Name is "first" or "last" && isBound || argument.Name is "offset" && isFromEnd)
                continue;
            isDated |= argument.Name is "at" or "during";
            isBound |= argument.Name is "first" or "last";
            isFromEnd |= argument.Name is "last";
            arguments.Add((argument.Name, argument.ResolvedType is not NonNullGraphType && dice.Chance(3) ? "null" : _inputs.Argument(argument.ResolvedType!, argument.Name)));
        }
        return arguments;
    }

    private List<string> Directives()
    {
        if (!dice.Chance(8))
            return [];
        var name = dice.Pick(["skip", "include"]);
        if (dice.Chance(50))
            return [$"@{name}(if: {(dice.Chance(50) ? "true" : "false")})"];
        var key = "v" + _document.Variables.Count;
        _document.Variables.Add(key, dice.Chance(50) ? new("Boolean!", null, dice.Chance(50) ? "true" : "false") : new("Boolean", dice.Chance(50) ? "true" : "false", null));
        return [$"@{name}(if: ${key})"];
    }

    /// <summary>The types on which a fragment may stand here.</summary>
    private List<IComplexGraphType> Conditions(IComplexGraphType type) => type switch
    {
        IInterfaceGraphType some => [some, .. schema.AllTypes.OfType<IObjectGraphType>().Where(o => o.ResolvedInterfaces.Any(i => i.Name == some.Name)), .. schema.AllTypes.OfType<IInterfaceGraphType>()],
        IObjectGraphType thing => [thing, .. thing.ResolvedInterfaces],
        _ => [type],
    };
}
