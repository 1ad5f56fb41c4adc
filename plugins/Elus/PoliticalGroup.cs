using Xrm.Sdk;

namespace Elus;

/// <summary>Where a group says that it stands; only what it declared publicly.</summary>
public enum GroupPosition
{
    Majority,
    Opposition,
    Minority,
    None,
}

/// <summary>A group of officials declared inside a body (CGCT L3121-24). It is no party, and says nothing of anybody's opinions (ELU-R10).</summary>
public static class PoliticalGroup
{
    public static readonly EntityType Type = EntityType
        .Named("PoliticalGroup", Label.Of("Groupe d'élus", "Political group"))
        .Plural("politicalGroups", Label.Of("Groupes d'élus", "Political groups"));

    public static readonly Field<string> Name = Type
        .Text("name", Label.Of("Nom", "Name"), 150)
        .Required().Searchable().Sensitive(Sensitivity.Public)
        .Help(Label.Of("Tel que déclaré.", "As declared."));

    public static readonly Field<DateOnly> DeclaredOn = Type
        .Date("declaredOn", Label.Of("Déclaré le", "Declared on"))
        .Sensitive(Sensitivity.Public);

    public static readonly Field<GroupPosition> Position = Type
        .Choice<GroupPosition>("position", Label.Of("Position déclarée", "Declared position"),
            (GroupPosition.Majority, Label.Of("Majorité", "Majority")),
            (GroupPosition.Opposition, Label.Of("Opposition", "Opposition")),
            (GroupPosition.Minority, Label.Of("Minorité", "Minority")),
            (GroupPosition.None, Label.Of("Aucune", "None")))
        .Sensitive(Sensitivity.Public);

    public static readonly RelationshipType BelongsToGroup = RelationshipType
        .Named("BelongsToGroup", Label.Of("est membre du groupe", "belongs to group"), Label.Of("a pour membre", "has member"))
        .From(Mandate.Type, "group", Label.Of("Groupe", "Group"))
        .To(Type, "members", Label.Of("Membres", "Members"))
        .OneTarget().Dated()
        .WhenSourceGoes(Then.Delete);

    /// <summary>Sits with the group without being a full member of it.</summary>
    public static readonly Field<bool> Related = BelongsToGroup
        .Boolean("related", Label.Of("Apparenté", "Related"))
        .Sensitive(Sensitivity.Public);

    public static readonly RelationshipType GroupOfBody = RelationshipType
        .Named("GroupOfBody", Label.Of("est un groupe de", "is a group of"), Label.Of("a pour groupe", "has group"))
        .From(Type, "body", Label.Of("Assemblée", "Body"))
        .To(DeliberativeBody.Type, "groups", Label.Of("Groupes", "Groups"))
        .OneTarget().Dated()
        .WhenSourceGoes(Then.Delete);

    static PoliticalGroup() => Type.DisplayedAs(Name);
}
