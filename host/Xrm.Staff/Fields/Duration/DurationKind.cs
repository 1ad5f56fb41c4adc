using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Xrm.Sdk;

namespace Xrm.Staff.Fields;

/// <summary>Lengths of time: 1 j 2 h 30 min, 2h30, 2:30, 90 min, or as ISO 8601 writes them.</summary>
internal sealed partial class DurationKind() : FieldKind<DurationView, DurationInput>("duration")
{
    public override string Write(FieldScope scope, object value)
    {
        var span = (TimeSpan)value;
        var whole = span.Duration();
        var parts = new List<string>();
        Add(whole.Days, scope.Language.IsFrench ? "j" : "d");
        Add(whole.Hours, "h");
        Add(whole.Minutes, "min");
        if (whole.Seconds > 0 || whole.Milliseconds > 0 || parts.Count == 0)
            parts.Add($"{scope.Language.Number(whole.Seconds + whole.Milliseconds / 1000m)} s");
        return (span < TimeSpan.Zero ? "-" : "") + string.Join(' ', parts);

        void Add(int count, string unit)
        {
            if (count > 0)
                parts.Add($"{count.ToString(CultureInfo.InvariantCulture)} {unit}");
        }
    }

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        if (Span(text.Trim().Replace('−', '-').Replace('\u00A0', ' ').Replace('\u202F', ' ')) is { } span)
            return span;
        fault = Label.Of($"« {text.Trim()} » n'est pas une durée, comme 1 j 2 h 30 min.", $"\"{text.Trim()}\" is not a length of time, such as 1 d 2 h 30 min.");
        return null;
    }

    private static TimeSpan? Span(string text)
    {
        if (text.StartsWith('P') || text.StartsWith("-P", StringComparison.Ordinal))
            try
            {
                return XmlConvert.ToTimeSpan(text);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                return null;
            }
        if (Parts().Match(text) is not { Success: true } match || !match.Groups.Cast<Group>().Skip(1).Any(g => g.Success))
            return null;
        var seconds = Of("days") * 86_400 + Of("hours") * 3_600 + Of("minutes") * 60 + Of("seconds");
        return seconds > 86_400m * 3_650_000 ? null : TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) * (text.StartsWith('-') ? -1 : 1);

        decimal Of(string group) => match.Groups[group].Success ? decimal.Parse(match.Groups[group].Value.Replace(',', '.'), CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"^-?\s*(?:(?<hours>\d{1,6}):(?<minutes>\d{2})(?::(?<seconds>\d{2}))?|(?:(?<days>\d{1,7})\s*(?:jours?|j|days?|d))?\s*(?:(?<hours>\d{1,9})\s*(?:heures?|hours?|h))?\s*(?:(?<minutes>\d{1,9})\s*(?:minutes?|min|mn|m|$))?\s*(?:(?<seconds>\d{1,9}(?:[.,]\d{1,3})?)\s*(?:secondes?|seconds?|s))?)$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Parts();
}
