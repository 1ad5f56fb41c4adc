using System.Globalization;
using Xrm.Sdk;

namespace Xrm.GraphQL.Documents;

/// <summary>Looks over a document before it is parsed, so that a hostile one costs no more than reading it.</summary>
internal static class DocumentScan
{
    /// <exception cref="Refusal">It is too long, nests too deep, has too many words, or a string that is half of a surrogate pair.</exception>
    public static void Check(string text, GraphQLLimits limits)
    {
        if (text.Length > limits.DocumentLength)
            throw Refusal.Limit(
                $"Le document fait {text.Length} caractères ; {limits.DocumentLength} au plus sont admis. Passez les valeurs en variables.",
                $"The document has {text.Length} characters; at most {limits.DocumentLength} are allowed. Pass values as variables.", "documentLength", limits.DocumentLength, text.Length);
        var (at, depth, tokens, isWord) = (0, 0, 0, false);
        while (at < text.Length)
        {
            var c = text[at++];
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+')
            {
                tokens += isWord ? 0 : 1;
                isWord = true;
                continue;
            }
            isWord = isWord && c == '.' && at < text.Length && char.IsAsciiDigit(text[at]);
            if (isWord)
                continue;
            switch (c)
            {
                case '{' or '[' or '(':
                    tokens++;
                    if (++depth > limits.Nesting)
                        throw Refusal.Limit(
                            $"Le document s'imbrique sur plus de {limits.Nesting} niveaux (position {at}).",
                            $"The document nests more than {limits.Nesting} levels deep (at character {at}).", "nesting", limits.Nesting, depth);
                    break;
                case '}' or ']' or ')':
                    tokens++;
                    depth--;
                    break;
                case '#':
                    while (at < text.Length && text[at] is not ('\n' or '\r'))
                        at++;
                    break;
                case '"':
                    tokens++;
                    at = EndOfString(text, at);
                    break;
                case ' ' or '\t' or '\r' or '\n' or ',' or '\uFEFF':
                    break;
                default:
                    tokens++;
                    break;
            }
        }
        if (tokens > limits.Tokens)
            throw Refusal.Limit(
                $"Le document a {tokens} mots et signes ; {limits.Tokens} au plus sont admis. Passez les valeurs en variables.",
                $"The document has {tokens} words and signs; at most {limits.Tokens} are allowed. Pass values as variables.", "tokens", limits.Tokens, tokens);
    }

    private static int EndOfString(string text, int at)
    {
        if (string.CompareOrdinal(text, at, "\"\"", 0, 2) != 0)
        {
            while (at < text.Length && text[at] is not ('"' or '\n'))
            {
                if (Unit(text, at) is { } unit && char.IsSurrogate(unit))
                {
                    if (!char.IsHighSurrogate(unit) || Unit(text, at + 6) is not { } low || !char.IsLowSurrogate(low))
                        throw Refusal.Of(ProblemCode.Invalid, $"La chaîne n'est pas du texte Unicode (position {at}).", $"The string is not Unicode text (at character {at}).", "syntax");
                    at += 6;
                }
                at += text[at] == '\\' ? 2 : 1;
            }
            return at + 1;
        }
        for (at += 2; at < text.Length; at++)
            if (string.CompareOrdinal(text, at, "\"\"\"", 0, 3) == 0 && text[at - 1] != '\\')
                return at + 3;
        return at;
    }

    /// <summary>The code unit that is written as <c>\uXXXX</c> at a place; null when there is none.</summary>
    private static char? Unit(string text, int at) =>
        at + 6 <= text.Length && text[at] == '\\' && text[at + 1] == 'u'
        && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;
}
