using System.Globalization;
using Xrm.Sdk;

namespace Xrm.Staff.Shell;

/// <summary>The language that whoever uses the app reads, and how it writes days, moments and numbers.</summary>
/// <remarks>The runtime knows no languages here; these two are written out.</remarks>
internal sealed class Language(TimeProvider time)
{
    private static readonly string[] FrenchMonths = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
    private static readonly string[] EnglishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly NumberFormatInfo FrenchNumbers = new() { NumberGroupSeparator = "\u202F", NumberDecimalSeparator = ",", NegativeSign = "−" };
    private static readonly NumberFormatInfo EnglishNumbers = new() { NumberGroupSeparator = ",", NumberDecimalSeparator = "." };

    /// <summary><c>fr</c> or <c>en</c>.</summary>
    public string Code { get; private set; } = "fr";

    public bool IsFrench => Code == "fr";

    /// <summary>After another language was chosen.</summary>
    public event Action? Changed;

    /// <summary>A text in it.</summary>
    public string this[Label label] => label.In(Code);

    public void Choose(string code)
    {
        code = code.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en" : "fr";
        if (code == Code)
            return;
        Code = code;
        Changed?.Invoke();
    }

    /// <summary>Today, where the browser is.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetLocalNow().DateTime);

    /// <summary>A day, short: 29/11/2026, 29 Nov 2026.</summary>
    public string Day(DateOnly day) => day.ToString(IsFrench ? "dd/MM/yyyy" : "d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A day in words: 1er novembre 2026, 1 November 2026.</summary>
    public string DayInWords(DateOnly day) => IsFrench
        ? $"{(day.Day == 1 ? "1er" : Plain(day.Day))} {FrenchMonths[day.Month - 1]} {Plain(day.Year)}"
        : $"{Plain(day.Day)} {EnglishMonths[day.Month - 1]} {Plain(day.Year)}";

    /// <summary>A moment where the browser is: 29/11/2026 à 14:05, 29 Nov 2026 14:05.</summary>
    public string Moment(DateTimeOffset moment) => Local(moment).ToString(IsFrench ? "dd/MM/yyyy 'à' HH:mm" : "d MMM yyyy HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A number with its groups: 1 234 or 1,234.</summary>
    public string Number(long number) => number.ToString("N0", Numbers);

    /// <summary>A number with as many decimals as it has, or so many.</summary>
    public string Number(decimal number, int? decimals = null) => number.ToString(decimals is { } places ? "N" + Plain(places) : "#,0.############################", Numbers);

    /// <summary>How many there are of something: zero and one are singular in French, one alone in English.</summary>
    public string Count(long count, Label one, Label many) => Number(count) + " " + this[count == 1 || count == 0 && IsFrench ? one : many];

    /// <summary>The first and last day of a period: a last day is true, the period's own end no more.</summary>
    public string Period(Period period) => (period.From, period.To?.AddDays(-1)) switch
    {
        (null, null) => this[Words.Always],
        ({ } from, null) => this[Label.Of($"depuis le {Day(from)}", $"since {Day(from)}")],
        (null, { } to) => this[Label.Of($"jusqu'au {Day(to)}", $"until {Day(to)}")],
        ({ } from, { } to) => this[Label.Of($"du {Day(from)} au {Day(to)}", $"from {Day(from)} to {Day(to)}")],
    };

    /// <summary>What calendar and clock show at a moment where the browser is.</summary>
    public DateTime Here(DateTimeOffset moment) => Local(moment).DateTime;

    /// <summary>The moment at which calendar and clock show this where the browser is; of an hour that comes twice the first.</summary>
    public DateTimeOffset AtWall(DateTime wall)
    {
        var zone = time.LocalTimeZone;
        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), offset).ToUniversalTime();
    }

    private NumberFormatInfo Numbers => IsFrench ? FrenchNumbers : EnglishNumbers;

    private DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, time.LocalTimeZone);

    private static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);
}
