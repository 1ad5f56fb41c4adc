using Parties.Samples;
using Xrm.Sdk;

namespace Parties;

/// <summary>Persons, organisations, their units, addresses and contact points: the ground that the departments' plugins share.</summary>
public sealed class PartiesPlugin : Plugin
{
    public override string Id => "parties";

    public override Label Title => Label.Of("Tiers", "Parties");

    public override Label Description => Label.Of(
        "Personnes, organisations, services, adresses et points de contact, communs à tous les modules.",
        "Persons, organisations, units, addresses and contact points, shared by all plugins.");

    public override void Describe(ModelBuilder model) => model
        .Add(Person.Type, Organisation.Type, OrganisationalUnit.Type, Address.Type, ContactPoint.Type, Identifier.Type)
        .Add(Employment.WorksFor, Staffing.AssignedToUnit, Staffing.HeadsUnit, Staffing.PartOf, Staffing.UnitOf)
        .Add(Affiliation.MemberOf, Affiliation.SubOrganisationOf, Affiliation.Represents, Affiliation.ContactFor)
        .Add(Location.LivesAt, Location.LocatedAt, ContactPoint.HasContactPoint, Identifier.HasIdentifier)
        .Add(Codes.Language, Codes.Country, Codes.OrgType, Codes.LegalForm, Codes.UnitType, Codes.IdScheme)
        .PersonalData(Person.Type, Label.Of("Relations de la collectivité avec ses usagers et partenaires", "Dealings of the authority with citizens and partners"))
        .PersonalData(ContactPoint.Type, Label.Of("Joindre les personnes", "Reaching persons"), ContactPoint.HasContactPoint.Target)
        .PersonalData(Identifier.Type, Label.Of("Reconnaître les personnes dans d'autres référentiels", "Recognising persons in other registers"), Identifier.HasIdentifier.Target)
        .PersonalData(Address.Type, Label.Of("Savoir où les personnes habitent", "Knowing where persons live"), Location.LivesAt.Target)
        .Role("agent", Label.Of("Agent", "Agent"), Grants.OfAgents)
        .Role("executive", Label.Of("Direction générale", "Executive"), Grants.OfExecutives)
        .Role("integrator", Label.Of("Application tierce", "Integrator"), Grants.OfIntegrators);

    public override void Attach(Hooks hooks, PluginContext context)
    {
        hooks.Saving(Organisation.Type).Add(Organisation.CheckDates);
        hooks.Saving(ContactPoint.Type).Add(ContactPoint.Check);
        hooks.Samples.Add(PartySamples.Data);
    }
}
