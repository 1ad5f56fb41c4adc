using System.Collections.Immutable;
using Xrm.Sdk;

namespace Parties.Samples;

/// <summary>Three hundred organisations: the department and its units, communes, groups of communes, associations, companies, schools.</summary>
internal sealed class InventedOrganisations(Sampling sampling, SampleBook book)
{
    public const int Count = 300;
    public const int Associations = 110;
    public const int Companies = 45;
    private static readonly DateOnly Founded = new(1985, 1, 1);

    private static readonly string[] Clubs = ["Cyclo-club", "Chorale", "Club de lecture", "Foyer rural", "Amicale laïque", "Union sportive", "Société de pêche", "Comité des fêtes", "Jardins partagés", "Atelier théâtre", "Harmonie municipale"];
    private static readonly string[] Trades = ["Menuiserie", "Boulangerie", "Imprimerie", "Scierie", "Charpentes", "Transports", "Brasserie", "Pépinières", "Garage"];
    private static readonly string[] Units = ["Direction des solidarités", "Direction des routes", "Direction des collèges", "Direction de la culture", "Direction des finances", "Service des assemblées", "Service des archives", "Service de l'eau", "Service du sport", "Service informatique"];

    private int _made;

    public static string Association(int number) => $"association/{number}";

    public static string Company(int number) => $"company/{number}";

    public static string Unit(int number) => $"unit/{number}";

    public static int UnitCount => Units.Length + 1;

    public SampleCommit Make()
    {
        var communes = InventedDepartment.Communes;
        Add(InventedDepartment.Department, $"Département de la {InventedDepartment.Name}", "department", "7220", communes[0]);
        foreach (var commune in communes)
            Add(InventedDepartment.Organisation(commune), $"Commune {commune.Of}", "commune", "7210", commune);
        for (var i = 0; i < 9; i++)
            Add($"epci/{i}", $"Communauté de communes {communes[i * 12].Of}", "epci", null, communes[i * 12]);
        for (var i = 0; i < Associations; i++)
            // The first is the one that a task of the demonstration speaks of.
            Add(Association(i), i == 0 ? "Cyclo-club d'Aubreval" : i == 1 ? "Atelier des 3 ponts" : $"{Clubs[i % Clubs.Length]} {communes[i % communes.Length].Of}", "association", "9220", communes[i % communes.Length]);
        for (var i = 0; i < Companies; i++)
            Add(Company(i), $"{Trades[i % Trades.Length]} {communes[i * 2].Of}", "company", null, communes[i * 2]);
        for (var i = 0; i < 12; i++)
            Add($"school/{i}", $"Collège {communes[i * 10].Of}", "school", null, communes[i * 10]);
        Add("rescue", $"Service d'incendie et de secours de la {InventedDepartment.Name}", "sdis", null, communes[0]);
        for (var i = _made; i < Count; i++)
            Add($"state/{i}", $"Trésorerie {communes[i % communes.Length].Of}", "stateService", null, communes[i % communes.Length]);
        MakeUnits();
        return book.Take("organisations", 400, SampleAuthor.Administrator);
    }

    private void MakeUnits()
    {
        book.Create(OrganisationalUnit.Type, Unit(0), Values.None.With(OrganisationalUnit.PreferredLabel, "Direction générale des services").With(OrganisationalUnit.UnitType, "dgs"));
        book.Relate(Staffing.UnitOf, Unit(0), InventedDepartment.Department);
        for (var i = 1; i < UnitCount; i++)
        {
            book.Create(OrganisationalUnit.Type, Unit(i), Values.None.With(OrganisationalUnit.PreferredLabel, Units[i - 1]).With(OrganisationalUnit.UnitType, i <= 5 ? "direction" : "service"));
            book.Relate(Staffing.PartOf, Unit(i), Unit(i <= 5 ? 0 : i - 5));
            book.Relate(Staffing.UnitOf, Unit(i), InventedDepartment.Department);
        }
    }

    private void Add(string name, string label, string kind, string? form, InventedCommune commune)
    {
        var chance = sampling.Chance(name);
        var number = _made++;
        var values = Values.None.With(Organisation.PreferredLabel, label).With(Organisation.Classification, kind).With(Organisation.LegalForm, form).With(Organisation.Siren, Siren(number));
        if (kind == "association")
            values = values.With(Organisation.Rna, $"W00{number:0000000}").With(Organisation.FoundedOn, Founded.AddDays(chance.Next(12_000)))
                .With(Organisation.Purpose, "Animer la vie locale et réunir les habitants.");
        book.Create(Organisation.Type, name, values);
        book.Create(Address.Type, name + "/address", Place(chance, commune));
        book.Relate(Location.LocatedAt, name, name + "/address", values: Values.None.With(Location.Use, SiteUse.Seat));
        book.Create(ContactPoint.Type, name + "/mail", Values.None.With(ContactPoint.Channel, ContactChannel.Email).With(ContactPoint.Value, $"contact@{InventedNames.Plain(label)}.example")
            .With(ContactPoint.Use, ContactUse.Organisation).With(ContactPoint.Visibility, ContactVisibility.Public));
        book.Relate(ContactPoint.HasContactPoint, name, name + "/mail");
    }

    public static Values Place(Random chance, InventedCommune commune)
    {
        var (number, street) = (chance.Next(1, 99), InventedNames.Of(chance, InventedNames.Streets));
        return Values.None
            .With(Address.FullAddress, $"{number} {street}, {commune.PostCode} {commune.Name}")
            .With(Address.LocatorDesignator, $"{number}").With(Address.Thoroughfare, street)
            .With(Address.PostCode, commune.PostCode).With(Address.PostName, commune.Name).With(Address.InseeCommuneCode, commune.Code);
    }

    /// <summary>A number with its check digit that begins with 0000, below all that the register of companies is known to have given; no range is kept free for examples.</summary>
    internal static string Siren(int number)
    {
        var digits = $"{number + 1:00000000}";
        return Enumerable.Range(0, 10).Select(check => digits + (char)('0' + check)).First(siren => Digits.Luhn(siren) % 10 == 0);
    }
}
