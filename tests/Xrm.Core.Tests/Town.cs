using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests;

public enum Status { New, Open, Closed }

public enum Kind { Public, Secret }

/// <summary>The label of whatever needs none; apart, so that no token waits for another's class.</summary>
internal static class Words
{
    public static readonly Label L = Label.Of("libellé", "label");
}

/// <summary>A small invented town: people, seats they hold, clubs they are in, cases they bring.</summary>
public sealed class TownPlugin : Plugin
{
    public override string Id => "town";
    public override Label Title => L;

    public override void Describe(ModelBuilder model) => model
        .Add(Person.Type, Seat.Type, Club.Type, Matter.Type)
        .Add(Holds, MemberOf, HousedBy, PairedWith, BroughtBy, Knows)
        .Add(Person.Titles)
        .Role("reader", L, g => g.Read(Sensitivity.Internal, Person.Type, Seat.Type, Club.Type).Read(Holds, MemberOf, HousedBy))
        .Role("clerk", L, g => g.All(Sensitivity.Personal, Person.Type, Club.Type).All(MemberOf, PairedWith))
        .Role("publicMatters", L, g => g
            .Add(new Grant("Matter", Rights.All, Sensitivity.Special) { Where = Matter.Kind.Is(Kind.Public) })
            .Read(Sensitivity.Internal, Person.Type).All(BroughtBy))
        .Role("consent", L, g => g
            .Add(new Grant("Person", Rights.Read | Rights.Update, Sensitivity.Internal))
            .Add(new Grant("Person", Rights.Read | Rights.Update) { Fields = ["email", "notes"], Where = Person.Consent.Is(true) }))
        .Role("clubOnly", L, g => g
            .Add(new Grant("Person", Rights.All, Sensitivity.Special) { Where = MemberOf.Source.Any(Club.Name.Is("Chess")) })
            .Read(Sensitivity.Internal, Club.Type).All(MemberOf))
        .Role("nameFixer", L, g => g
            .Add(new Grant("Person", Rights.Read, Sensitivity.Internal))
            .Add(new Grant("Person", Rights.Update) { Fields = ["familyName"] }));

    public static class Person
    {
        public static readonly CodeList Titles = CodeList.Named("Titles", L, ("M", L), ("MME", L));
        public static readonly EntityType Type = EntityType.Named("Person", Label.Of("Personne", "Person"));
        public static readonly Field<string> FamilyName = Type.Text("familyName", Label.Of("Nom", "Family name"), 40).Required();
        public static readonly Field<string> GivenName = Type.Text("givenName", L).Pattern("[A-Z].*", "X-1", Label.Of("Une majuscule d'abord.", "A capital first."));
        public static readonly Field<string> Email = Type.Email("email", L).Unique().Sensitive(Sensitivity.Personal);
        public static readonly Field<string> Notes = Type.LongText("notes", L).Sensitive(Sensitivity.Special);
        public static readonly Field<bool> Consent = Type.Boolean("consent", L);
        public static readonly Field<int> Height = Type.Integer("height", L).Min(30).Max(250);
        public static readonly Field<string> Title = Type.Code("title", L, Titles);
        public static readonly Field<System.Collections.Immutable.ImmutableArray<string>> Tags = Type.Text("tags", L).Many();
        public static readonly Field<string> Match = Type.Text("match", L).Hidden();
        public static readonly Field<int> Points = Type.Integer("points", L).Default(5);

        static Person() => Type.DisplayedAs(GivenName, FamilyName);
    }

    public static class Seat
    {
        public static readonly EntityType Type = EntityType.Named("Seat", Label.Of("Siège", "Seat")).Dated();
        public static readonly Field<string> Name = Type.Text("name", L).Required();
        public static readonly Field<string> Row = Type.Text("row", L);
        public static readonly Field<int> Number = Type.Integer("number", L);

        static Seat() => Type.UniqueBy(Row, Number);
    }

    public static class Club
    {
        public static readonly EntityType Type = EntityType.Named("Club", Label.Of("Club", "Club"));
        public static readonly Field<string> Name = Type.Text("name", L).Required();
    }

    public static class Matter
    {
        public static readonly EntityType Type = EntityType.Named("Matter", Label.Of("Affaire", "Matter"));
        public static readonly Field<string> Subject = Type.Text("subject", L).Required();
        public static readonly Field<string> Outcome = Type.Text("outcome", L);
        public static readonly Field<Kind> Kind = Type.Choice("kind", L, (Tests.Kind.Public, L), (Tests.Kind.Secret, L)).Default(Tests.Kind.Public);
        public static readonly Field<Status> Status = Type.States("status", L, (Tests.Status.New, L), (Tests.Status.Open, L), (Tests.Status.Closed, L))
            .Move("open", L, Tests.Status.New, Tests.Status.Open)
            .Move("close", L, Tests.Status.Open, Tests.Status.Closed, Outcome)
            .Field();
    }

    /// <summary>A seat has one holder, who is never missing; it goes with the seat and keeps the person.</summary>
    public static readonly RelationshipType Holds = RelationshipType.Named("Holds", L, L)
        .From(Person.Type, "seats", Label.Of("Sièges", "Seats")).To(Seat.Type, "holder", Label.Of("Titulaire", "Holder")).OneSource().NeedsSource().WhenTargetGoes(Then.Delete);

    public static readonly RelationshipType MemberOf = RelationshipType.Named("MemberOf", L, L)
        .From(Person.Type, "clubs", L).To(Club.Type, "members", L).Dated().WhenSourceGoes(Then.End).WhenTargetGoes(Then.Delete);

    public static readonly Field<string> Position = MemberOf.Text("position", L);

    /// <summary>One club at a time houses a person.</summary>
    public static readonly RelationshipType HousedBy = RelationshipType.Named("HousedBy", L, L)
        .From(Person.Type, "house", Label.Of("Foyer", "House")).To(Club.Type, "residents", L).OneTarget().Dated().WhenSourceGoes(Then.Delete);

    public static readonly RelationshipType PairedWith = RelationshipType.Named("PairedWith", L, L)
        .From(Person.Type, "partner", L).To(Person.Type, "partner", L).Symmetric().OneTarget().WhenSourceGoes(Then.Delete);

    public static readonly RelationshipType BroughtBy = RelationshipType.Named("BroughtBy", L, L)
        .From(Matter.Type, "bringer", L).To(Person.Type, "cases", L).OneTarget().WhenSourceGoes(Then.Delete);

    public static readonly RelationshipType Knows = RelationshipType.Named("Knows", L, L)
        .From(Person.Type, "acquaintances", L).To(Person.Type, "knownBy", L).WhenSourceGoes(Then.Delete).WhenTargetGoes(Then.Delete);
}
