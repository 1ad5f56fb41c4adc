using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Xrm.Sdk;

internal static class Texts
{
    /// <summary>Trimmed and in normal form C, so that one text has one spelling.</summary>
    public static string Clean(string text)
    {
        try
        {
            return text.Trim().Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // A lone surrogate has no normal form: the replacement character stands for it.
            return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Trim())).Normalize(NormalizationForm.FormC);
        }
    }

    /// <summary>Whether a text has a control character, other than some.</summary>
    public static bool HasControl(ReadOnlySpan<char> text, string besides = "")
    {
        // No vectors: compiled ahead, they put each character they are asked for on the heap.
        foreach (var c in text)
            if (c is < ' ' or >= '\u007F' and <= '\u009F' && !besides.Contains(c))
                return true;
        return false;
    }

    public static Label? TooLong(string text, int? most) => text.Length <= most || most is null
        ? null
        : Label.Of($"Le texte a {text.Length} caractères, {most} au plus sont admis.", $"The text has {text.Length} characters, at most {most} are allowed.");

    /// <summary>What to tell of a value that is none of the options; null when it is one.</summary>
    public static Label? NoChoice(string value, ImmutableArray<Option> options)
    {
        foreach (var option in options)
            if (option.Name == value)
                return null;
        var names = string.Join(", ", options.Select(o => o.Name));
        return Label.Of($"« {value} » n'est pas un choix possible ({names}).", $"\"{value}\" is not one of the choices ({names}).");
    }

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static string UpperSnake(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || i + 1 < name.Length && char.IsLower(name[i + 1])))
                snake.Append('_');
            snake.Append(char.ToUpperInvariant(name[i]));
        }
        return snake.ToString();
    }
}
