using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Tests.Search;

/// <summary>What a search is said to find, over a plain list of what somebody sees: no index, no bytes, no ranks in bits.</summary>
internal static partial class PlainSearch
{
    private static readonly string[] Prefixes = ["33", "262", "590", "594", "596", "508"];

    /// <summary>In the order in which they are found.</summary>
    public static IReadOnlyList<Entity> Find(CompiledModel model, IEnumerable<Entity> seen, string text)
    {
        string[][] readings = [Words(text), Joined(text)];
        if (readings[0].Length == 0)
            return [];
        return
        [
            .. seen.Select(e => (Entity: e, Rank: readings.Min(r => Rank(model.Type(e.Type)!, e, r)), Name: Name(model.Type(e.Type)!, e)))
                .Where(f => f.Rank is not null)
                .OrderBy(f => f.Rank, StringComparer.Ordinal).ThenBy(f => Convert.ToHexString(Encoding.UTF8.GetBytes(f.Name)), StringComparer.Ordinal).ThenBy(f => f.Entity.Id.ToString(), StringComparer.Ordinal)
                .Select(f => f.Entity),
        ];
    }

    public static string Name(ModelType type, Entity entity) => string.Join(' ', Parts(type, entity).Select(p => TextKey.Fold(p)));

    private static IEnumerable<string> Parts(ModelType type, Entity entity) =>
        type.DisplayFields.Where(f => entity.Values.TryGet(f.Name, out var value) && value is not null).Select(f => entity.Values.Single(v => v.Key == f.Name).Value!.ToString()!);

    /// <summary>A text that sorts as the rank does; null when something is not found.</summary>
    private static string? Rank(ModelType type, Entity entity, string[] asked)
    {
        var values = new List<(string Text, bool IsName)>();
        foreach (var field in type.Fields.Where(f => f.Description.IsSearchable))
            if (entity.Values.TryGet(field.Name, out var value) && value is not null)
                foreach (var one in value is ImmutableArray<object> many ? many.Cast<string>() : [(string)value])
                    values.Add((one, type.DisplayFields.Contains(field)));
        int how = 0, elsewhere = 0;
        foreach (var word in asked)
        {
            var best = values.Select(v => (How: How(word, v.Text), Elsewhere: v.IsName ? 0 : 1)).DefaultIfEmpty((9, 0)).Min();
            if (best.Item1 == 9)
                return null;
            how += best.Item1;
            elsewhere += best.Item2;
        }
        var nameWords = Parts(type, entity).Sum(p => Words(p).Length);
        var isWhole = how == 0 && elsewhere == 0 && nameWords == asked.Length || values.Any(v => Words(v.Text).SequenceEqual(asked) || asked.Length == 1 && National(v.Text) == asked[0]);
        return $"{(isWhole ? 0 : 1)} {how:D4} {elsewhere:D4} {Parts(type, entity).Sum(p => Encoding.UTF8.GetByteCount(TextKey.Fold(p))):D4}";
    }

    private static int How(string asked, string text)
    {
        var isPhone = Phone().IsMatch(text);
        var isEmail = text.IndexOf('@', StringComparison.Ordinal) > 0 && !text.Contains(' ', StringComparison.Ordinal);
        var words = Words(text);
        if (isPhone && National(text) is { } national)
            words = [.. words, national];
        if (words.Contains(asked))
            return 0;
        if (words.Any(w => w.StartsWith(asked, StringComparison.Ordinal)))
            return 1;
        if (isPhone || isEmail)
            return asked.Length >= 4 && words.Any(w => w.Contains(asked, StringComparison.Ordinal)) ? 3 : 9;
        return asked.Length >= 3 && asked.All(char.IsAsciiLetterLower) && words.Any(w => w.All(char.IsAsciiLetterLower) && TextKey.Sound(w) == TextKey.Sound(asked)) ? 2 : 9;
    }

    private static string[] Words(string text) => [.. Word().Matches(TextKey.Fold(text)).Select(m => m.Value)];

    private static string[] Joined(string text)
    {
        var spaced = string.Join(' ', Words(text.Replace("(0)", "", StringComparison.Ordinal)));
        string before;
        do
        {
            before = spaced;
            spaced = Grouped().Replace(before, "$1$2");
        }
        while (spaced != before);
        return [.. spaced.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => Dialled().Replace(w, "$1"))];
    }

    private static string? National(string text) =>
        Phone().IsMatch(text) && Prefixes.FirstOrDefault(p => text.StartsWith("+" + p, StringComparison.Ordinal)) is { } prefix ? "0" + text[(prefix.Length + 1)..] : null;

    [GeneratedRegex(@"[\p{L}\p{Nd}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![^ ])([0-9]+) ([0-9]+)(?![^ ])", RegexOptions.CultureInvariant)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"^00([0-9]{3,})$", RegexOptions.CultureInvariant)]
    private static partial Regex Dialled();

    [GeneratedRegex(@"^\+[0-9]{6,15}$", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();
}
