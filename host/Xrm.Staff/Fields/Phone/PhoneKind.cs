using System.Text;

namespace Xrm.Staff.Fields;

/// <summary>Phone numbers: French ones as France writes them, others in groups of two after the prefix.</summary>
internal sealed class PhoneKind() : FieldKind<PhoneView, PhoneInput>("phone")
{
    private static readonly string[] ThreeFigures = ["+262", "+590", "+594", "+596", "+508", "+687", "+689", "+681"];

    public override string Write(FieldScope scope, object value)
    {
        var number = (string)value;
        if (number is { Length: 12 } && number.StartsWith("+33", StringComparison.Ordinal))
            return InPairs("0" + number[3..], 2);
        var prefix = Array.Exists(ThreeFigures, p => number.StartsWith(p, StringComparison.Ordinal)) ? 4 : 3;
        return number.Length <= prefix ? number : number[..prefix] + " " + InPairs(number[prefix..], (number.Length - prefix) % 2 == 0 ? 2 : 3);
    }

    private static string InPairs(string figures, int first)
    {
        var text = new StringBuilder(figures.Length * 3 / 2);
        for (var i = 0; i < figures.Length; i++)
        {
            if (i >= first && (i - first) % 2 == 0)
                text.Append(' ');
            text.Append(figures[i]);
        }
        return text.ToString();
    }
}
