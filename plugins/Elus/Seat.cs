using Xrm.Sdk;

namespace Elus;

/// <summary>In which capacity somebody sits on a body.</summary>
public enum SeatRole
{
    Chair,
    ViceChair,
    Member,
    Rapporteur,
    Alternate,
}

/// <summary>A place on a committee or commission besides the mandate's own body.</summary>
public static class Seat
{
    public static readonly RelationshipType SitsOn = RelationshipType
        .Named("SitsOn", Label.Of("est membre de", "sits on"), Label.Of("a pour membre", "has seated member"))
        .From(Mandate.Type, "seats", Label.Of("Sièges", "Seats"))
        .To(DeliberativeBody.Type, "seatedMembers", Label.Of("Membres", "Seated members"))
        .Dated()
        .WhenSourceGoes(Then.Delete);

    public static readonly Field<SeatRole> Role = SitsOn
        .Choice<SeatRole>("role", Label.Of("Qualité", "Capacity"),
            (SeatRole.Chair, Label.Of("Présidence", "Chair")),
            (SeatRole.ViceChair, Label.Of("Vice-présidence", "Vice-chair")),
            (SeatRole.Member, Label.Of("Membre", "Member")),
            (SeatRole.Rapporteur, Label.Of("Rapporteur", "Rapporteur")),
            (SeatRole.Alternate, Label.Of("Suppléance", "Alternate")))
        .Default(SeatRole.Member).Sensitive(Sensitivity.Public);
}
