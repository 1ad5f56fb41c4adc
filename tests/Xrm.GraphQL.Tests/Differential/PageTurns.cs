using System.Text.Json;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>The same document once more, one of its connections gone on with from a cursor that an answer told.</summary>
internal static class PageTurns
{
    /// <summary>null when the answer told none.</summary>
    public static RandomDocument? Of(JsonElement answer, RandomDocument document, Dice dice)
    {
        var found = new List<(string Connection, string Cursor)>();
        var names = document.Lists().SelectMany(l => l).Where(p => p.Key is not null).DistinctBy(p => p.Key).ToDictionary(p => p.Key!, p => p.Name!);
        if (answer.TryGetProperty("data", out var data))
            Walk(data, []);
        // Named once, so that one cursor is right for all that the document asks of it: it belongs to the days around its connection too.
        found.RemoveAll(f => document.Lists().SelectMany(l => l).Count(p => p.Key == f.Connection) > 1 || document.Fragments.Values.Any(p => RandomDocument.Lists(p.Parts).SelectMany(l => l).Any(p => p.Key == f.Connection)));
        if (found.Count == 0)
            return null;
        var (connection, cursor) = dice.Pick(found);
        var isAfter = dice.Chance(60);
        var next = document.Copy();
        foreach (var list in next.Lists())
            for (var i = 0; i < list.Count; i++)
                if (list[i].Key == connection)
                    list[i] = list[i] with
                    {
                        Arguments =
                        [
                            .. list[i].Arguments.Where(a => a.Name is not ("first" or "last" or "offset")),
                            (isAfter ? "after" : "before", JsonSerializer.Serialize(cursor)),
                            (isAfter ? "first" : "last", "3"),
                        ],
                    };
        return next;

        void Walk(JsonElement element, string[] path)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var property in element.EnumerateObject())
                        Walk(property.Value, [.. path, property.Name]);
                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                        Walk(item, path);
                    break;
                // A cursor stands in an edge or in the page info, either of them in its connection.
                case JsonValueKind.String when path.Length >= 3 && names.GetValueOrDefault(path[^1]) is "cursor" or "startCursor" or "endCursor":
                    found.Add((path[^3], element.GetString()!));
                    break;
            }
        }
    }
}
