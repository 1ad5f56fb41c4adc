namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Makes a document on which the answers differ smaller, as long as they go on to differ.</summary>
internal static class Shrinker
{
    private const int MostTries = 400;

    public static async Task<RandomDocument> Shrink(RandomDocument document, Func<RandomDocument, Task<bool>> differs)
    {
        var tries = 0;
        for (var isSmaller = true; isSmaller;)
        {
            isSmaller = false;
            for (var change = 0; Smaller(document, change) is { } smaller && tries++ < MostTries; change++)
                if (smaller.Text.Length < document.Text.Length && await differs(smaller))
                {
                    (document, isSmaller) = (smaller, true);
                    break;
                }
        }
        return document;
    }

    /// <summary>The document with one thing less; null when all were tried.</summary>
    private static RandomDocument? Smaller(RandomDocument document, int change)
    {
        var copy = document.Copy();
        foreach (var list in copy.Lists())
            for (var i = 0; i < list.Count; i++)
            {
                var part = list[i];
                if (change-- == 0)
                {
                    list.RemoveAt(i);
                    if (list.Count == 0)
                        list.Add(new Part { Name = "__typename", Key = "__typename" });
                    return copy;
                }
                if (part is { On: not null, Parts: not null } && change-- == 0)
                {
                    list.RemoveAt(i);
                    list.InsertRange(i, part.Parts);
                    return copy;
                }
                if (part.Directives.Count > 0 && change-- == 0)
                {
                    list[i] = part with { Directives = [] };
                    return copy;
                }
                for (var a = 0; a < part.Arguments.Count; a++)
                    if (change-- == 0)
                    {
                        // The same field elsewhere would no longer merge.
                        foreach (var (other, at) in copy.Lists().SelectMany(l => l.Select((p, at) => (l, at))).Where(p => p.l[p.at].Key == part.Key).ToArray())
                            other[at] = other[at] with { Arguments = [.. other[at].Arguments.Where(g => g.Name != part.Arguments[a].Name)] };
                        return copy;
                    }
            }
        return null;
    }
}
