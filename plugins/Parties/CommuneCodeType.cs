using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Parties;

/// <summary>The INSEE code of a commune: five characters, <c>2A</c> and <c>2B</c> in Corsica (rule X-R12). Not a postcode.</summary>
public sealed partial class CommuneCodeType : PlainFieldType<string>
{
    public override string Name => "communeCode";

    public override Shape Shape => Shape.Text;

    public override int? MaxLength => 5;

    /// <summary>Whether a text is such a code as it stands.</summary>
    public static bool IsCode(string text) => Form().IsMatch(text);

    public override object Check(object value, out Label? fault)
    {
        var text = ((string)value).Trim();
        fault = IsCode(text)
            ? null
            : Label.Of($"« {value} » n'est pas un code INSEE de commune (5 caractères, comme 08105 ou 2A004).",
                $"\"{value}\" is not an INSEE commune code (5 characters, like 08105 or 2A004).");
        return text;
    }

    [GeneratedRegex(@"^([013-9]\d|2[AB1-9])\d{3}\z", RegexOptions.CultureInvariant | RegexOptions.ECMAScript, 1000)]
    private static partial Regex Form();
}
