using Xrm.Sdk;

namespace Elus;

/// <summary>A council, a committee or a commission in which officials sit.</summary>
public static class DeliberativeBody
{
    public static readonly EntityType Type = EntityType
        .Named("DeliberativeBody", Label.Of("Assemblée", "Deliberative body"))
        .Plural("deliberativeBodies", Label.Of("Assemblées", "Deliberative bodies"));

    public static readonly Field<string> Name = Type
        .Text("name", Label.Of("Nom", "Name"))
        .Required().Searchable().Sensitive(Sensitivity.Public);

    public static readonly Field<string> BodyType = Type
        .Code("bodyType", Label.Of("Type", "Type"), Codes.BodyType)
        .Required().Sensitive(Sensitivity.Public);

    public static readonly Field<DateOnly> TermStart = Type
        .Date("termStart", Label.Of("Début de mandature", "Term start"))
        .Required().Sensitive(Sensitivity.Public);

    public static readonly Field<DateOnly> TermEnd = Type
        .Date("termEnd", Label.Of("Fin de mandature", "Term end"))
        .Sensitive(Sensitivity.Public);

    public static readonly Field<int> SeatCount = Type
        .Integer("seatCount", Label.Of("Nombre de sièges", "Number of seats"))
        .Min(1).Sensitive(Sensitivity.Public);

    public static readonly RelationshipType CommissionOf = RelationshipType
        .Named("CommissionOf", Label.Of("est une commission de", "is a commission of"), Label.Of("a pour commission", "has commission"))
        .From(Type, "parentBody", Label.Of("Assemblée de rattachement", "Parent body"))
        .To(Type, "commissions", Label.Of("Commissions", "Commissions"))
        .OneTarget().Dated()
        .WhenSourceGoes(Then.End);

    static DeliberativeBody() => Type.DisplayedAs(Name);
}
