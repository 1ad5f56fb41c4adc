using Xrm.Sdk;

namespace Elus;

/// <summary>What an official does within a mandate, from a day to a day: mayor, president, vice-president.</summary>
public static class ElectiveFunction
{
    public static readonly EntityType Type = EntityType
        .Named("ElectiveFunction", Label.Of("Fonction élective", "Elective function"))
        .Plural("electiveFunctions", Label.Of("Fonctions électives", "Elective functions"))
        .Dated();

    public static readonly Field<string> FunctionType = Type
        .Code("functionType", Label.Of("Fonction", "Function"), Codes.FunctionType)
        .Required().Sensitive(Sensitivity.Public);

    /// <summary>The number of a vice-president or deputy mayor.</summary>
    public static readonly Field<int> Rank = Type
        .Integer("rank", Label.Of("Rang", "Rank"))
        .Min(1).Sensitive(Sensitivity.Public);

    public static readonly RelationshipType HasFunction = RelationshipType
        .Named("HasFunction", Label.Of("exerce la fonction", "has function"), Label.Of("est exercée dans le mandat", "is exercised in"))
        .From(Mandate.Type, "functions", Label.Of("Fonctions", "Functions"))
        .To(Type, "mandate", Label.Of("Mandat", "Mandate"))
        .OneSource()
        .WhenTargetGoes(Then.Delete);

    static ElectiveFunction() => Type.DisplayedAs(FunctionType);
}
