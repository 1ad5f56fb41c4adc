using System.Globalization;
using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Xrm.Staff.Fields;

/// <summary>Moments, written in the time of where the browser is. A day alone is its beginning.</summary>
internal sealed partial class DateTimeKind() : FieldKind<DateTimeView, DateTimeInput>("dateTime")
{
    public override string Show(FieldScope scope, object value) => scope.Language.Moment((DateTimeOffset)value);

    public override string Write(FieldScope scope, object value)
    {
        var here = scope.Language.Here((DateTimeOffset)value);
        return scope.Language.Day(DateOnly.FromDateTime(here)) + here.ToString(here.Second == 0 ? " HH:mm" : " HH:mm:ss", CultureInfo.InvariantCulture);
    }

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        if (Wall(text, scope.Language.Today) is { } wall)
            return scope.Language.AtWall(wall);
        fault = Label.Of($"« {text.Trim()} » n'est pas une date et une heure, comme 29/11/2026 14:05.", $"\"{text.Trim()}\" is not a date and time, such as 29 Nov 2026 14:05.");
        return null;
    }

    /// <summary>What calendar and clock on the wall show at the moment that a text means; null when it means none.</summary>
    public static DateTime? Wall(string text, DateOnly today)
    {
        if (TypedDay.Read(text, today) is { } alone)
            return alone.ToDateTime(TimeOnly.MinValue);
        if (Time().Match(text) is not { Success: true } time || TypedDay.Read(text[..time.Index], today) is not { } day)
            return null;
        var (hour, minute, second) = (Figures("hour"), Figures("minute"), Figures("second"));
        return hour < 24 && minute < 60 && second < 60 ? day.ToDateTime(new TimeOnly(hour, minute, second)) : null;

        int Figures(string group) => time.Groups[group].Success ? int.Parse(time.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"(?:\s+(?:à|a|at)\s+|\s*[T,]\s*|\s+)(?<hour>\d{1,2})\s*(?:[:hH]\s*(?:(?<minute>\d{2})(?::(?<second>\d{2}))?)?)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Time();
}
