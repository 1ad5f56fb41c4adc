using System.Globalization;
using System.Text.RegularExpressions;

namespace Xrm.Staff.Fields;

/// <summary>Days as people type them.</summary>
internal static partial class TypedDay
{
    private static readonly string[][] Months =
    [
        ["janvier", "janv", "january", "jan"], ["fevrier", "fevr", "february", "feb"], ["mars", "march", "mar"], ["avril", "avr", "april", "apr"],
        ["mai", "may"], ["juin", "june", "jun"], ["juillet", "juil", "july", "jul"], ["aout", "august", "aug"],
        ["septembre", "sept", "september", "sep"], ["octobre", "oct", "october"], ["novembre", "nov", "november"], ["decembre", "dec", "december"],
    ];

    /// <summary>The day that a text means; null when it means none: 29/11/2026, 29.11.26, 29112026, 2026-11-29, 29 novembre 2026, 1er mars 2026, aujourd'hui.</summary>
    /// <param name="today">What relative words count from, and the century of years of two figures: at most twenty years on, else in the past.</param>
    public static DateOnly? Read(string text, DateOnly today)
    {
        text = Plain(text);
        switch (text)
        {
            case "aujourd'hui" or "today":
                return today;
            case "hier" or "yesterday":
                return today.AddDays(-1);
            case "demain" or "tomorrow":
                return today.AddDays(1);
        }
        if (YearFirst().Match(text) is { Success: true } first)
            return Of(first, today);
        if (InFigures().Match(text) is { Success: true } figures)
            return Of(figures, today);
        if (InWords().Match(text) is { Success: true } words && MonthOf(words.Groups["word"].Value) is > 0 and var month)
            return Of(Figures(words, "year"), month, Figures(words, "day"), words.Groups["year"].Length, today);
        return null;
    }

    private static DateOnly? Of(Match match, DateOnly today) =>
        Of(Figures(match, "year"), Figures(match, "month"), Figures(match, "day"), match.Groups["year"].Length, today);

    private static DateOnly? Of(int year, int month, int day, int figures, DateOnly today)
    {
        if (figures == 2)
        {
            year += today.Year / 100 * 100;
            if (year > today.Year + 20)
                year -= 100;
        }
        return year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;
    }

    private static int Figures(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static int MonthOf(string word) => Array.FindIndex(Months, names => names.Contains(word)) + 1;

    private static string Plain(string text) => text.Trim().ToLowerInvariant()
        .Replace('é', 'e').Replace('û', 'u').Replace('’', '\'').Replace('\u202F', ' ').Replace('\u00A0', ' ');

    [GeneratedRegex(@"^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})$", RegexOptions.ExplicitCapture)]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"^((?<day>\d{1,2})\s*[-/. ]\s*(?<month>\d{1,2})\s*[-/. ]\s*(?<year>\d{4}|\d{2})|(?<day>\d{2})(?<month>\d{2})(?<year>\d{4}|\d{2}))$", RegexOptions.ExplicitCapture)]
    private static partial Regex InFigures();

    [GeneratedRegex(@"^(?<day>\d{1,2})(er)?\s*(?<word>[a-z]+)\.?,?\s*(?<year>\d{4}|\d{2})$", RegexOptions.ExplicitCapture)]
    private static partial Regex InWords();
}
