namespace Parties;

/// <summary>Numbers as people write them: digits with spaces, points or hyphens between.</summary>
internal static class Digits
{
    /// <summary>Without what people put between the digits.</summary>
    public static string Of(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('.' or '-')));

    public static bool AreAll(string text) => text.All(char.IsAsciiDigit);

    /// <summary>The sum in which every second digit from the right counts double, less nine when above nine.</summary>
    public static int Luhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
        }
        return sum;
    }
}
