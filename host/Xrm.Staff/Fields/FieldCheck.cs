using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Xrm.Staff.Fields;

/// <summary>What a value must be, as far as a browser can tell: the rules of the sdk's field type, the same code as on the server, then what the model says of the field.
/// A plugin's own field type is known to the server alone.</summary>
internal static class FieldCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>The value that a text means, as it is to be kept; null with a fault, and for a text that holds nothing.</summary>
    public static object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var value = FieldKinds.Of(scope.Field).Read(scope, text, out fault);
        return fault is null && value is not null ? Check(scope, value, out fault) : null;
    }

    /// <summary>One value in the CLR form of the shape, as it is to be kept; null with a fault, and for a text that holds nothing.</summary>
    public static object? Check(FieldScope scope, object value, out Label? fault)
    {
        var field = scope.Field;
        fault = null;
        var kept = FieldTypes.Find(field.Type, field.MaxLength, field.Options, field.CodeList) is { } type ? type.Check(value, out fault) : value;
        if (kept is "")
            return null;
        fault ??= Facets(scope, kept);
        return fault is null ? kept : null;
    }

    public static readonly Label Missing = Label.Of("Ce champ est obligatoire.", "This field is required.");

    private static Label? Facets(FieldScope scope, object kept)
    {
        var field = scope.Field;
        if (kept is string text)
        {
            if (text.Length > field.MaxLength)
                return Label.Of($"Le texte a {text.Length} caractères ; {field.MaxLength} au plus.", $"The text has {text.Length} characters; at most {field.MaxLength}.");
            var options = scope.Model.Options(field);
            if (!options.IsEmpty && !options.Any(o => o.Name == text))
                return Label.Of($"« {text} » n'est pas dans la liste.", $"\"{text}\" is not in the list.");
            return field.Pattern is { } pattern && !Matches(pattern, text)
                ? field.PatternMessage ?? Label.Of("Le texte n'a pas la forme voulue.", "The text does not have the form required.")
                : null;
        }
        if (field.Min is { } min && Order(kept, min) < 0)
            return Label.Of($"Au moins {Shown(scope, min)}.", $"At least {Shown(scope, min)}.");
        return field.Max is { } max && Order(kept, max) > 0 ? Label.Of($"Au plus {Shown(scope, max)}.", $"At most {Shown(scope, max)}.") : null;
    }

    private static string Shown(FieldScope scope, object limit) => FieldKinds.Of(scope.Field).Show(scope, limit);

    private static int Order(object left, object right) => left.GetType() == right.GetType() && left is IComparable ordered ? ordered.CompareTo(right) : 0;

    private static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Patience);
        }
        catch (RegexMatchTimeoutException)
        {
            // The server has more time.
            return true;
        }
    }
}
