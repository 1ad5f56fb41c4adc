using Xrm.Sdk;

namespace Parties;

/// <summary>A SIRET: fourteen digits that pass Luhn's check; those of La Poste (SIREN 356000000) may have a sum that is a multiple
/// of five instead (rule X-R10). Kept as digits only.</summary>
public sealed class SiretType : PlainFieldType<string>
{
    private const string LaPoste = "356000000";

    public override string Name => "siret";

    public override Shape Shape => Shape.Text;

    public override int? MaxLength => 14;

    public override object Check(object value, out Label? fault)
    {
        var digits = Digits.Of((string)value);
        fault = digits.Length == 14 && Digits.AreAll(digits) && (Digits.Luhn(digits) % 10 == 0 || IsOfLaPoste(digits))
            ? null
            : Label.Of($"« {value} » n'est pas un numéro SIRET (14 chiffres, clé comprise, comme 732 829 320 00074). Vérifiez la saisie.",
                $"\"{value}\" is not a SIRET (14 digits with a check digit, like 732 829 320 00074). Check the digits.");
        return digits;
    }

    private static bool IsOfLaPoste(string digits) =>
        digits.StartsWith(LaPoste, StringComparison.Ordinal) && digits.Sum(d => d - '0') % 5 == 0;
}
