using Xrm.Sdk;

namespace Parties;

/// <summary>The lists of codes and what they hold from the start; staff add to them.</summary>
public static class Codes
{
    /// <summary>What to remember when writing freely about somebody (rule X-R05).</summary>
    internal static readonly Label NoExcessiveComments = Label.Of(
        "Des faits utiles au dossier, que la personne peut lire : rien sur la santé, les opinions, la religion, l'origine ou la vie privée.",
        "Facts that the case needs and that the person may read: nothing on health, opinions, religion, origin or private life.");

    public static readonly CodeList Language = CodeList.Named("Language", Label.Of("Langue (ISO 639-1)", "Language (ISO 639-1)"),
        ("fr", Label.Of("Français", "French")),
        ("en", Label.Of("Anglais", "English")),
        ("de", Label.Of("Allemand", "German")),
        ("es", Label.Of("Espagnol", "Spanish")),
        ("it", Label.Of("Italien", "Italian")),
        ("pt", Label.Of("Portugais", "Portuguese")),
        ("nl", Label.Of("Néerlandais", "Dutch")),
        ("ar", Label.Of("Arabe", "Arabic")),
        ("tr", Label.Of("Turc", "Turkish")),
        ("uk", Label.Of("Ukrainien", "Ukrainian")));

    public static readonly CodeList Country = CodeList.Named("Country", Label.Of("Pays (ISO 3166-1)", "Country (ISO 3166-1)"),
        ("FR", Label.Of("France", "France")),
        ("BE", Label.Of("Belgique", "Belgium")),
        ("LU", Label.Of("Luxembourg", "Luxembourg")),
        ("DE", Label.Of("Allemagne", "Germany")),
        ("CH", Label.Of("Suisse", "Switzerland")),
        ("IT", Label.Of("Italie", "Italy")),
        ("MC", Label.Of("Monaco", "Monaco")),
        ("ES", Label.Of("Espagne", "Spain")),
        ("AD", Label.Of("Andorre", "Andorra")),
        ("PT", Label.Of("Portugal", "Portugal")),
        ("NL", Label.Of("Pays-Bas", "Netherlands")),
        ("GB", Label.Of("Royaume-Uni", "United Kingdom")));

    public static readonly CodeList OrgType = CodeList.Named("OrgType", Label.Of("Type d'organisation", "Type of organisation"),
        ("department", Label.Of("Département", "Department")),
        ("commune", Label.Of("Commune", "Commune")),
        ("epci", Label.Of("Intercommunalité (EPCI)", "Group of communes (EPCI)")),
        ("region", Label.Of("Région", "Region")),
        ("stateService", Label.Of("Service de l'État", "State service")),
        ("school", Label.Of("Établissement scolaire", "School")),
        ("association", Label.Of("Association", "Association")),
        ("company", Label.Of("Entreprise", "Company")),
        ("politicalParty", Label.Of("Parti ou formation politique", "Political party")),
        ("union", Label.Of("Syndicat professionnel", "Trade union")),
        ("sdis", Label.Of("Service d'incendie et de secours", "Fire and rescue service")),
        ("other", Label.Of("Autre", "Other")));

    /// <summary>INSEE's four-digit categories (rule X-R17).</summary>
    public static readonly CodeList LegalForm = CodeList.Named("InseeCJ", Label.Of("Catégorie juridique (INSEE)", "Legal form (INSEE)"),
        ("7210", Label.Of("Commune", "Commune")),
        ("7220", Label.Of("Département", "Department")),
        ("7230", Label.Of("Région", "Region")),
        ("9220", Label.Of("Association déclarée", "Declared association")),
        ("9230", Label.Of("Association déclarée, reconnue d'utilité publique", "Declared association of public utility")));

    public static readonly CodeList UnitType = CodeList.Named("UnitType", Label.Of("Niveau de service", "Level of unit"),
        ("dgs", Label.Of("Direction générale des services", "Directorate general")),
        ("dga", Label.Of("Direction générale adjointe", "Deputy directorate general")),
        ("direction", Label.Of("Direction", "Directorate")),
        ("service", Label.Of("Service", "Service")),
        ("cell", Label.Of("Cellule", "Cell")),
        ("fireStation", Label.Of("Centre d'incendie et de secours", "Fire station")));

    public static readonly CodeList IdScheme = CodeList.Named("IdScheme", Label.Of("Référentiel d'identifiants", "Identifier scheme"),
        ("SIREN", Label.Of("SIREN", "SIREN")),
        ("SIRET", Label.Of("SIRET", "SIRET")),
        ("RNA", Label.Of("Répertoire national des associations", "National register of associations")),
        ("RNA_OLD", Label.Of("Ancien numéro d'association", "Old number of an association")),
        ("UAI", Label.Of("Établissement scolaire (UAI)", "School (UAI)")),
        ("INSEE", Label.Of("Code officiel géographique", "Official geographic code")),
        ("FC_SUB", Label.Of("FranceConnect", "FranceConnect")),
        ("PC_SUB", Label.Of("ProConnect", "ProConnect")));
}
