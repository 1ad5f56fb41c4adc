using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Why a value is refused.</summary>
/// <param name="Rule">The rule's id in the domain's documents or a short word of the core.</param>
internal readonly record struct Refusal(Label Message, string Rule);

/// <summary>Checks a value against all that a model says of its field.</summary>
internal static class FieldValue
{
    /// <summary>Checks a value and answers it as it is to be kept.</summary>
    /// <param name="value">Not null; of a field with many values an array of objects.</param>
    public static bool Check(ModelField field, object value, out object kept, out Refusal refusal)
    {
        kept = value;
        if (!field.IsMany)
            return CheckOne(field, value, out kept, out refusal);
        if (value is not ImmutableArray<object> { IsDefault: false } values)
        {
            refusal = new(Label.Of("Une liste de valeurs est attendue.", "A list of values is expected."), "shape");
            return false;
        }
        var all = ImmutableArray.CreateBuilder<object>(values.Length);
        foreach (var item in values)
        {
            if (item is null)
            {
                refusal = new(Label.Of("Une liste n'a pas de valeur vide.", "A list has no empty value."), "shape");
                return false;
            }
            if (!CheckOne(field, item, out var one, out refusal))
                return false;
            all.Add(one);
        }
        kept = all.MoveToImmutable();
        refusal = default;
        return true;
    }

    /// <summary>Whether a kept value counts as none: a text without characters, a list without values.</summary>
    public static bool IsEmpty(object kept) => kept is "" or ImmutableArray<object> { IsEmpty: true };

    /// <summary>The canonical JSON of a kept value.</summary>
    public static byte[] Json(ModelField field, object kept) => JsonValue.Write(field.Shape, kept, field.IsMany);

    private static bool CheckOne(ModelField field, object value, out object kept, out Refusal refusal)
    {
        kept = value;
        var type = field.Description.Type;
        if (!ShapeValues.Conform(type.Shape, ref value))
        {
            var expected = ShapeValues.Named(type.Shape);
            refusal = new(Label.Of($"Ici est attendu : {expected.Fr}.", $"Expected here: {expected.En}."), "shape");
            return false;
        }
        kept = type.Check(value, out var fault);
        if (fault is not null)
        {
            refusal = new(fault, type.Name);
            return false;
        }
        return Facets(field, kept, out refusal);
    }

    private static bool Facets(ModelField field, object kept, out Refusal refusal)
    {
        var description = field.Description;
        refusal = default;
        if (kept is string text)
        {
            if (text.Length == 0)
                return true;
            if (description.Type.MaxLength is { } most && text.Length > most)
                refusal = new(Label.Of($"Le texte a {text.Length} caractères, {most} au plus sont admis.", $"The text has {text.Length} characters, at most {most} are allowed."), "maxLength");
            else if (field.Codes is { } codes && !codes.Contains(text))
                refusal = description.Type.CodeList is { } list
                    ? new(Label.Of($"« {text} » n'est pas un code de la liste {list}.", $"\"{text}\" is not a code of the list {list}."), "code")
                    : new(Label.Of($"« {text} » n'est pas un choix possible.", $"\"{text}\" is not one of the choices."), "choice");
            else if (field.Pattern is { } pattern && !Matches(pattern, text, out var tooLong))
                refusal = new(
                    tooLong ? Label.Of("Le texte est trop long à comparer au motif du champ.", "The text takes too long to match with the field's pattern.")
                        : description.PatternMessage ?? Label.Of("Le texte n'a pas la forme voulue.", "The text does not have the form required."),
                    description.PatternRule ?? "pattern");
        }
        else if (description.Min is { } min && ShapeValues.Order(field.Shape, kept, min) < 0)
            refusal = new(Label.Of($"La valeur doit être au moins {Plain(field, min)}.", $"The value must be at least {Plain(field, min)}."), "min");
        else if (description.Max is { } max && ShapeValues.Order(field.Shape, kept, max) > 0)
            refusal = new(Label.Of($"La valeur doit être au plus {Plain(field, max)}.", $"The value must be at most {Plain(field, max)}."), "max");
        return refusal.Message is null;
    }

    private static bool Matches(Regex pattern, string text, out bool tooLong)
    {
        tooLong = false;
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            tooLong = true;
            return false;
        }
    }

    private static string Plain(ModelField field, object value) => System.Text.Encoding.UTF8.GetString(JsonValue.Write(field.Shape, value)).Trim('"');
}
