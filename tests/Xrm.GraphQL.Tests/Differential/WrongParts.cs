using GraphQL;
using GraphQL.Types;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Puts something wrong into a document: an argument that no rule of GraphQL forbids, or a value that no variable can have.</summary>
internal static class WrongParts
{
    private static readonly (string Argument, string Text, string Code)[] OfLists =
    [
        ("first", "-1", "INVALID"),
        ("last", "-3", "INVALID"),
        ("first", "1001", "LIMIT"),
        ("first", "1, last: 1", "INVALID"),
        ("offset", "-1", "INVALID"),
        ("offset", "2, last: 1", "INVALID"),
        ("offset", "0, before: \"nonsense\"", "INVALID"),
        ("at", "\"2026-01-01\", during: {}", "INVALID"),
        ("where", "{ id: { eq: \"nonsense\" } }", "INVALID"),
        ("where", "{ not: { or: [{ id: { in: [\"nonsense\"] } }] } }", "INVALID"),
        ("after", "\"nonsense\"", "INVALID"),
        ("before", "\"nonsense\"", "INVALID"),
    ];

    /// <summary>A field with a wrong argument, at a root or somewhere below it; sometimes at two roots.</summary>
    public static void Add(RandomDocument document, ISchema schema, Dice dice)
    {
        for (var count = dice.Chance(30) ? 2 : 1; count > 0; count--)
        {
            var places = Places(document.Parts, schema.Query, [], schema).Where(p => !document.Wrong.Values.Any(w => w.Path[0] == p.Path.FirstOrDefault())).ToArray();
            var (parts, type, path) = dice.Pick(places);
            var key = "wrong" + document.Wrong.Count;
            if (type == schema.Query && dice.Chance(30))
            {
                parts.Add(new Part { Key = key, Name = "node", Arguments = [("id", "\"nonsense\"")], Parts = [new Part { Key = "id", Name = "id" }] });
                document.Wrong.Add(key, ("INVALID", [key]));
                continue;
            }
            var lists = type.Fields.Where(f => f.Arguments?.Find("where") is not null).ToArray();
            if (lists.Length == 0)
                continue;
            var wrong = dice.Pick(OfLists);
            parts.Add(new Part { Key = key, Name = dice.Pick(lists).Name, Arguments = [(wrong.Argument, wrong.Text)], Parts = [new Part { Key = "totalCount", Name = "totalCount" }] });
            document.Wrong.Add(key, (wrong.Code, [.. path, key]));
        }
    }

    /// <summary>A variable's value of another kind.</summary>
    public static void Vary(RandomDocument document, Dice dice)
    {
        var names = document.Variables.Where(v => v.Value.Json is not null and not "null" && v.Value.Type.Trim('[', ']', '!') is not ("String" or "ID")).Select(v => v.Key).ToArray();
        if (names.Length > 0 && dice.Pick(names) is var name)
            document.Variables[name] = document.Variables[name] with { Json = dice.Pick(["{\"no\": 1}", "[[[{}]]]", "\"\\u0007\"", "true"]) };
    }

    /// <summary>Selections that are wanted whatever the variables say, of which the type is known.</summary>
    private static IEnumerable<(List<Part> Parts, IObjectGraphType Type, string[] Path)> Places(List<Part> parts, IObjectGraphType type, string[] path, ISchema schema)
    {
        yield return (parts, type, path);
        foreach (var part in parts.ToArray())
            if (part is { Parts: not null, Directives.Count: 0, Key: not null, Type.Length: > 0 } && schema.AllTypes[part.Type] is IObjectGraphType inner && inner.Name is not "PageInfo")
                foreach (var place in Places(part.Parts, inner, [.. path, part.Key], schema))
                    yield return place;
    }
}
