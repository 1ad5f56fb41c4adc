using System.Collections.Immutable;

namespace Parties.Samples;

/// <summary>A commune that is on no map.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">With the name of a river or a country that there is not.</param>
/// <param name="Size">0 a village, 1 a small town, 2 a town.</param>
public sealed record InventedCommune(int Number, string Name, int Size)
{
    /// <summary>Of department 00, which INSEE gave to none.</summary>
    public string Code => $"00{Number:000}";

    /// <summary>No postcode begins with 00.</summary>
    public string PostCode => $"00{(Number % 40) + 100:000}";

    /// <summary>As in <c>maire d'Aubreval</c>.</summary>
    public string Of => (Name[0] is 'A' or 'E' or 'I' or 'O' or 'U' or 'É' ? "d'" : "de ") + Name;
}

/// <summary>The department in which invented data lie: its communes, and the names under which other plugins find what this one makes.</summary>
public static class InventedDepartment
{
    /// <summary>Its name.</summary>
    public const string Name = "Sorane";

    /// <summary>How many persons there are.</summary>
    public const int Persons = 2000;

    private static readonly string[] Beginnings = ["Aubre", "Belle", "Char", "Cour", "Dorne", "Fleu", "Garen", "Haute", "Lau", "Mar"];
    private static readonly string[] Ends = ["val", "mesnil", "fontaine"];
    private static readonly string[] Places = ["-sur-Sorane", "-en-Vaudrange", "-lès-Ormelle", "-sous-Talvenne"];

    /// <summary>All 120, towns among them.</summary>
    public static ImmutableArray<InventedCommune> Communes { get; } =
        [.. Places.SelectMany((place, p) => Ends.SelectMany((end, e) => Beginnings.Select((beginning, b) => (Name: beginning + end + place, Number: (p * Ends.Length + e) * Beginnings.Length + b + 1))))
            .Select(c => new InventedCommune(c.Number, c.Name, c.Number % 30 == 1 ? 2 : c.Number % 6 == 1 ? 1 : 0))];

    /// <summary>The name of a person, from 0.</summary>
    public static string Person(int number) => $"person/{number}";

    /// <summary>The name of a commune as an organisation.</summary>
    public static string Organisation(InventedCommune commune) => $"commune/{commune.Number}";

    /// <summary>The name of the department as an organisation.</summary>
    public const string Department = "department";
}
