namespace Xrm.Sdk;

/// <summary>One line of text, trimmed; control characters are refused.</summary>
/// <param name="maxLength">The most UTF-16 units; at least 1.</param>
public sealed class TextType(int maxLength = 200) : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "text";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength { get; } = maxLength;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var text = Texts.Clean((string)value);
        fault = Texts.HasControl(text)
            ? Label.Of("Le texte doit tenir sur une ligne, sans caractère de contrôle.", "The text must be one line without control characters.")
            : Texts.TooLong(text, MaxLength);
        return text;
    }
}

/// <summary>Text of several lines; line ends become LF.</summary>
/// <param name="maxLength">The most UTF-16 units; at least 1.</param>
public sealed class LongTextType(int maxLength = 100_000) : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "longText";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength { get; } = maxLength;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var text = Texts.Clean(((string)value).ReplaceLineEndings("\n"));
        fault = Texts.HasControl(text, besides: "\n\t")
            ? Label.Of("Le texte contient un caractère de contrôle.", "The text holds a control character.")
            : Texts.TooLong(text, MaxLength);
        return text;
    }
}

/// <summary>A code of a list that staff extend at run time; a String in GraphQL.</summary>
public sealed class CodeType(CodeList list) : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "code";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override string CodeList => list.Name;
}

/// <summary>A web address, http or https.</summary>
public sealed class UrlType : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "url";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength => 2000;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var text = ((string)value).Trim();
        fault = text.Length <= 2000 && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? null
            : Label.Of($"« {text} » n'est pas une adresse web (https://…).", $"\"{text}\" is not a web address (https://…).");
        return text;
    }
}
