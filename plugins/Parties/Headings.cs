using Xrm.Sdk;

namespace Parties;

/// <summary>Under what pages show fields; those that name a thing stand above, without a heading, but for persons.</summary>
internal static class Headings
{
    public static readonly Label Identity = Label.Of("Identité", "Identity");
    public static readonly Label Preferences = Label.Of("Préférences", "Preferences");
    public static readonly Label Protection = Label.Of("Observations et protection des données", "Notes and data protection");
    public static readonly Label Registration = Label.Of("Immatriculation", "Registration");
    public static readonly Label AddressParts = Label.Of("Détail de l'adresse", "Parts of the address");
    public static readonly Label Place = Label.Of("Commune et position", "Commune and location");
}
