using Xrm.Sdk;

namespace Elus;

/// <summary>The kinds of territory in which officials are elected.</summary>
public enum ConstituencyType
{
    Canton,
    Commune,
    Section,
    Legislative,
    Epci,
    Region,
}

/// <summary>A territory that elects. A commune that merged stays: its past mandates hang on it.</summary>
public static class Constituency
{
    public static readonly EntityType Type = EntityType
        .Named("Constituency", Label.Of("Circonscription", "Constituency"))
        .Plural("constituencies", Label.Of("Circonscriptions", "Constituencies"));

    /// <summary>As the national register has it: of a commune its INSEE code.</summary>
    public static readonly Field<string> Code = Type
        .Text("code", Label.Of("Code", "Code"), 10)
        .Required().Searchable().Sensitive(Sensitivity.Public);

    public static readonly Field<string> Name = Type
        .Text("name", Label.Of("Libellé", "Name"), 150)
        .Required().Searchable().Sensitive(Sensitivity.Public);

    public static readonly Field<ConstituencyType> Kind = Type
        .Choice<ConstituencyType>("constituencyType", Label.Of("Type", "Type"),
            (ConstituencyType.Canton, Label.Of("Canton", "Canton")),
            (ConstituencyType.Commune, Label.Of("Commune", "Commune")),
            (ConstituencyType.Section, Label.Of("Section départementale", "Departmental section")),
            (ConstituencyType.Legislative, Label.Of("Circonscription législative", "Legislative constituency")),
            (ConstituencyType.Epci, Label.Of("Intercommunalité (EPCI)", "Group of communes (EPCI)")),
            (ConstituencyType.Region, Label.Of("Région", "Region")))
        .Required().Sensitive(Sensitivity.Public);

    static Constituency() => Type.DisplayedAs(Name).UniqueBy(Kind, Code);
}
