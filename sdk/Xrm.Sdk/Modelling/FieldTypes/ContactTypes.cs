using System.Text.RegularExpressions;

namespace Xrm.Sdk;

/// <summary>An e-mail address (RFC 5322 addr-spec, at most 254 characters; rule X-R16); the domain is kept in lower case.</summary>
public sealed partial class EmailType : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "email";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength => 254;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var text = ((string)value).Trim();
        var at = text.LastIndexOf('@');
        fault = text.Length <= 254 && at is > 0 and <= 64 && (IsUsual(text.AsSpan(0, at), text.AsSpan(at + 1)) || Address().IsMatch(text))
            ? null
            : Label.Of($"« {text} » n'est pas une adresse électronique (nom@domaine.fr).", $"\"{text}\" is not an e-mail address (name@example.org).");
        return at > 0 ? text[..at] + text[at..].ToLowerInvariant() : text;
    }

    /// <summary>Whether it is one as nearly all are, letters and digits of ASCII: the expression below, asked of each line of a file, costs several times as much.</summary>
    private static bool IsUsual(ReadOnlySpan<char> name, ReadOnlySpan<char> domain)
    {
        var before = '.';
        foreach (var c in name)
        {
            if (c == '.' ? before == '.' : !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '+'))
                return false;
            before = c;
        }
        if (before == '.')
            return false;
        var dots = 0;
        before = '.';
        foreach (var c in domain)
        {
            if (c == '.' ? before is '.' or '-' : c == '-' ? before == '.' : !char.IsAsciiLetterOrDigit(c))
                return false;
            dots += c == '.' ? 1 : 0;
            before = c;
        }
        return dots > 0 && before is not ('.' or '-');
    }

    [GeneratedRegex(@"^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?(\.[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?)+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address();
}

/// <summary>A phone number in E.164 (rule X-R15). Spaces, points, hyphens and brackets are dropped; <c>00</c> becomes <c>+</c>;
/// a French national number becomes <c>+33</c>, or the overseas prefix that its first digits name.</summary>
public sealed partial class PhoneType : PlainFieldType<string>
{
    private static readonly (string National, string International)[] Overseas =
    [
        ("0262", "+262"), ("0263", "+262"), ("0269", "+262"), ("0692", "+262"), ("0693", "+262"), ("0639", "+262"),
        ("0590", "+590"), ("0690", "+590"), ("0691", "+590"), ("0594", "+594"), ("0694", "+594"), ("0596", "+596"), ("0696", "+596"), ("0697", "+596"),
        ("0508", "+508"),
    ];

    /// <inheritdoc/>
    public override string Name => "phone";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength => 16;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        // Most files have nothing but digits, for which no expression is asked.
        var text = (string)value;
        if (!IsDigits(text))
            text = Punctuation().Replace(text, "");
        if (text.StartsWith("00", StringComparison.Ordinal))
            text = "+" + text[2..];
        else if (text.Length == 10 && text[0] == '0')
            text = string.Concat(Prefix(text), text.AsSpan(1));
        fault = IsUsual(text) || E164().IsMatch(text)
            ? null
            : Label.Of($"« {value} » n'est pas un numéro de téléphone (+33 3 24 00 00 00, ou 03 24 00 00 00).", $"\"{value}\" is not a phone number (+33 3 24 00 00 00, or 03 24 00 00 00).");
        return text;
    }

    private static bool IsUsual(ReadOnlySpan<char> text) =>
        text is ['+', >= '1' and <= '9', ..] && text.Length is >= 7 and <= 16 && IsDigits(text[2..]);

    private static bool IsDigits(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiDigit(c))
                return false;
        return true;
    }

    /// <summary>Of a French national number.</summary>
    private static string Prefix(string number)
    {
        foreach (var (national, international) in Overseas)
            if (number.StartsWith(national, StringComparison.Ordinal))
                return international;
        return "+33";
    }

    [GeneratedRegex(@"\(0\)|[\s.\-()/]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"^\+[1-9]\d{5,14}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex E164();
}
