using Xrm.Sdk;

namespace Parties;

/// <summary>Belonging to an organisation, and speaking for somebody.</summary>
public static class Affiliation
{
    public static readonly RelationshipType MemberOf = RelationshipType
        .Named("MemberOf", Label.Of("est membre de", "is a member of"), Label.Of("a pour membre", "has member"))
        .From(Person.Type, "memberships", Label.Of("Adhésions", "Memberships"))
        .OrFrom(Organisation.Type)
        .To(Organisation.Type, "members", Label.Of("Membres", "Members"))
        .Dated()
        .WhenSourceGoes(Then.End).WhenTargetGoes(Then.End);

    public static readonly Field<string> MemberRole = MemberOf.Text("role", Label.Of("Rôle", "Role")).Sensitive(Sensitivity.Personal);

    public static readonly RelationshipType SubOrganisationOf = RelationshipType
        .Named("SubOrganisationOf", Label.Of("dépend de", "is a sub-organisation of"), Label.Of("a pour entité", "has sub-organisation"))
        .From(Organisation.Type, "parentOrganisations", Label.Of("Organisations de rattachement", "Parent organisations"))
        .To(Organisation.Type, "subOrganisations", Label.Of("Entités rattachées", "Sub-organisations"))
        .Dated()
        .WhenSourceGoes(Then.End).WhenTargetGoes(Then.End);

    public static readonly RelationshipType Represents = RelationshipType
        .Named("Represents", Label.Of("représente", "represents"), Label.Of("est représenté par", "is represented by"))
        .From(Person.Type, "represented", Label.Of("Tiers représentés", "Represented parties"))
        .To(Organisation.Type, "representatives", Label.Of("Représentants", "Representatives"))
        .OrTo(Person.Type)
        .Dated()
        .WhenSourceGoes(Then.End).WhenTargetGoes(Then.End);

    public static readonly Field<string> Scope = Represents.Text("scope", Label.Of("Étendue", "Scope")).Sensitive(Sensitivity.Personal);

    public static readonly Field<string> LegalTitle = Represents.Text("legalTitle", Label.Of("Titre juridique", "Legal title")).Sensitive(Sensitivity.Personal)
        .Help(Label.Of("Mandat, tutelle, avocat…", "Power of attorney, guardianship, lawyer…"));

    public static readonly RelationshipType ContactFor = RelationshipType
        .Named("ContactFor", Label.Of("est l'interlocuteur de", "is a contact for"), Label.Of("a pour interlocuteur", "has contact person"))
        .From(Person.Type, "contactFor", Label.Of("Interlocuteur de", "Contact for"))
        .To(Organisation.Type, "contactPersons", Label.Of("Interlocuteurs", "Contact persons"))
        .Dated()
        .WhenSourceGoes(Then.End).WhenTargetGoes(Then.End);

    public static readonly Field<string> Topic = ContactFor.Text("topic", Label.Of("Sujet", "Topic"));
}
