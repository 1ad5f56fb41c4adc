namespace Xrm.Host.Csv;

/// <summary>Reads days and moments as computers write them. .NET's reading by formats compares each quoted letter by the rules of a language, and was an eighth of checking a file.</summary>
/// <remarks>What it does not read may still be right, in another form.</remarks>
internal static class IsoText
{
    /// <summary>A day such as <c>2026-11-29</c>.</summary>
    public static bool TryDay(ReadOnlySpan<char> text, out DateOnly day)
    {
        day = default;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..], out var inMonth)
            || year < 1 || month is < 1 or > 12 || inMonth < 1 || inMonth > DateTime.DaysInMonth(year, month))
            return false;
        day = new(year, month, inMonth);
        return true;
    }

    /// <summary>A moment such as <c>2026-11-29T08:30:00Z</c>, with up to seven digits behind the seconds.</summary>
    public static bool TryUniversal(ReadOnlySpan<char> text, out DateTimeOffset moment)
    {
        moment = default;
        if (text.Length < 20 || text[^1] != 'Z' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || !TryDay(text[..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second)
            || hour > 23 || minute > 59 || second > 59 || !TryFraction(text[19..^1], out var ticks))
            return false;
        moment = new(day.ToDateTime(new(hour, minute, second)).AddTicks(ticks), TimeSpan.Zero);
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<char> text, out int ticks)
    {
        ticks = 0;
        if (text.IsEmpty)
            return true;
        if (text[0] != '.' || text.Length is < 2 or > 8 || !TryDigits(text[1..], out ticks))
            return false;
        for (var digits = text.Length - 1; digits < 7; digits++)
            ticks *= 10;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            number = number * 10 + c - '0';
        }
        return true;
    }
}
