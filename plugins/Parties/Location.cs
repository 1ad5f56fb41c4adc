using Xrm.Sdk;

namespace Parties;

/// <summary>What an address is to an organisation.</summary>
public enum SiteUse
{
    Seat,
    Branch,
    Post,
}

/// <summary>Where parties are.</summary>
public static class Location
{
    public static readonly RelationshipType LivesAt = RelationshipType
        .Named("LivesAt", Label.Of("a pour domicile", "lives at"), Label.Of("est le domicile de", "is home of"))
        .From(Person.Type, "homes", Label.Of("Domiciles", "Homes"))
        .To(Address.Type, "residents", Label.Of("Habitants", "Residents"))
        .Dated()
        .WhenSourceGoes(Then.Delete);

    /// <summary>The one to write to.</summary>
    public static readonly Field<bool> Main = LivesAt.Boolean("main", Label.Of("Principal", "Main")).Sensitive(Sensitivity.Personal);

    public static readonly RelationshipType LocatedAt = RelationshipType
        .Named("LocatedAt", Label.Of("a pour siège ou site", "is located at"), Label.Of("est le siège ou site de", "is a site of"))
        .From(Organisation.Type, "sites", Label.Of("Sites", "Sites"))
        .To(Address.Type, "occupants", Label.Of("Occupants", "Occupants"))
        .Dated()
        .WhenSourceGoes(Then.Delete);

    public static readonly Field<SiteUse> Use = LocatedAt.Choice<SiteUse>("use", Label.Of("Usage", "Use"),
        (SiteUse.Seat, Label.Of("Siège", "Seat")),
        (SiteUse.Branch, Label.Of("Antenne", "Branch")),
        (SiteUse.Post, Label.Of("Adresse postale", "Postal address")));
}
