using Parties.Samples;
using Xrm.Sdk;

namespace Elus.Samples;

/// <summary>Municipal councils of an invented department in two terms: mandates, mayors, deputies, groups, delegations.</summary>
internal sealed class InventedCouncils(Sampling sampling, SampleBook book)
{
    /// <summary>Seats of each council.</summary>
    public const int Seats = 9;
    private const int Deputies = 2;
    private const int Batch = 40;
    private static readonly string[] Subjects = ["Finances", "Écoles et jeunesse", "Voirie et bâtiments", "Culture et vie associative", "Urbanisme", "Action sociale"];

    public static string Constituency(InventedCommune commune) => $"constituency/{commune.Number}";

    public static string Mandate(InventedCommune commune, InventedTerm term, int seat) => $"mandate/{term.Number}/{commune.Number}/{seat}";

    public static string Function(InventedCommune commune, InventedTerm term, int rank) => $"function/{term.Number}/{commune.Number}/{rank}";

    /// <summary>Which seat has the mayor, a third of them new in the present term.</summary>
    public static int Mayor(InventedCommune commune, InventedTerm term) => term.Number == 1 && commune.Number % 3 == 1 ? 1 : 0;

    public IEnumerable<SampleCommit> Make(InventedTerm term)
    {
        var communes = InventedDepartment.Communes;
        for (var i = 0; i < communes.Length; i++)
        {
            Add(communes[i], term);
            if (i % Batch == Batch - 1)
                yield return book.Take($"councils-{term.Number}-{i / Batch}", 380 - term.Number * 3 - i / Batch, SampleAuthor.Administrator);
        }
    }

    private void Add(InventedCommune commune, InventedTerm term)
    {
        var body = $"council/{term.Number}/{commune.Number}";
        var values = Values.None.With(DeliberativeBody.Name, $"Conseil municipal {commune.Of}, {term.From.Year}").With(DeliberativeBody.BodyType, "municipalCouncil")
            .With(DeliberativeBody.TermStart, term.From).With(DeliberativeBody.SeatCount, Seats);
        book.Create(DeliberativeBody.Type, body, term.To is { } end ? values.With(DeliberativeBody.TermEnd, end) : values);
        for (var seat = 0; seat < Seats; seat++)
            Add(commune, term, seat, body);
        Functions(commune, term);
        if (commune.Size == 2)
            Groups(commune, term, body);
    }

    private void Add(InventedCommune commune, InventedTerm term, int seat, string body)
    {
        // Five of nine are elected again; the persons behind those are new.
        var person = term.Number == 1 && seat >= 5 ? InventedDepartment.Communes.Length * Seats + (commune.Number - 1) * (Seats - 5) + seat - 5 : (commune.Number - 1) * Seats + seat;
        var resigns = term.Number == 0 && seat == Seats - 1 && commune.Number % 10 == 4;
        var until = resigns ? term.From.AddDays(900) : term.To;
        Held(Mandate(commune, term, seat), person, term, term.From, until, resigns ? "resignation" : until is null ? null : "termEnd", commune, body);
        if (resigns)
            Held(Mandate(commune, term, Seats), 1600 + commune.Number, term, term.From.AddDays(901), term.To, "termEnd", commune, body);
    }

    private void Held(string name, int person, InventedTerm term, DateOnly from, DateOnly? to, string? reason, InventedCommune commune, string body)
    {
        book.Create(Elus.Mandate.Type, name, term.Values(from, to).With(Elus.Mandate.MandateType, Codes.Municipal).With(Elus.Mandate.EndReason, reason)
            .With(Elus.Mandate.ElectionDate, term.From).With(Elus.Mandate.Source, MandateSource.Assembly));
        book.Relate(Elus.Mandate.HoldsMandate, InventedDepartment.Person(person), name);
        book.Relate(Elus.Mandate.ElectedIn, name, Constituency(commune));
        book.Relate(Elus.Mandate.MandateIn, name, body);
    }

    private void Functions(InventedCommune commune, InventedTerm term)
    {
        var mayor = Mayor(commune, term);
        for (var rank = 0; rank <= Deputies; rank++)
        {
            var mandate = Mandate(commune, term, mayor + rank);
            var values = term.Values().With(ElectiveFunction.FunctionType, rank == 0 ? Codes.Mayor : "deputyMayor");
            book.Create(ElectiveFunction.Type, Function(commune, term, rank), rank == 0 ? values : values.With(ElectiveFunction.Rank, rank));
            book.Relate(ElectiveFunction.HasFunction, mandate, Function(commune, term, rank));
            if (rank > 0 && term.Number == 1)
                Delegate(commune, term, rank, mandate, Mandate(commune, term, mayor));
        }
    }

    private void Delegate(InventedCommune commune, InventedTerm term, int rank, string mandate, string mayor)
    {
        var name = $"delegation/{commune.Number}/{rank}";
        var signed = term.From.AddDays(8);
        var given = term.Values(signed, commune.Number % 12 == 5 && rank == 1 ? signed.AddDays(60) : null);
        book.Create(Delegation.Type, name, given.With(Delegation.Subject, Subjects[(commune.Number + rank) % Subjects.Length]).With(Delegation.Kind, DelegationType.Function)
            .With(Delegation.ActReference, $"{term.From.Year}-{commune.Number * 2 + rank:000}").With(Delegation.ActDate, signed).With(Delegation.PublishedOn, signed.AddDays(2)));
        book.Relate(Delegation.HoldsDelegation, mandate, name);
        book.Relate(Delegation.DelegatedBy, name, mayor);
    }

    private void Groups(InventedCommune commune, InventedTerm term, string body)
    {
        foreach (var (number, label, position) in (ReadOnlySpan<(int, string, GroupPosition)>)[(0, "Ensemble pour la commune", GroupPosition.Majority), (1, "Autrement", GroupPosition.Opposition)])
        {
            var name = $"group/{term.Number}/{commune.Number}/{number}";
            book.Create(PoliticalGroup.Type, name, Values.None.With(PoliticalGroup.Name, label).With(PoliticalGroup.DeclaredOn, term.From.AddDays(15)).With(PoliticalGroup.Position, position));
            book.Relate(PoliticalGroup.GroupOfBody, name, body, term.From.AddDays(15), term.To);
            for (var seat = number == 0 ? 0 : 6; seat < (number == 0 ? 6 : Seats); seat++)
                book.Relate(PoliticalGroup.BelongsToGroup, Mandate(commune, term, seat), name, term.From.AddDays(15), term.To);
        }
    }

    /// <summary>Since they were recorded, a deputy here and there gave up, and another followed.</summary>
    public IEnumerable<SampleCommit> History(InventedTerm term)
    {
        for (var n = 0; n < 12; n++)
        {
            var commune = InventedDepartment.Communes[n * 10 + 7];
            var daysAgo = 130 - n * 10;
            var asked = sampling.Today.AddDays(-daysAgo);
            var day = asked > term.From ? asked : term.From.AddDays(1);
            book.Change(ElectiveFunction.Type, Function(commune, term, Deputies), Values.None.With("validTo", day));
            book.Create(ElectiveFunction.Type, Function(commune, term, Deputies + 1), term.Values(day).With(ElectiveFunction.FunctionType, "deputyMayor").With(ElectiveFunction.Rank, Deputies));
            book.Relate(ElectiveFunction.HasFunction, Mandate(commune, term, Mayor(commune, term) + Deputies + 1), Function(commune, term, Deputies + 1));
            yield return book.Take($"deputy-{n}", daysAgo, SampleAuthor.Clerk);
        }
    }
}
