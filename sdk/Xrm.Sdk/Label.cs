namespace Xrm.Sdk;

/// <summary>A text that people read, in French and in English. Neither is empty.</summary>
/// <param name="Fr">French, with accents and capitals as written in official texts (domain rule X-R43).</param>
/// <param name="En">English.</param>
public sealed record Label(string Fr, string En)
{
    /// <summary>Makes a label from its two texts.</summary>
    public static Label Of(string fr, string en) => new(fr, en);

    /// <summary>The text in a language given by its ISO 639-1 code; anything but <c>en</c> answers French.</summary>
    public string In(string language) =>
        language.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? En : Fr;

    /// <summary>The French text.</summary>
    public override string ToString() => Fr;
}
