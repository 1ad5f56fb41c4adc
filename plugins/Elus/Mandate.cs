using Parties;
using Xrm.Sdk;

namespace Elus;

/// <summary>Where a mandate is known from.</summary>
public enum MandateSource
{
    Rne,
    Assembly,
    Press,
}

/// <summary>A seat held from a day to a day. Functions, delegations and groups hang on it.</summary>
public static class Mandate
{
    public static readonly EntityType Type = EntityType
        .Named("Mandate", Label.Of("Mandat", "Mandate"))
        .Plural("mandates", Label.Of("Mandats", "Mandates"))
        .Dated();

    public static readonly Field<string> MandateType = Type
        .Code("mandateType", Label.Of("Type de mandat", "Mandate type"), Codes.MandateType)
        .Required().Sensitive(Sensitivity.Public);

    /// <summary>Why it ended; may stay unknown, since the register of officials does not tell.</summary>
    public static readonly Field<string> EndReason = Type
        .Code("endReason", Label.Of("Motif de fin", "End reason"), Codes.EndReason)
        .Sensitive(Sensitivity.Public);

    public static readonly Field<DateOnly> ElectionDate = Type
        .Date("electionDate", Label.Of("Date d'élection", "Election date"))
        .Sensitive(Sensitivity.Public);

    public static readonly Field<MandateSource> Source = Type
        .Choice<MandateSource>("source", Label.Of("Source", "Source"),
            (MandateSource.Rne, Label.Of("Répertoire national des élus", "National register of elected officials")),
            (MandateSource.Assembly, Label.Of("Service des assemblées", "Assembly office")),
            (MandateSource.Press, Label.Of("Presse", "Press")))
        .Required().Default(MandateSource.Assembly);

    /// <summary>Who was elected at the same time to follow (rule ELU-R04).</summary>
    public static readonly Field<string> Substitute = Type
        .Text("substitute", Label.Of("Remplaçant", "Substitute"), 150)
        .Searchable().Sensitive(Sensitivity.Public);

    public static readonly RelationshipType HoldsMandate = RelationshipType
        .Named("HoldsMandate", Label.Of("détient le mandat", "holds mandate"), Label.Of("est détenu par", "is held by"))
        .From(Person.Type, "mandates", Label.Of("Mandats", "Mandates"))
        .To(Type, "holder", Label.Of("Titulaire", "Holder"))
        .OneSource()
        .WhenTargetGoes(Then.Delete);

    public static readonly RelationshipType ElectedIn = RelationshipType
        .Named("ElectedIn", Label.Of("est élu dans", "is elected in"), Label.Of("élit", "elects"))
        .From(Type, "constituency", Label.Of("Circonscription", "Constituency"))
        .To(Constituency.Type, "mandates", Label.Of("Mandats", "Mandates"))
        .OneTarget()
        .WhenSourceGoes(Then.Delete);

    public static readonly RelationshipType MandateIn = RelationshipType
        .Named("MandateIn", Label.Of("siège à", "sits in"), Label.Of("a pour mandat", "has mandate"))
        .From(Type, "body", Label.Of("Assemblée", "Body"))
        .To(DeliberativeBody.Type, "mandates", Label.Of("Mandats", "Mandates"))
        .OneTarget()
        .WhenSourceGoes(Then.Delete);

    /// <summary>Elected together in a departmental canton (rule ELU-R01).</summary>
    public static readonly RelationshipType PairedWith = RelationshipType
        .Named("PairedWith", Label.Of("forme un binôme avec", "is paired with"), Label.Of("forme un binôme avec", "is paired with"))
        .From(Type, "pairedMandate", Label.Of("Binôme", "Paired mandate"))
        .To(Type, "pairedMandate", Label.Of("Binôme", "Paired mandate"))
        .Symmetric().OneTarget().OneSource()
        .WhenSourceGoes(Then.Delete).WhenTargetGoes(Then.Delete);

    static Mandate() => Type.DisplayedAs(MandateType);
}
