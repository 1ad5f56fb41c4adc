using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Host.SignIn;

/// <summary>Somebody invented who may be tried on in a demonstration.</summary>
/// <param name="Key">Names it in the credentials and in the form: lower case letters.</param>
/// <param name="Name">Of nobody who exists.</param>
/// <param name="Post">Who it is.</param>
/// <param name="May">What it may do.</param>
/// <param name="Task">Something to try; the sample data hold what it speaks of.</param>
internal sealed record DemoAccount(string Key, string Name, ImmutableArray<string> Roles, Label Post, Label May, Label Task);

/// <summary>Those there are.</summary>
internal static class DemoAccounts
{
    public static readonly DemoAccount Administrator = new("administrator", "Inès Caron", [Role.Administrator],
        Label.Of("Administratrice", "Administrator"),
        Label.Of("Voit et modifie tout.", "Sees and changes everything."),
        Label.Of("Ouvrez « Atelier des Trois Ponts » et lisez son historique : qui a corrigé son nom ?", "Open “Atelier des Trois Ponts” and read its history: who corrected its name?"));

    public static readonly DemoAccount Clerk = new("clerk", "Hugo Lemaire", ["agent", "assemblyOffice"],
        Label.Of("Service des assemblées", "Assembly office"),
        Label.Of("Tient à jour personnes, organisations et mandats.", "Keeps persons, organisations and mandates up to date."),
        Label.Of("Trouvez Maëlle Brossard et mettez fin à son adhésion au Cyclo-club d'Aubreval.", "Find Maëlle Brossard and end her membership of the Cyclo-club d'Aubreval."));

    public static readonly DemoAccount Reader = new("reader", "Odile Vasseur", ["executive"],
        Label.Of("Direction générale", "Executive"),
        Label.Of("Lit les fiches, n'en modifie aucune.", "Reads records, changes none."),
        Label.Of("Qui est maire d'Aubreval-sur-Sorane, et depuis quand ?", "Who is mayor of Aubreval-sur-Sorane, and since when?"));

    public static readonly ImmutableArray<DemoAccount> All = [Administrator, Clerk, Reader];
}
