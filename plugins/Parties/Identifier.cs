using Xrm.Sdk;

namespace Parties;

/// <summary>What somebody else's register calls a party.</summary>
public static class Identifier
{
    public static readonly EntityType Type = EntityType
        .Named("Identifier", Label.Of("Identifiant", "Identifier"))
        .Plural("identifiers", Label.Of("Identifiants", "Identifiers"));

    public static readonly Field<string> Scheme = Type
        .Code("scheme", Label.Of("Référentiel", "Scheme"), Codes.IdScheme)
        .Required();

    public static readonly Field<string> Notation = Type
        .Text("notation", Label.Of("Valeur", "Notation"), 100)
        .Required().Searchable().Sensitive(Sensitivity.Personal);

    public static readonly Field<string> SchemaAgency = Type
        .Text("schemaAgency", Label.Of("Organisme", "Agency"), 100);

    public static readonly Field<DateOnly> DateIssued = Type
        .Date("dateIssued", Label.Of("Délivré le", "Issued on"));

    public static readonly RelationshipType HasIdentifier = RelationshipType
        .Named("HasIdentifier", Label.Of("est identifié par", "is identified by"), Label.Of("identifie", "identifies"))
        .From(Person.Type, "identifiers", Label.Of("Identifiants", "Identifiers"))
        .OrFrom(Organisation.Type)
        .To(Type, "party", Label.Of("Tiers", "Party"))
        .OneSource()
        .WhenSourceGoes(Then.Delete).WhenTargetGoes(Then.Delete);

    static Identifier() => Type.DisplayedAs(Scheme, Notation).UniqueBy(Scheme, Notation);
}
