using Parties;

namespace Elus.Rne;

/// <summary>The five-character code of a commune, from what either generation of the register writes.</summary>
internal static class CommuneCode
{
    /// <summary>Overseas as the register of 2019 has it. The commune's three digits there begin with the department's last one.</summary>
    private static readonly Dictionary<string, string> Overseas = new(StringComparer.Ordinal)
    {
        ["ZA"] = "971", ["ZB"] = "972", ["ZC"] = "973", ["ZD"] = "974", ["ZS"] = "975", ["ZM"] = "976",
        ["ZX"] = "977", ["ZW"] = "986", ["ZP"] = "987", ["ZN"] = "988",
    };

    /// <summary>Joins department and commune; null when they make no code.</summary>
    /// <param name="department">As written: <c>1</c>, <c>08</c>, <c>2A</c>, <c>ZD</c>, <c>974</c>, <c>6AE</c>, empty.</param>
    /// <param name="commune">As written: <c>08001</c> or, of 2019, <c>001</c>; spreadsheets drop leading zeros.</param>
    public static string? Of(string department, string commune)
    {
        department = department.ToUpperInvariant();
        commune = commune.ToUpperInvariant();
        if (department.Length == 1)
            department = "0" + department;
        var code = commune.Length switch
        {
            5 => commune,
            4 when department.Length == 2 && department[0] == '0' && department[1] == commune[0] => "0" + commune,
            > 0 and < 4 => Join(Overseas.GetValueOrDefault(department, department), commune),
            _ => null,
        };
        return code is not null && CommuneCodeType.IsCode(code) ? code : null;
    }

    /// <summary>The department that a commune's code names: two characters, overseas three.</summary>
    public static string Department(string code) => code[0] == '9' && code[1] is '7' or '8' ? code[..3] : code[..2];

    private static string? Join(string department, string commune) => department.Length switch
    {
        2 => department + commune.PadLeft(3, '0'),
        // Saint-Martin (978) shares a department code with Saint-Barthélemy (977) in the register.
        3 when department is "977" && commune.Length == 3 && commune[0] is '7' or '8' => "97" + commune,
        3 when department[0] == '9' && commune.Length == 3 && commune[0] == department[2] => department[..2] + commune,
        3 when department[0] == '9' && commune.Length < 3 => department + commune.PadLeft(2, '0'),
        _ => null,
    };
}
