using System.Collections.Immutable;
using Xrm.Sdk;

namespace Parties;

/// <summary>A body with a name: an authority, an association, a company, a school.</summary>
public static class Organisation
{
    public static readonly EntityType Type = EntityType
        .Named("Organisation", Label.Of("Organisation", "Organisation"))
        .Plural("organisations", Label.Of("Organisations", "Organisations"));

    public static readonly Field<string> PreferredLabel = Type
        .Text("preferredLabel", Label.Of("Nom", "Name"))
        .Required().Searchable();

    public static readonly Field<ImmutableArray<string>> AlternativeLabel = Type
        .Text("alternativeLabel", Label.Of("Sigle ou autre nom", "Acronym or other name"), 100)
        .Searchable().Many();

    public static readonly Field<string> Classification = Type
        .Code("classification", Label.Of("Type", "Type"), Codes.OrgType)
        .Required();

    public static readonly Field<string> LegalForm = Type
        .Code("legalForm", Label.Of("Catégorie juridique", "Legal form"), Codes.LegalForm).Group(Headings.Registration);

    /// <summary>Of the body as a whole; not every association has one.</summary>
    public static readonly Field<string> Siren = Type
        .Field("siren", Label.Of("SIREN", "SIREN"), new SirenType())
        .Unique().Searchable().Sensitive(Sensitivity.Public).Group(Headings.Registration);

    /// <summary>Of its seat.</summary>
    public static readonly Field<string> Siret = Type
        .Field("siret", Label.Of("SIRET du siège", "SIRET of the seat"), new SiretType())
        .Unique().Searchable().Sensitive(Sensitivity.Public).Group(Headings.Registration);

    public static readonly Field<string> Rna = Type
        .Field("rna", Label.Of("Numéro RNA", "RNA number"), new RnaType())
        .Unique().Searchable().Sensitive(Sensitivity.Public).Group(Headings.Registration);

    public static readonly Field<string> Purpose = Type
        .LongText("purpose", Label.Of("Objet", "Purpose"), 10_000)
        .Sensitive(Sensitivity.Public);

    public static readonly Field<string> Homepage = Type
        .Url("homepage", Label.Of("Site", "Homepage"))
        .Sensitive(Sensitivity.Public);

    public static readonly Field<DateOnly> FoundedOn = Type
        .Date("foundedOn", Label.Of("Créée le", "Founded on"))
        .Sensitive(Sensitivity.Public).Group(Headings.Registration);

    public static readonly Field<DateOnly> DissolvedOn = Type
        .Date("dissolvedOn", Label.Of("Dissoute le", "Dissolved on"))
        .Sensitive(Sensitivity.Public).Group(Headings.Registration);

    public static readonly Field<string> Notes = Type
        .LongText("notes", Label.Of("Observations", "Notes"))
        .Sensitive(Sensitivity.Special)
        .Help(Codes.NoExcessiveComments);

    static Organisation() => Type.DisplayedAs(PreferredLabel);

    /// <summary>Refuses an organisation dissolved before it was founded.</summary>
    internal static ValueTask CheckDates(Saving organisation, CancellationToken cancellation) =>
        organisation.Get(DissolvedOn) is { Year: > 1 } dissolved && organisation.Get(FoundedOn) is { Year: > 1 } founded && dissolved <= founded
            ? throw new Problem(ProblemCode.Invalid,
                Label.Of("La date de dissolution doit suivre la date de création.", "The day of dissolution must come after the day of foundation."),
                DissolvedOn.Name)
            : ValueTask.CompletedTask;
}
