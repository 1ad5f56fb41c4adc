using Xrm.Sdk;

namespace Parties.Samples;

/// <summary>Two thousand persons with where they live, how they are reached, where they work and what they are members of.</summary>
internal sealed class InventedPeople(Sampling sampling, SampleBook book)
{
    private const int Batch = 500;
    private static readonly string[] Posts = ["Chargée de projet", "Comptable", "Responsable d'équipe", "Agent d'accueil", "Technicien", "Directrice", "Secrétaire", "Ingénieur"];

    public static string Home(int person) => $"{InventedDepartment.Person(person)}/home";

    public static string Mail(int person) => $"{InventedDepartment.Person(person)}/mail";

    /// <summary>The first day of a person's membership, or of its living where it does.</summary>
    public DateOnly Since(int person) => new DateOnly(sampling.Today.Year - 12, 1, 1).AddDays(sampling.Chance($"since/{person}").Next(3000));

    /// <summary>Of which association a person is a member.</summary>
    public static int Club(int person) => person == 0 ? 0 : person % InventedOrganisations.Associations;

    public IEnumerable<SampleCommit> Make()
    {
        for (var i = 0; i < InventedDepartment.Persons; i++)
        {
            Add(i);
            if (i % Batch == Batch - 1)
                yield return book.Take($"persons-{i / Batch}", 395 - i / Batch, SampleAuthor.Administrator);
        }
    }

    private void Add(int i)
    {
        var name = InventedDepartment.Person(i);
        var chance = sampling.Chance(name);
        var (honorific, given, family) = i == 0 ? (Honorific.Mme, "Maëlle", "Brossard") : InventedNames.Next(chance);
        book.Create(Person.Type, name, Values.None.With(Person.Honorific, honorific).With(Person.GivenName, given).With(Person.FamilyName, family));
        var since = Since(i);
        book.Create(Address.Type, Home(i), InventedOrganisations.Place(chance, InventedDepartment.Communes[i % InventedDepartment.Communes.Length]));
        book.Relate(Location.LivesAt, name, Home(i), since, values: Values.None.With(Location.Main, true));
        Reach(i, name, ContactChannel.Email, Mail(i), $"{InventedNames.Plain(given)}.{InventedNames.Plain(family)}@example.org");
        // These beginnings of numbers are kept free for fiction (ARCEP, decision 2018-0881, annex).
        if (chance.Next(3) > 0)
            Reach(i, name, ContactChannel.Mobile, name + "/mobile", $"+3363998{i:0000}");
        else
            Reach(i, name, ContactChannel.Landline, name + "/phone", $"+3335301{i:0000}");
        Work(i, name, chance);
        if (i % 2 == 0)
            book.Relate(Affiliation.MemberOf, name, InventedOrganisations.Association(Club(i)), since, values: chance.Next(8) == 0 ? Values.None.With(Affiliation.MemberRole, "Trésorière ou trésorier") : null);
    }

    private void Reach(int person, string name, ContactChannel channel, string point, string value)
    {
        book.Create(ContactPoint.Type, point, Values.None.With(ContactPoint.Channel, channel).With(ContactPoint.Value, value).With(ContactPoint.Use, ContactUse.Personal).With(ContactPoint.Rank, channel == ContactChannel.Email ? 1 : 2));
        book.Relate(ContactPoint.HasContactPoint, name, point, Since(person));
    }

    private void Work(int i, string name, Random chance)
    {
        if (i % 3 != 0)
            return;
        var first = new DateOnly(sampling.Today.Year - 15, 9, 1).AddDays(chance.Next(2500));
        var changes = chance.Next(3) == 0;
        var end = first.AddDays(400 + chance.Next(1500));
        book.Relate(Employment.WorksFor, name, InventedOrganisations.Company(chance.Next(InventedOrganisations.Companies)), first, changes ? end : null, Values.None.With(Employment.Position, InventedNames.Of(chance, Posts)));
        if (!changes)
            return;
        // The next post is with the department, in one of its units.
        book.Relate(Employment.WorksFor, name, InventedDepartment.Department, end, values: Values.None.With(Employment.Position, InventedNames.Of(chance, Posts)));
        book.Relate(Staffing.AssignedToUnit, name, InventedOrganisations.Unit(chance.Next(InventedOrganisations.UnitCount)), end, values: Values.None.With(Staffing.Quota, chance.Next(4) == 0 ? 0.8m : 1m));
    }
}
