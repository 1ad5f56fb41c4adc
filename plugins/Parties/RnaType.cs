using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Parties;

/// <summary>A number of the national register of associations: <c>W</c> and nine characters, in Réunion and Corsica letters among them
/// (rule X-R11). Kept in capitals.</summary>
public sealed partial class RnaType : PlainFieldType<string>
{
    public override string Name => "rna";

    public override Shape Shape => Shape.Text;

    public override int? MaxLength => 10;

    public override object Check(object value, out Label? fault)
    {
        var text = Digits.Of((string)value).ToUpperInvariant();
        fault = Form().IsMatch(text)
            ? null
            : Label.Of($"« {value} » n'est pas un numéro RNA (W et 9 caractères, comme W301000624). Un ancien numéro se saisit comme identifiant RNA_OLD.",
                $"\"{value}\" is not an RNA number (W and 9 characters, like W301000624). An old number goes into an identifier of scheme RNA_OLD.");
        return text;
    }

    [GeneratedRegex(@"^W\d[0-9A-Z]\d{7}\z", RegexOptions.CultureInvariant | RegexOptions.ECMAScript, 1000)]
    private static partial Regex Form();
}
