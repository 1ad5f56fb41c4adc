using System.Collections.Immutable;
using Xrm.Sdk;

namespace Parties;

/// <summary>How a person is addressed (rule X-R43).</summary>
public enum Honorific
{
    Mme,
    M,
}

/// <summary>A human. What the procedure at hand does not need is not asked: no birth name, no date of birth (rule X-R05).</summary>
public static class Person
{
    public static readonly EntityType Type = EntityType
        .Named("Person", Label.Of("Personne", "Person"))
        .Plural("persons", Label.Of("Personnes", "Persons"));

    public static readonly Field<Honorific> Honorific = Type
        .Choice<Honorific>("honorific", Label.Of("Civilité", "Honorific"), (Parties.Honorific.Mme, Label.Of("Madame", "Madame")), (Parties.Honorific.M, Label.Of("Monsieur", "Monsieur")))
        .Sensitive(Sensitivity.Personal).Group(Headings.Identity);

    public static readonly Field<string> GivenName = Type
        .Text("givenName", Label.Of("Prénom", "Given name"), 100)
        .Searchable().Sensitive(Sensitivity.Personal).Group(Headings.Identity);

    /// <summary>The name used in letters: with capitals, accents, particles and hyphens as the person writes it.</summary>
    public static readonly Field<string> FamilyName = Type
        .Text("familyName", Label.Of("Nom d'usage ou de famille", "Family name"), 100)
        .Required().Searchable().Sensitive(Sensitivity.Personal).Group(Headings.Identity);

    public static readonly Field<ImmutableArray<string>> AlternativeName = Type
        .Text("alternativeName", Label.Of("Autre nom", "Alternative name"), 100)
        .Searchable().Sensitive(Sensitivity.Personal).Group(Headings.Identity)
        .Help(Label.Of("Par exemple le pseudonyme d'un déclarant.", "For instance the pseudonym of somebody who reports."))
        .Many();

    public static readonly Field<string> PreferredLanguage = Type
        .Code("preferredLanguage", Label.Of("Langue préférée", "Preferred language"), Codes.Language)
        .Default("fr").Sensitive(Sensitivity.Personal).Group(Headings.Preferences);

    public static readonly Field<DateOnly> DateOfDeath = Type
        .Date("dateOfDeath", Label.Of("Date de décès", "Date of death"))
        .Sensitive(Sensitivity.Personal).Group(Headings.Identity)
        .Help(Label.Of("Aucun message n'est plus envoyé.", "No more message is sent."));

    public static readonly Field<bool> Restricted = Type
        .Boolean("restricted", Label.Of("Traitement limité", "Restricted"))
        .Sensitive(Sensitivity.Personal).Group(Headings.Protection)
        .Help(Label.Of("À la demande de la personne (RGPD, article 18).", "At the person's request (GDPR, article 18)."));

    public static readonly Field<string> Notes = Type
        .LongText("notes", Label.Of("Observations", "Notes"))
        .Sensitive(Sensitivity.Special).Group(Headings.Protection)
        .Help(Codes.NoExcessiveComments);

    static Person() => Type.DisplayedAs(GivenName, FamilyName).ListedBy(FamilyName, GivenName);
}
