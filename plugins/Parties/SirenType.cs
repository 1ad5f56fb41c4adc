using Xrm.Sdk;

namespace Parties;

/// <summary>A SIREN: nine digits that pass Luhn's check (rule X-R10). Kept as digits only.</summary>
public sealed class SirenType : PlainFieldType<string>
{
    public override string Name => "siren";

    public override Shape Shape => Shape.Text;

    public override int? MaxLength => 9;

    public override object Check(object value, out Label? fault)
    {
        var digits = Digits.Of((string)value);
        fault = digits.Length == 9 && Digits.AreAll(digits) && Digits.Luhn(digits) % 10 == 0
            ? null
            : Label.Of($"« {value} » n'est pas un numéro SIREN (9 chiffres, clé comprise, comme 732 829 320). Vérifiez la saisie.",
                $"\"{value}\" is not a SIREN (9 digits with a check digit, like 732 829 320). Check the digits.");
        return digits;
    }
}
