using System.Globalization;

namespace Xrm.Testing;

/// <summary>Invented values, the same in every run. Nobody has them: the numbers and the domain are set aside for fiction and examples.</summary>
public static class Some
{
    private static readonly string[] FamilyNames = ["ABEL", "BÉRANGER", "CHAUMETTE", "D'ORVILLE", "ÉLOY", "FONTVIEILLE", "LE GOËN", "MARÉCHAL-DUBOIS"];
    private static readonly string[] GivenNames = ["Anaïs", "Bastien", "Chloé", "Désiré", "Élodie", "François", "Gaëlle", "Jean-Noël"];

    /// <summary>Where the clocks of tests start: a Monday in winter, 08:00 UTC.</summary>
    public static DateTimeOffset Monday => TestClock.Monday;

    /// <summary>That Monday as a day; later ones by number, earlier ones by a negative one.</summary>
    public static DateOnly Day(int days = 0) => DateOnly.FromDateTime(Monday.Date).AddDays(days);

    /// <summary>A family name as registers write it: capitals, accents, hyphens, particles.</summary>
    public static string FamilyName(int number = 0) => Of(FamilyNames, number);

    /// <summary>A given name.</summary>
    public static string GivenName(int number = 0) => Of(GivenNames, number);

    /// <summary>An e-mail address; another for each number.</summary>
    public static string Email(int number = 0) => string.Create(CultureInfo.InvariantCulture, $"some{number}@example.org");

    /// <summary>A French mobile number in the form of E.164; another for each number up to 99.</summary>
    public static string Phone(int number = 0) => string.Create(CultureInfo.InvariantCulture, $"+336399801{number % 100:D2}");

    /// <summary>A text of so many characters, with accents and spaces in it.</summary>
    public static string Text(int length = 40)
    {
        const string Words = "Où l'été passé, çà et là, naïvement, on fêta Noël à l'île. ";
        return string.Create(length, 0, static (text, _) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = Words[i % Words.Length];
            // Spaces at an end would be taken off when it is saved.
            if (text.Length > 0 && text[^1] == ' ')
                text[^1] = '.';
        });
    }

    private static string Of(string[] names, int number) => names[number % names.Length];
}
