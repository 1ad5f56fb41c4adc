using Xrm.Sdk;

namespace Parties;

/// <summary>Who works in which unit, who heads it, and how units hang together.</summary>
public static class Staffing
{
    public static readonly RelationshipType AssignedToUnit = RelationshipType
        .Named("AssignedToUnit", Label.Of("est affecté à", "is assigned to"), Label.Of("a pour agent", "has staff"))
        .From(Person.Type, "units", Label.Of("Services d'affectation", "Units"))
        .To(OrganisationalUnit.Type, "staff", Label.Of("Agents", "Staff"))
        .Dated()
        .WhenSourceGoes(Then.End).WhenTargetGoes(Then.End);

    public static readonly Field<string> Function = AssignedToUnit.Text("function", Label.Of("Fonction", "Function"));

    /// <summary>The part of a full post, from 0 to 1.</summary>
    public static readonly Field<decimal> Quota = AssignedToUnit.Decimal("quota", Label.Of("Quotité", "Share of a full post")).Min(0).Max(1);

    public static readonly RelationshipType HeadsUnit = RelationshipType
        .Named("HeadsUnit", Label.Of("dirige", "heads"), Label.Of("est dirigé par", "is headed by"))
        .From(Person.Type, "headedUnits", Label.Of("Services dirigés", "Units headed"))
        .To(OrganisationalUnit.Type, "heads", Label.Of("Responsables", "Heads"))
        .Dated()
        .WhenSourceGoes(Then.End).WhenTargetGoes(Then.End);

    /// <summary>Heads the unit until somebody is appointed.</summary>
    public static readonly Field<bool> Interim = HeadsUnit.Boolean("interim", Label.Of("Par intérim", "Interim"));

    public static readonly RelationshipType PartOf = RelationshipType
        .Named("PartOf", Label.Of("relève de", "is part of"), Label.Of("comprend", "has part"))
        .From(OrganisationalUnit.Type, "parentUnit", Label.Of("Service de rattachement", "Parent unit"))
        .To(OrganisationalUnit.Type, "subUnits", Label.Of("Services rattachés", "Sub-units"))
        .OneTarget().Dated()
        .WhenSourceGoes(Then.End);

    public static readonly RelationshipType UnitOf = RelationshipType
        .Named("UnitOf", Label.Of("est un service de", "is a unit of"), Label.Of("a pour service", "has unit"))
        .From(OrganisationalUnit.Type, "organisation", Label.Of("Organisation", "Organisation"))
        .To(Organisation.Type, "units", Label.Of("Services", "Units"))
        .OneTarget().Dated()
        .WhenSourceGoes(Then.End);
}
