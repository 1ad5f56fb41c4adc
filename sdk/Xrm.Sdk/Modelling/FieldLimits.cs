using System.Text.RegularExpressions;

namespace Xrm.Sdk;

/// <summary>Why a value is refused.</summary>
/// <param name="Message">For people.</param>
/// <param name="Rule">The id of a rule of the domain, else the name of the limit: <c>maxLength</c>, <c>code</c>, <c>choice</c>, <c>pattern</c>, <c>min</c>, <c>max</c>.</param>
public readonly record struct ValueFault(Label Message, string Rule);

/// <summary>What a field asks of each of its values besides what their type asks. Whoever checks values, in a server or in a page, does it by this.</summary>
public sealed record FieldLimits
{
    // A pattern that takes longer refuses the value.
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(250);

    /// <summary>The most UTF-16 units of a text; null = no limit.</summary>
    public int? MaxLength { get; init; }
    /// <summary>The texts allowed; null = not a closed set.</summary>
    public IReadOnlySet<string>? Codes { get; init; }
    /// <summary>The name of the code list that <see cref="Codes"/> comes from; null = they are the field type's choices.</summary>
    public string? CodeList { get; init; }
    /// <summary>What a text must match, of <see cref="Compile"/>; null = any.</summary>
    public Regex? Pattern { get; init; }
    /// <summary>What to tell somebody who does not match the pattern; null = that it does not.</summary>
    public Label? PatternMessage { get; init; }
    /// <summary>The id of the rule behind the pattern; null = <c>pattern</c>.</summary>
    public string? PatternRule { get; init; }
    /// <summary>The smallest value that is no text, inclusive, in the CLR form of the shape; null = none.</summary>
    public object? Min { get; init; }
    /// <summary>The greatest value that is no text, inclusive, in the CLR form of the shape; null = none.</summary>
    public object? Max { get; init; }

    /// <summary>A pattern that the whole text matches.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static Regex Compile(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, PatternTime);

    /// <summary>What is wrong with a value that the field type lets through; null when nothing is. A text without characters is no value: nothing is wrong with it.</summary>
    /// <param name="value">In the CLR form of the shape, as it is to be kept.</param>
    /// <param name="shown">How a bound is written for whoever reads the message.</param>
    public ValueFault? Fault(object value, Func<object, string> shown)
    {
        if (value is string text)
            return text.Length == 0 ? null : Fault(text);
        if (Min is not null && ((IComparable)value).CompareTo(Min) < 0)
            return new(Label.Of($"La valeur doit être au moins {shown(Min)}.", $"The value must be at least {shown(Min)}."), "min");
        if (Max is not null && ((IComparable)value).CompareTo(Max) > 0)
            return new(Label.Of($"La valeur doit être au plus {shown(Max)}.", $"The value must be at most {shown(Max)}."), "max");
        return null;
    }

    private ValueFault? Fault(string text)
    {
        if (text.Length > MaxLength)
            return new(Label.Of($"Le texte a {text.Length} caractères, {MaxLength} au plus sont admis.", $"The text has {text.Length} characters, at most {MaxLength} are allowed."), "maxLength");
        if (Codes is not null && !Codes.Contains(text))
            return CodeList is null
                ? new(Label.Of($"« {text} » n'est pas un choix possible.", $"\"{text}\" is not one of the choices."), "choice")
                : new(Label.Of($"« {text} » n'est pas un code de la liste {CodeList}.", $"\"{text}\" is not a code of the list {CodeList}."), "code");
        if (Pattern is null)
            return null;
        try
        {
            return Pattern.IsMatch(text) ? null : new(PatternMessage ?? Label.Of("Le texte n'a pas la forme voulue.", "The text does not have the form required."), PatternRule ?? "pattern");
        }
        catch (RegexMatchTimeoutException)
        {
            return new(Label.Of("Le texte est trop long à comparer au motif du champ.", "The text takes too long to match with the field's pattern."), PatternRule ?? "pattern");
        }
    }
}
