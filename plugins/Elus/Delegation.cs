using Xrm.Sdk;

namespace Elus;

/// <summary>What is delegated.</summary>
public enum DelegationType
{
    Function,
    Signature,
}

/// <summary>Powers given to an official by order, from a day to a day (rule ELU-R03).</summary>
public static class Delegation
{
    private static readonly Label Order = Label.Of("Arrêté", "Order");

    public static readonly EntityType Type = EntityType
        .Named("Delegation", Label.Of("Délégation", "Delegation"))
        .Plural("delegations", Label.Of("Délégations", "Delegations"))
        .Dated();

    public static readonly Field<string> Subject = Type
        .Text("subject", Label.Of("Matière", "Subject"), 300)
        .Required().Searchable().Sensitive(Sensitivity.Public);

    public static readonly Field<DelegationType> Kind = Type
        .Choice<DelegationType>("delegationType", Label.Of("Type", "Type"),
            (DelegationType.Function, Label.Of("De fonction", "Of function")),
            (DelegationType.Signature, Label.Of("De signature", "Of signature")))
        .Required().Sensitive(Sensitivity.Public);

    public static readonly Field<string> ActReference = Type
        .Text("actReference", Label.Of("Référence de l'arrêté", "Reference of the order"), 50)
        .Required().Sensitive(Sensitivity.Public).Group(Order);

    public static readonly Field<DateOnly> ActDate = Type
        .Date("actDate", Label.Of("Date de l'arrêté", "Date of the order"))
        .Required().Sensitive(Sensitivity.Public).Group(Order);

    public static readonly Field<DateOnly> PublishedOn = Type
        .Date("publishedOn", Label.Of("Publié le", "Published on"))
        .Sensitive(Sensitivity.Public).Group(Order);

    public static readonly RelationshipType HoldsDelegation = RelationshipType
        .Named("HoldsDelegation", Label.Of("a reçu délégation", "holds delegation"), Label.Of("est donnée à", "is held by"))
        .From(Mandate.Type, "delegations", Label.Of("Délégations", "Delegations"))
        .To(Type, "mandate", Label.Of("Mandat", "Mandate"))
        .OneSource()
        .WhenTargetGoes(Then.Delete);

    public static readonly RelationshipType DelegatedBy = RelationshipType
        .Named("DelegatedBy", Label.Of("est donnée par", "is given by"), Label.Of("donne délégation", "gives delegation"))
        .From(Type, "grantor", Label.Of("Donnée par", "Given by"))
        .To(Mandate.Type, "grantedDelegations", Label.Of("Délégations données", "Delegations given"))
        .OneTarget()
        .WhenSourceGoes(Then.Delete);

    static Delegation() => Type.DisplayedAs(Subject);
}
