using Xrm.Sdk;

namespace Elus;

/// <summary>The lists of codes and what they hold from the start; staff add to them.</summary>
public static class Codes
{
    public const string Municipal = "municipal";

    public const string Mayor = "mayor";

    public static readonly CodeList MandateType = CodeList.Named("MandateType", Label.Of("Type de mandat", "Mandate type"),
        (Municipal, Label.Of("Conseiller municipal", "Municipal councillor")),
        ("departmental", Label.Of("Conseiller départemental", "Departmental councillor")),
        ("community", Label.Of("Conseiller communautaire", "Community councillor")),
        ("regional", Label.Of("Conseiller régional", "Regional councillor")),
        ("deputy", Label.Of("Député", "Member of the National Assembly")),
        ("senator", Label.Of("Sénateur", "Senator")),
        ("MEP", Label.Of("Représentant au Parlement européen", "Member of the European Parliament")),
        ("other", Label.Of("Autre", "Other")));

    public static readonly CodeList FunctionType = CodeList.Named("FunctionType", Label.Of("Fonction élective", "Elective function"),
        (Mayor, Label.Of("Maire", "Mayor")),
        ("delegateMayor", Label.Of("Maire délégué", "Delegate mayor")),
        ("deputyMayor", Label.Of("Adjoint au maire", "Deputy mayor")),
        ("president", Label.Of("Président", "President")),
        ("vicePresident", Label.Of("Vice-président", "Vice-president")),
        ("standingCommitteeMember", Label.Of("Membre de la commission permanente", "Member of the standing committee")),
        ("quaestor", Label.Of("Questeur", "Quaestor")),
        ("secretary", Label.Of("Secrétaire", "Secretary")),
        ("other", Label.Of("Autre", "Other")));

    public static readonly CodeList EndReason = CodeList.Named("EndReason", Label.Of("Motif de fin", "End reason"),
        ("termEnd", Label.Of("Fin de mandature", "End of term")),
        ("resignation", Label.Of("Démission", "Resignation")),
        ("automaticResignation", Label.Of("Démission d'office", "Automatic resignation")),
        ("death", Label.Of("Décès", "Death")),
        ("annulment", Label.Of("Annulation de l'élection", "Annulment of the election")),
        ("incompatibility", Label.Of("Incompatibilité", "Incompatibility")),
        ("dissolution", Label.Of("Dissolution de l'assemblée", "Dissolution of the body")));

    public static readonly CodeList BodyType = CodeList.Named("BodyType", Label.Of("Type d'assemblée", "Type of body"),
        ("departmentCouncil", Label.Of("Conseil départemental", "Departmental council")),
        ("standingCommittee", Label.Of("Commission permanente", "Standing committee")),
        ("thematicCommission", Label.Of("Commission thématique", "Thematic commission")),
        ("municipalCouncil", Label.Of("Conseil municipal", "Municipal council")),
        ("communityCouncil", Label.Of("Conseil communautaire", "Community council")),
        ("regionalCouncil", Label.Of("Conseil régional", "Regional council")),
        ("parliament", Label.Of("Parlement", "Parliament")),
        ("externalBody", Label.Of("Organisme extérieur", "External body")));
}
