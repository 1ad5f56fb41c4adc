using System.Runtime.CompilerServices;
using Xrm.Sdk;

namespace Parties.Samples;

/// <summary>Invented parties of an invented department, and what happened to some of them since they were recorded.</summary>
internal static class PartySamples
{
    /// <summary>How many persons changed something, one commit for each.</summary>
    private const int Changes = 40;

    public static readonly SampleData Data = new(Label.Of("Tiers inventés", "Invented parties"), Make);

    private static async IAsyncEnumerable<SampleCommit> Make(Sampling sampling, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Nothing here is waited for; the hook lets others read in between.
        await Task.CompletedTask;
        var book = new SampleBook(sampling);
        var people = new InventedPeople(sampling, book);
        yield return new InventedOrganisations(sampling, book).Make();
        foreach (var commit in people.Make())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return commit;
        }
        foreach (var commit in History(sampling, book, people))
            yield return commit;
    }

    private static IEnumerable<SampleCommit> History(Sampling sampling, SampleBook book, InventedPeople people)
    {
        book.Change(Organisation.Type, InventedOrganisations.Association(1), Values.None.With(Organisation.PreferredLabel, "Atelier des Trois Ponts"));
        yield return book.Take("name-corrected", 210, SampleAuthor.Clerk);
        var communes = InventedDepartment.Communes;
        for (var n = 0; n < Changes; n++)
        {
            var i = 7 + n * 37;
            var (name, daysAgo) = (InventedDepartment.Person(i), 200 - n * 5);
            var (chance, day) = (sampling.Chance($"change/{i}"), sampling.Today.AddDays(-daysAgo));
            switch (n % 4)
            {
                case 0: // moves house
                    book.End(Location.LivesAt, name, InventedPeople.Home(i), people.Since(i), day);
                    book.Create(Address.Type, name + "/new-home", InventedOrganisations.Place(chance, communes[chance.Next(communes.Length)]));
                    book.Relate(Location.LivesAt, name, name + "/new-home", day, values: Values.None.With(Location.Main, true));
                    break;
                case 1: // takes another name
                    book.Change(Person.Type, name, Values.None.With(Person.FamilyName, InventedNames.Next(chance).Family));
                    break;
                case 2: // the mail comes back
                    book.Change(ContactPoint.Type, InventedPeople.Mail(i), Values.None.With(ContactPoint.Status, ContactStatus.Bounced));
                    break;
                default: // leaves the club, or asks for less
                    if (i % 2 == 0)
                        book.End(Affiliation.MemberOf, name, InventedOrganisations.Association(InventedPeople.Club(i)), people.Since(i), day);
                    book.Change(Person.Type, name, Values.None.With(Person.Restricted, true));
                    break;
            }
            yield return book.Take($"change-{n}", daysAgo, n % 3 == 0 ? SampleAuthor.Administrator : SampleAuthor.Clerk);
        }
    }
}
