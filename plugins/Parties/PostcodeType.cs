using Xrm.Sdk;

namespace Parties;

/// <summary>A French postcode: five digits. It names no commune: several share one, and one has several (rule X-R13).</summary>
public sealed class PostcodeType : PlainFieldType<string>
{
    public override string Name => "postcode";

    public override Shape Shape => Shape.Text;

    public override int? MaxLength => 5;

    public override object Check(object value, out Label? fault)
    {
        var digits = Digits.Of((string)value);
        fault = digits.Length == 5 && Digits.AreAll(digits)
            ? null
            : Label.Of($"« {value} » n'est pas un code postal (5 chiffres, comme 08000).", $"\"{value}\" is not a postcode (5 digits, like 08000).");
        return digits;
    }
}
