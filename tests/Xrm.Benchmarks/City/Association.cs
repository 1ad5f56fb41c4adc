using Xrm.Sdk;

namespace City;

/// <summary>A club, and those who belong to it.</summary>
public static class Association
{
    public static readonly EntityType Type = EntityType.Named("Association", Label.Of("Association", "Association")).Plural("associations", Label.Of("Associations", "Associations"));
    public static readonly Field<string> Name = Type.Text("name", Label.Of("Nom", "Name")).Required().Searchable();
    public static readonly Field<string> RnaNumber = Type.Text("rnaNumber", Label.Of("Numéro RNA", "RNA number"), 10).Searchable();
    public static readonly Field<string> Purpose = Type.LongText("purpose", Label.Of("Objet", "Purpose"));
    public static readonly Field<string> City = Type.Text("city", Label.Of("Ville", "City"));
    public static readonly Field<string> Postcode = Type.Text("postcode", Label.Of("Code postal", "Postcode"), 5);
    /// <summary>When it was first known of, wherever the data comes from.</summary>
    public static readonly Field<DateTimeOffset> KnownSince = Type.DateTime("knownSince", Label.Of("Connue depuis", "Known since"));

    public static readonly RelationshipType Membership = RelationshipType
        .Named("Membership", Label.Of("est membre de", "is a member of"), Label.Of("a pour membre", "has as a member"))
        .From(Person.Type, "memberships", Label.Of("Adhésions", "Memberships"))
        .To(Type, "memberships", Label.Of("Adhésions", "Memberships"))
        .Repeatable()
        .WhenSourceGoes(Then.Delete)
        .WhenTargetGoes(Then.Delete);

    public static readonly Field<MemberRole> Role = Membership.Choice<MemberRole>("role", Label.Of("Rôle", "Role"),
        (MemberRole.Member, Label.Of("Membre", "Member")),
        (MemberRole.President, Label.Of("Présidence", "President")),
        (MemberRole.Treasurer, Label.Of("Trésorerie", "Treasurer")),
        (MemberRole.Secretary, Label.Of("Secrétariat", "Secretary")),
        (MemberRole.Volunteer, Label.Of("Bénévole", "Volunteer"))).Required();

    public static readonly Field<DateOnly> Since = Membership.Date("since", Label.Of("Depuis", "Since")).Required();

    static Association() => Type.DisplayedAs(Name);
}

/// <summary>What a member does in an association.</summary>
public enum MemberRole
{
    Member,
    President,
    Treasurer,
    Secretary,
    Volunteer,
}
