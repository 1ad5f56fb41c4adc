using System.Globalization;

namespace Elus.Rne;

/// <summary>The days of the register: <c>18/05/2020</c>, <c>4/3/2014</c>, and ISO in some copies, with or without a time of day.</summary>
internal static class RegisterDate
{
    private static readonly string[] Forms = ["dd/MM/yyyy", "d/M/yyyy", "yyyy-MM-dd"];

    /// <summary>Reads a day; null when it is none or lies outside the days given, both inclusive.</summary>
    public static DateOnly? Read(ReadOnlySpan<char> text, DateOnly earliest, DateOnly latest)
    {
        var time = text.IndexOfAny(' ', 'T');
        if (time > 0 && TimeOnly.TryParse(text[(time + 1)..].TrimEnd('Z'), CultureInfo.InvariantCulture, out _))
            text = text[..time];
        return DateOnly.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= earliest && day <= latest
            ? day
            : null;
    }
}
