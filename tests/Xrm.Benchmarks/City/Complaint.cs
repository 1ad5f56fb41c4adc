using Xrm.Sdk;

namespace City;

/// <summary>What somebody reported.</summary>
public static class Complaint
{
    public static readonly EntityType Type = EntityType.Named("Complaint", Label.Of("Signalement", "Complaint")).Plural("complaints", Label.Of("Signalements", "Complaints"));
    public static readonly Field<string> Subject = Type.Text("subject", Label.Of("Objet", "Subject")).Required().Searchable();
    public static readonly Field<string> Description = Type.LongText("description", Label.Of("Description", "Description"));

    public static readonly Field<Category> Category = Type.Choice<Category>("category", Label.Of("Catégorie", "Category"),
        (City.Category.Road, Label.Of("Voirie", "Road")),
        (City.Category.Lighting, Label.Of("Éclairage", "Lighting")),
        (City.Category.Waste, Label.Of("Déchets", "Waste")),
        (City.Category.Noise, Label.Of("Bruit", "Noise")),
        (City.Category.Parking, Label.Of("Stationnement", "Parking")),
        (City.Category.Water, Label.Of("Eau", "Water")),
        (City.Category.Trees, Label.Of("Arbres", "Trees")),
        (City.Category.Playground, Label.Of("Aire de jeux", "Playground")),
        (City.Category.Graffiti, Label.Of("Graffitis", "Graffiti")),
        (City.Category.Traffic, Label.Of("Circulation", "Traffic")),
        (City.Category.Buildings, Label.Of("Bâtiments", "Buildings")),
        (City.Category.Other, Label.Of("Autre", "Other"))).Required();

    public static readonly Field<Status> Status = Type.Choice<Status>("status", Label.Of("État", "Status"),
        (City.Status.New, Label.Of("Nouveau", "New")),
        (City.Status.Open, Label.Of("Ouvert", "Open")),
        (City.Status.InProgress, Label.Of("En cours", "In progress")),
        (City.Status.Resolved, Label.Of("Résolu", "Resolved")),
        (City.Status.Closed, Label.Of("Clos", "Closed"))).Required();

    public static readonly Field<int> Priority = Type.Integer("priority", Label.Of("Priorité", "Priority")).Required();
    public static readonly Field<decimal> Lat = Type.Decimal("lat", Label.Of("Latitude", "Latitude"));
    public static readonly Field<decimal> Lon = Type.Decimal("lon", Label.Of("Longitude", "Longitude"));
    /// <summary>When it was reported, wherever the data comes from.</summary>
    public static readonly Field<DateTimeOffset> ReportedAt = Type.DateTime("reportedAt", Label.Of("Signalé le", "Reported at"));

    public static readonly RelationshipType ReportedBy = RelationshipType
        .Named("ReportedBy", Label.Of("est signalé par", "is reported by"), Label.Of("a signalé", "has reported"))
        .From(Type, "reporter", Label.Of("Auteur", "Reporter"))
        .To(Person.Type, "complaints", Label.Of("Signalements", "Complaints"))
        .OneTarget().NeedsTarget()
        .WhenSourceGoes(Then.Delete);

    static Complaint() => Type.DisplayedAs(Subject);
}

/// <summary>What a complaint is about.</summary>
public enum Category
{
    Road,
    Lighting,
    Waste,
    Noise,
    Parking,
    Water,
    Trees,
    Playground,
    Graffiti,
    Traffic,
    Buildings,
    Other,
}

/// <summary>How far a complaint has come.</summary>
public enum Status
{
    New,
    Open,
    InProgress,
    Resolved,
    Closed,
}
