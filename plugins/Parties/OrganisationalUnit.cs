using Xrm.Sdk;

namespace Parties;

/// <summary>A part of an organisation in which people work: a directorate, a service, a fire station.</summary>
public static class OrganisationalUnit
{
    public static readonly EntityType Type = EntityType
        .Named("OrganisationalUnit", Label.Of("Service", "Organisational unit"))
        .Plural("organisationalUnits", Label.Of("Services", "Organisational units"));

    public static readonly Field<string> PreferredLabel = Type
        .Text("preferredLabel", Label.Of("Nom", "Name"))
        .Required().Searchable();

    public static readonly Field<string> UnitType = Type
        .Code("unitType", Label.Of("Niveau", "Level"), Codes.UnitType)
        .Required();

    public static readonly Field<string> CostCentre = Type
        .Text("costCentre", Label.Of("Centre de coûts", "Cost centre"), 30);

    static OrganisationalUnit() => Type.DisplayedAs(PreferredLabel);
}
