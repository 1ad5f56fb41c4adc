using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>A small invented model: persons, their mandates and functions, groups, employers, addresses and complaints.</summary>
internal static class Town
{
    public enum Kind { Commune, Department }

    public enum Status { New, Open, Resolved }

    public static readonly EntityType Person = EntityType.Named("Person", Same("Personne", "Person"));
    public static readonly Field<string> FamilyName = Person.Text("familyName", Same("Nom de famille", "Family name")).Required().Searchable().Sensitive(Sensitivity.Public);
    public static readonly Field<string> GivenName = Person.Text("givenName", Same("Prénom", "Given name")).Searchable().Sensitive(Sensitivity.Public);
    public static readonly Field<string> Email = Person.Email("email", Same("Courriel", "E-mail")).Unique().Searchable().Sensitive(Sensitivity.Special);
    public static readonly Field<int> Children = Person.Integer("children", Same("Enfants", "Children")).Min(0);
    public static readonly Field<decimal> Donation = Person.Money("donation", Same("Don", "Donation"));
    public static readonly Field<System.Collections.Immutable.ImmutableArray<string>> Tags = Person.Text("tags", Same("Étiquettes", "Tags")).Many();
    public static readonly Field<string> MatchKey = Person.Text("matchKey", Same("Clé", "Key")).Searchable().Hidden();
    public static readonly Field<System.Text.Json.JsonElement> Extra = Person.Json("extra", Same("Divers", "Extra"));

    public static readonly EntityType Mandate = EntityType.Named("Mandate", Same("Mandat", "Mandate")).Dated();
    public static readonly Field<string> MandateType = Mandate.Text("mandateType", Same("Type de mandat", "Mandate type")).Required();

    public static readonly EntityType ElectiveFunction = EntityType.Named("ElectiveFunction", Same("Fonction", "Function")).Dated();
    public static readonly Field<string> FunctionType = ElectiveFunction.Text("functionType", Same("Type de fonction", "Function type")).Required();

    public static readonly EntityType Constituency = EntityType.Named("Constituency", Same("Circonscription", "Constituency"));
    public static readonly Field<Kind> ConstituencyType = Constituency.Choice<Kind>("constituencyType", Same("Type", "Type"), (Kind.Commune, Same("Commune", "Municipality")), (Kind.Department, Same("Département", "Department"))).Required();
    public static readonly Field<string> Code = Constituency.Text("code", Same("Code", "Code")).Required();
    public static readonly Field<string> Name = Constituency.Text("name", Same("Nom", "Name")).Searchable();

    public static readonly EntityType Organisation = EntityType.Named("Organisation", Same("Organisme", "Organisation"));
    public static readonly Field<string> Siren = Organisation.Text("siren", Same("SIREN", "SIREN"), 9).Unique().Pattern(@"^\d{9}$", "ORG-R01");
    public static readonly Field<string> LegalName = Organisation.Text("legalName", Same("Dénomination", "Legal name")).Required().Searchable();

    public static readonly EntityType PoliticalGroup = EntityType.Named("PoliticalGroup", Same("Groupe", "Group"));
    public static readonly Field<string> GroupName = PoliticalGroup.Text("name", Same("Nom", "Name")).Required();

    public static readonly EntityType Address = EntityType.Named("Address", Same("Adresse", "Address")).Plural("addresses", Same("Adresses", "Addresses"));
    public static readonly Field<string> City = Address.Text("city", Same("Ville", "City")).Required();

    public static readonly EntityType Complaint = EntityType.Named("Complaint", Same("Signalement", "Complaint"));
    public static readonly Field<string> Subject = Complaint.Text("subject", Same("Objet", "Subject")).Required();
    public static readonly Field<string> Outcome = Complaint.Text("outcome", Same("Suite donnée", "Outcome"));
    public static readonly Field<Status> State = Complaint.States<Status>("status", Same("État", "Status"), (Status.New, Same("Nouveau", "New")), (Status.Open, Same("Ouvert", "Open")), (Status.Resolved, Same("Résolu", "Resolved")))
        .Move("acknowledge", Same("Prendre en charge", "Acknowledge"), Status.New, Status.Open)
        .Move("resolve", Same("Résoudre", "Resolve"), Status.Open, Status.Resolved, Outcome).Field();

    public static readonly RelationshipType HoldsMandate = Link("HoldsMandate").From(Person, "mandates", Same("Mandats", "Mandates")).To(Mandate, "holder", Same("Titulaire", "Holder")).OneSource();
    public static readonly RelationshipType ElectedIn = Link("ElectedIn").From(Mandate, "constituency", Same("Circonscription", "Constituency")).To(Constituency, "mandates", Same("Mandats", "Mandates")).OneTarget();
    public static readonly RelationshipType HasFunction = Link("HasFunction").From(Mandate, "functions", Same("Fonctions", "Functions")).To(ElectiveFunction, "mandate", Same("Mandat", "Mandate")).OneSource();
    public static readonly RelationshipType BelongsToGroup = Link("BelongsToGroup").From(Mandate, "group", Same("Groupe", "Group")).To(PoliticalGroup, "members", Same("Membres", "Members")).OneTarget().Dated();
    public static readonly RelationshipType WorksFor = Link("WorksFor").From(Person, "employers", Same("Employeurs", "Employers")).To(Organisation, "employees", Same("Agents", "Employees")).Dated();
    public static readonly Field<string> Position = WorksFor.Text("position", Same("Poste", "Position"));
    public static readonly RelationshipType LocatedAt = Link("LocatedAt").From(Person, "addresses", Same("Adresses", "Addresses")).OrFrom(Organisation).To(Address, "occupants", Same("Occupants", "Occupants"));
    public static readonly RelationshipType ReportedBy = Link("ReportedBy").From(Complaint, "reporter", Same("Signalé par", "Reported by")).To(Person, "complaints", Same("Signalements", "Complaints")).OneTarget();

    public static ModelDescription Description { get; } = Build();

    private static ModelDescription Build()
    {
        Person.DisplayedAs(GivenName, FamilyName);
        Constituency.UniqueBy(ConstituencyType, Code);
        return new ModelBuilder("town")
            .Add(Person, Mandate, ElectiveFunction, Constituency, Organisation, PoliticalGroup, Address, Complaint)
            .Add(HoldsMandate, ElectedIn, HasFunction, BelongsToGroup, WorksFor, LocatedAt, ReportedBy)
            .Role("reader", Same("Lecteur", "Reader"), grant => grant
                .Read(Sensitivity.Personal, Person, Mandate, Constituency)
                .Read(HoldsMandate, ElectedIn))
            .Build();
    }

    private static Label Same(string fr, string en) => Label.Of(fr, en);

    private static RelationshipType Link(string name) => RelationshipType.Named(name, Same(name, name), Same(name, name));
}
