using Xrm.Sdk;

namespace Xrm.Staff.Shell;

/// <summary>Texts that several pages say.</summary>
internal static class Words
{
    public static readonly Label Product = Label.Of("Relations", "Relations");
    public static readonly Label Home = Label.Of("Accueil", "Home");
    public static readonly Label Search = Label.Of("Rechercher", "Search");
    public static readonly Label Always = Label.Of("sans dates", "without dates");
    public static readonly Label Save = Label.Of("Enregistrer", "Save");
    public static readonly Label Cancel = Label.Of("Annuler", "Cancel");
    public static readonly Label Close = Label.Of("Fermer", "Close");
    public static readonly Label Edit = Label.Of("Modifier", "Edit");
    public static readonly Label Delete = Label.Of("Supprimer", "Delete");
    public static readonly Label New = Label.Of("Nouvelle fiche", "New record");
    public static readonly Label Loading = Label.Of("Chargement…", "Loading…");
    public static readonly Label TryAgain = Label.Of("Réessayer", "Try again");
    public static readonly Label All = Label.Of("Tout", "All");
    public static readonly Label Yes = Label.Of("Oui", "Yes");
    public static readonly Label No = Label.Of("Non", "No");
    public static readonly Label More = Label.Of("Afficher la suite", "Show more");
    public static readonly Label NotThere = Label.Of("Cette fiche n'existe pas, ou vous n'y avez pas accès.", "This record does not exist, or you may not see it.");
}
