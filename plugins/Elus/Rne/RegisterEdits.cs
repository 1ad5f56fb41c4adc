using System.Collections.Immutable;
using Parties;
using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>Turns facts that are new or different into the edits of one commit.</summary>
internal static class RegisterEdits
{
    private const string ValidFrom = "validFrom";
    private const string ValidTo = "validTo";

    /// <summary>No edits when nothing is different.</summary>
    public static Commit Of(KnownState state)
    {
        var edits = new List<Edit>();
        var holders = state.Communes.Values.SelectMany(commune => commune.Mandates).Select(mandate => mandate.Holder).OfType<PersonFacts>().ToHashSet();
        foreach (var person in state.Persons.All)
            if (person.Version == 0 && !holders.Contains(person))
                continue;
            else if (person.Version == 0)
                edits.Add(new Edit.Create(Person.Type.Name, person.Id, Names(person).With(Official.BirthKey, person.BirthKey)));
            else if (person.IsRespelt)
                edits.Add(new Edit.Update(Person.Type.Name, person.Id, person.Version, Names(person)));
        foreach (var commune in state.Communes.Values)
            Add(edits, commune);
        return Commit.New() with { Edits = ImmutableList.CreateRange(edits) };
    }

    private static void Add(List<Edit> edits, CommuneFacts commune)
    {
        if (commune.Version == 0 && commune.Functions.Count == 0)
            return;
        if (commune.Version == 0)
            edits.Add(new Edit.Create(Constituency.Type.Name, commune.Id, Values.None
                .With(Constituency.Kind, ConstituencyType.Commune).With(Constituency.Code, commune.Code).With(Constituency.Name, commune.Name)));
        else if (commune.IsRenamed)
            edits.Add(new Edit.Update(Constituency.Type.Name, commune.Id, commune.Version, Values.None.With(Constituency.Name, commune.Name)));
        foreach (var mandate in commune.Mandates)
            if (mandate.Version == 0)
                edits.Add(new Edit.Create(Mandate.Type.Name, mandate.Id, Term(mandate.From, mandate.To)
                    .With(Mandate.MandateType, Codes.Municipal).With(Mandate.Source, MandateSource.Rne)
                    .With(Mandate.HoldsMandate.Target.Name, mandate.Holder!.Id).With(Mandate.ElectedIn.Source.Name, commune.Id)));
            else if (mandate.HasNewEnd)
                edits.Add(new Edit.Update(Mandate.Type.Name, mandate.Id, mandate.Version, Values.None.With(ValidTo, mandate.To)));
        foreach (var function in commune.Functions)
            if (function.Version == 0)
                edits.Add(new Edit.Create(ElectiveFunction.Type.Name, function.Id, Term(function.From, function.To)
                    .With(ElectiveFunction.FunctionType, Codes.Mayor).With(ElectiveFunction.HasFunction.Target.Name, function.Mandate.Id)));
            else if (function.HasNewEnd)
                edits.Add(new Edit.Update(ElectiveFunction.Type.Name, function.Id, function.Version, Values.None.With(ValidTo, function.To)));
    }

    private static Values Names(PersonFacts person) => Values.None
        .With(Person.FamilyName, person.FamilyName)
        .With(Person.GivenName, person.GivenName.Length == 0 ? null : person.GivenName);

    private static Values Term(DateOnly from, DateOnly? to) => to is null
        ? Values.None.With(ValidFrom, from)
        : Values.None.With(ValidFrom, from).With(ValidTo, to);
}
