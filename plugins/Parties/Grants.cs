using Xrm.Sdk;

namespace Parties;

/// <summary>What each role may do here. Special data (P3) stay with those who are given them by name.</summary>
internal static class Grants
{
    private static readonly EntityType[] Types = [Person.Type, Organisation.Type, OrganisationalUnit.Type, Address.Type, ContactPoint.Type, Identifier.Type];

    private static readonly RelationshipType[] Relations =
    [
        Employment.WorksFor, Staffing.AssignedToUnit, Staffing.HeadsUnit, Staffing.PartOf, Staffing.UnitOf,
        Affiliation.MemberOf, Affiliation.SubOrganisationOf, Affiliation.Represents, Affiliation.ContactFor,
        Location.LivesAt, Location.LocatedAt, ContactPoint.HasContactPoint, Identifier.HasIdentifier,
    ];

    /// <summary>Agents keep parties up to date.</summary>
    public static void OfAgents(GrantBuilder grant) => grant.All(Sensitivity.Personal, Types).All(Relations);

    /// <summary>The executive reads.</summary>
    public static void OfExecutives(GrantBuilder grant) => grant.Read(Sensitivity.Personal, Types).Read(Relations);

    /// <summary>An integrator keeps organisations and persons in step with another system.</summary>
    public static void OfIntegrators(GrantBuilder grant) => grant.All(Sensitivity.Personal, Types).All(Relations);
}
