using Parties;
using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>What the data say of the departments of a file, read at once: the persons, and by commune who was mayor when.</summary>
internal sealed class KnownState
{
    private static readonly Label Loading = Label.Of("Lecture des données", "Reading the data");

    public KnownPersons Persons { get; } = new();

    /// <summary>By code; of the file's departments only.</summary>
    public Dictionary<string, CommuneFacts> Communes { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads persons in one question and communes in some, so that few answers are in memory at a time.</summary>
    /// <param name="xrm">The plugin's own door: matching needs the keys that nobody sees.</param>
    /// <param name="departments">Those that the file speaks of.</param>
    /// <param name="progress">Told before each question.</param>
    public static async ValueTask<KnownState> Load(IXrm xrm, IReadOnlyCollection<string> departments, IProgress<ImportProgress> progress, CancellationToken cancellation)
    {
        var state = new KnownState();
        foreach (var person in (await xrm.Query(Query.For(Person.Type), cancellation).ConfigureAwait(false)).Entities)
            state.Persons.Add(new(person.Id, person.Version, person.Get(Person.FamilyName) ?? "", person.Get(Person.GivenName) ?? "", person.Get(Official.BirthKey)));

        var communes = Query.For(Constituency.Type).Where(Constituency.Kind.Is(ConstituencyType.Commune));
        if ((await xrm.Query(communes.First(1), cancellation).ConfigureAwait(false)).Entities.IsEmpty)
            return state;
        communes = communes.With(Ever(Mandate.ElectedIn.Target) with
        {
            With = [Ever(Mandate.HoldsMandate.Target), Ever(ElectiveFunction.HasFunction.Source)],
        });
        // Of a whole country ten questions rather than a hundred.
        foreach (var prefix in departments.Count <= 10 ? departments : departments.Select(department => department[..1]).Distinct())
        {
            progress.Report(new(0, Loading));
            foreach (var commune in (await xrm.Query(communes.Where(Constituency.Code.StartsWith(prefix)), cancellation).ConfigureAwait(false)).Entities)
                state.Add(commune);
        }
        return state;
    }

    private static Include Ever(RelationshipEnd end) => new(end.Name) { During = Period.Always };

    private void Add(Entity entity)
    {
        var commune = new CommuneFacts(entity.Id, entity.Version, entity.Get(Constituency.Code) ?? "", entity.Get(Constituency.Name) ?? "");
        Communes.Add(commune.Code, commune);
        foreach (var link in entity.Get(Mandate.ElectedIn.Target))
            if (link.Other is { } mandate && mandate.Get(Mandate.MandateType) == Codes.Municipal)
                Add(commune, mandate);
    }

    private void Add(CommuneFacts commune, Entity entity)
    {
        var holder = entity.Get(Mandate.HoldsMandate.Target) is [var link, ..] ? Persons[link.Source] : null;
        var mandate = new MandateFacts(entity.Id, entity.Version, holder, entity.Period.From ?? DateOnly.MinValue, entity.Period.To);
        commune.Mandates.Add(mandate);
        foreach (var function in entity.Get(ElectiveFunction.HasFunction.Source))
            if (function.Other is { } mayor && mayor.Get(ElectiveFunction.FunctionType) == Codes.Mayor)
            {
                commune.Add(new(mayor.Id, mayor.Version, mandate, mayor.Period.From ?? DateOnly.MinValue, mayor.Period.To));
                if (holder is not null && mayor.Period.From > holder.Newest)
                    holder.Newest = mayor.Period.From.Value;
            }
    }
}
