using Microsoft.Net.Http.Headers;

namespace Xrm.Host.Graph;

/// <summary>In which language people want to be told things.</summary>
internal static class Languages
{
    /// <summary><c>en</c> where English is wanted more than French, otherwise <c>fr</c>.</summary>
    public static string Preferred(string acceptLanguage)
    {
        if (acceptLanguage.Length == 0 || !StringWithQualityHeaderValue.TryParseList([acceptLanguage], out var wanted))
            return "fr";
        var (french, english) = (0.0, 0.0);
        foreach (var one in wanted)
        {
            var weight = one.Quality ?? 1;
            if (Is(one.Value.Value, "fr"))
                french = Math.Max(french, weight);
            else if (Is(one.Value.Value, "en"))
                english = Math.Max(english, weight);
        }
        if (english == french)
            return wanted.FirstOrDefault(w => Is(w.Value.Value, "fr") || Is(w.Value.Value, "en")) is { } first && english > 0 && Is(first.Value.Value, "en") ? "en" : "fr";
        return english > french ? "en" : "fr";
    }

    private static bool Is(string? tag, string language) =>
        tag is not null && (tag.Equals(language, StringComparison.OrdinalIgnoreCase) || tag.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase));
}
