using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Xrm.Staff.Fields;

/// <summary>Numbers as people type them: with spaces or points between thousands, a comma or a point before decimals, any minus sign.</summary>
internal static partial class Typing
{
    private const decimal WithoutNeedlessZeros = 1.0000000000000000000000000000m;

    /// <summary>The number that a text means; null when it means none.</summary>
    /// <param name="isFrench">Whether one comma alone is before decimals even where it could part thousands: 1,234.</param>
    public static decimal? Number(string text, bool isFrench)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c is '−' or '–')
                plain.Append('-');
            else if (!char.IsWhiteSpace(c) && c is not ('\'' or '’'))
                plain.Append(c);
        var figures = plain.ToString();
        var (comma, point) = (figures.LastIndexOf(','), figures.LastIndexOf('.'));
        figures = (comma, point) switch
        {
            ( >= 0, >= 0) when comma > point => figures.Replace(".", "", StringComparison.Ordinal).Replace(',', '.'),
            ( >= 0, >= 0) => figures.Replace(",", "", StringComparison.Ordinal),
            ( >= 0, _) when !isFrench && Thousands().IsMatch(figures) => figures.Replace(",", "", StringComparison.Ordinal),
            ( >= 0, _) => figures.Replace(',', '.'),
            _ => figures,
        };
        return decimal.TryParse(figures, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number / WithoutNeedlessZeros : null;
    }

    [GeneratedRegex(@"^-?\d{1,3}(,\d{3})+$")]
    private static partial Regex Thousands();
}
