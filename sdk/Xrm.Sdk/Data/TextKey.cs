using System.Globalization;
using System.Text;

namespace Xrm.Sdk;

/// <summary>How texts are compared by people's standards rather than by the letter. Versioned: keys kept somewhere are made anew when the version is another.</summary>
public static class TextKey
{
    /// <summary>Of the folds made here.</summary>
    public const int Version = 1;

    /// <summary>Of the sounds made here.</summary>
    public const int SoundVersion = 1;

    /// <summary>Case and accents dropped, ligatures opened, hyphens and apostrophes as spaces, runs of space as one, none at the ends: <c>LEFÈVRE-d'Œuvre</c> is <c>lefevre d oeuvre</c>.</summary>
    public static string Fold(string text)
    {
        var fold = new StringBuilder(text.Length);
        foreach (var c in Ascii.IsValid(text) ? text : Decompose(text))
            switch (c)
            {
                case >= 'a' and <= 'z' or >= '0' and <= '9':
                    fold.Append(c);
                    break;
                case >= 'A' and <= 'Z':
                    fold.Append((char)(c | 0x20));
                    break;
                case 'œ' or 'Œ':
                    fold.Append("oe");
                    break;
                case 'æ' or 'Æ':
                    fold.Append("ae");
                    break;
                case 'ß' or 'ẞ':
                    fold.Append("ss");
                    break;
                case 'ø' or 'Ø':
                    fold.Append('o');
                    break;
                case 'ł' or 'Ł':
                    fold.Append('l');
                    break;
                case '-' or '\'' or '’' or '‘' or 'ʼ' or '‐' or '‑' or '‒' or '–' or '—' or '`' or '´':
                    Space(fold);
                    break;
                default:
                    if (char.IsWhiteSpace(c) || char.IsControl(c))
                        Space(fold);
                    else if (char.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format))
                        fold.Append(char.ToLowerInvariant(c));
                    break;
            }
        if (fold.Length > 0 && fold[^1] == ' ')
            fold.Length--;
        return fold.ToString();
    }

    /// <summary>How a French reader says the words, one space between them: <c>APPÉRÉ Nathalie</c> and <c>apere natali</c> are <c>aper natali</c>. Words that are not of the letters a to z stand as they fold.</summary>
    public static string Sound(string text)
    {
        var sound = new StringBuilder(text.Length);
        Span<byte> key = stackalloc byte[64];
        var fold = Fold(text);
        for (var at = 0; at < fold.Length;)
        {
            var from = at;
            while (at < fold.Length && char.IsLetterOrDigit(fold[at]))
                at++;
            if (at == from)
            {
                at++;
                continue;
            }
            Space(sound);
            var word = fold[from..at];
            sound.Append(Sound(Encoding.UTF8.GetBytes(word), key) is var length and > 0 ? Encoding.ASCII.GetString(key[..length]) : word);
        }
        return sound.ToString();
    }

    /// <summary>How a French reader says one word.</summary>
    /// <param name="word">Its fold in UTF-8.</param>
    /// <param name="key">Where it is written; what does not fit is cut.</param>
    /// <returns>The length of the key; 0 for a word that is not of the letters a to z alone.</returns>
    public static int Sound(ReadOnlySpan<byte> word, Span<byte> key) =>
        word.IsEmpty || word.IndexOfAnyExceptInRange((byte)'a', (byte)'z') >= 0 ? 0 : new FrenchSound(word, key).Write();

    private static void Space(StringBuilder fold)
    {
        if (fold.Length > 0 && fold[^1] != ' ')
            fold.Append(' ');
    }

    private static string Decompose(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormD);
        }
        catch (ArgumentException)
        {
            // A lone surrogate cannot be decomposed: it is compared as the replacement character.
            return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Normalize(NormalizationForm.FormD);
        }
    }
}
