namespace Xrm.Core.Search;

/// <summary>What a text looks like, whatever its field's type: contact points of every channel share one field.</summary>
internal enum ValueForm
{
    Plain,
    /// <summary>An address with an at sign and no space: fragments of it are found.</summary>
    Email,
    /// <summary>A number in E.164: it is found as people dial it, and by fragments.</summary>
    Phone,
}

/// <summary>Tells forms of values apart.</summary>
internal static class ValueForms
{
    /// <summary>Fragments are found from this length on.</summary>
    public const int Fragment = 4;
    /// <summary>Room for any national number.</summary>
    public const int NationalLength = 16;

    /// <summary>France and what of it overseas has a prefix of its own; there a 0 is dialled in its place.</summary>
    private static readonly byte[][] Prefixes = [.. ((string[])["33", "262", "590", "594", "596", "508"]).Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <param name="json">A JSON string.</param>
    public static ValueForm Of(ReadOnlySpan<byte> json)
    {
        var text = json[1..^1];
        if (text.Length is >= 7 and <= 16 && text[0] == '+' && text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
            return ValueForm.Phone;
        return text.IndexOf((byte)'@') > 0 && text.IndexOf((byte)' ') < 0 ? ValueForm.Email : ValueForm.Plain;
    }

    /// <summary>The number as it is dialled within the country; empty where no other form is known.</summary>
    /// <param name="digits">With the country's prefix, without plus.</param>
    public static ReadOnlySpan<byte> National(ReadOnlySpan<byte> digits, Span<byte> room)
    {
        foreach (var prefix in Prefixes)
            if (digits.StartsWith(prefix))
            {
                room[0] = (byte)'0';
                digits[prefix.Length..].CopyTo(room[1..]);
                return room[..(digits.Length - prefix.Length + 1)];
            }
        return [];
    }

    public static bool IsNumber(ReadOnlySpan<byte> word) => word.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
