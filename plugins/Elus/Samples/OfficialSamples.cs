using System.Runtime.CompilerServices;
using Parties.Samples;
using Xrm.Sdk;

namespace Elus.Samples;

/// <summary>Invented officials: the parties plugin's invented persons in the councils of its invented communes, and in that of the department.</summary>
internal static class OfficialSamples
{
    private const int Cantons = 10;
    private const int FirstCouncillor = 1750;

    public static readonly SampleData Data = new(Label.Of("Élus inventés", "Invented officials"), Make);

    private static async IAsyncEnumerable<SampleCommit> Make(Sampling sampling, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Their holders come with the parties; where those are not there, nobody could hold a seat.
        if (await sampling.Xrm.Find(Parties.Person.Type, sampling.Id(InventedDepartment.Person(0)), cancellation) is null)
            yield break;
        var book = new SampleBook(sampling);
        var councils = new InventedCouncils(sampling, book);
        var terms = InventedTerm.Of(sampling.Today);
        yield return Territory(book);
        foreach (var commit in terms.SelectMany(councils.Make).Append(Department(book)).Concat(councils.History(terms[1])))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return commit;
        }
    }

    private static SampleCommit Territory(SampleBook book)
    {
        foreach (var commune in InventedDepartment.Communes)
            book.Create(Constituency.Type, InventedCouncils.Constituency(commune), Values.None.With(Constituency.Kind, ConstituencyType.Commune).With(Constituency.Code, commune.Code).With(Constituency.Name, commune.Name));
        for (var i = 0; i < Cantons; i++)
            book.Create(Constituency.Type, $"canton/{i}", Values.None.With(Constituency.Kind, ConstituencyType.Canton).With(Constituency.Code, $"00{i + 1:00}")
                .With(Constituency.Name, $"Canton {InventedDepartment.Communes[i * 12].Of}"));
        return book.Take("territory", 385, SampleAuthor.Administrator);
    }

    private static SampleCommit Department(SampleBook book)
    {
        InventedTerm[] terms = [new(0, new(2015, 3, 29), new DateOnly(2021, 6, 27)), new(1, new(2021, 6, 27), null)];
        foreach (var term in terms)
        {
            var body = $"department-council/{term.Number}";
            var values = Values.None.With(DeliberativeBody.Name, $"Conseil départemental de la {InventedDepartment.Name}, {term.From.Year}").With(DeliberativeBody.BodyType, "departmentCouncil")
                .With(DeliberativeBody.TermStart, term.From).With(DeliberativeBody.SeatCount, 2 * Cantons);
            book.Create(DeliberativeBody.Type, body, term.To is { } end ? values.With(DeliberativeBody.TermEnd, end) : values);
            for (var canton = 0; canton < Cantons; canton++)
                Pair(book, term, canton, body);
            Functions(book, term);
        }
        return book.Take("department", 374, SampleAuthor.Administrator);
    }

    private static void Pair(SampleBook book, InventedTerm term, int canton, string body)
    {
        for (var half = 0; half < 2; half++)
        {
            var name = $"councillor/{term.Number}/{canton}/{half}";
            // Every second pair is elected again.
            var person = FirstCouncillor + canton * 2 + half + (term.Number == 1 && canton % 2 == 1 ? 2 * Cantons : 0);
            book.Create(Mandate.Type, name, term.Values().With(Mandate.MandateType, "departmental").With(Mandate.EndReason, term.To is null ? null : "termEnd")
                .With(Mandate.ElectionDate, term.From).With(Mandate.Source, MandateSource.Assembly));
            book.Relate(Mandate.HoldsMandate, InventedDepartment.Person(person), name);
            book.Relate(Mandate.ElectedIn, name, $"canton/{canton}");
            book.Relate(Mandate.MandateIn, name, body);
        }
        book.Relate(Mandate.PairedWith, $"councillor/{term.Number}/{canton}/0", $"councillor/{term.Number}/{canton}/1");
    }

    private static void Functions(SampleBook book, InventedTerm term)
    {
        for (var rank = 0; rank <= 6; rank++)
        {
            var name = $"department-function/{term.Number}/{rank}";
            var values = term.Values().With(ElectiveFunction.FunctionType, rank == 0 ? "president" : "vicePresident");
            book.Create(ElectiveFunction.Type, name, rank == 0 ? values : values.With(ElectiveFunction.Rank, rank));
            book.Relate(ElectiveFunction.HasFunction, $"councillor/{term.Number}/{rank}/{rank % 2}", name);
        }
    }
}
