using Xrm.Sdk;

namespace City;

/// <summary>A seat that somebody holds from a day to a day.</summary>
public static class Mandate
{
    public static readonly EntityType Type = EntityType.Named("Mandate", Label.Of("Mandat", "Mandate")).Plural("mandates", Label.Of("Mandats", "Mandates")).Dated();
    public static readonly Field<string> Body = Type.Text("body", Label.Of("Assemblée", "Body")).Required();
    public static readonly Field<string> Function = Type.Text("function", Label.Of("Fonction", "Function")).Required();

    public static readonly RelationshipType HoldsMandate = RelationshipType
        .Named("HoldsMandate", Label.Of("détient le mandat", "holds mandate"), Label.Of("est détenu par", "is held by"))
        .From(Person.Type, "mandates", Label.Of("Mandats", "Mandates"))
        .To(Type, "holder", Label.Of("Titulaire", "Holder"))
        .OneSource().NeedsSource()
        .WhenTargetGoes(Then.Delete);

    static Mandate() => Type.DisplayedAs(Function, Body);
}
