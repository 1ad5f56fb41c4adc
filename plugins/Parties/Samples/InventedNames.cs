using Xrm.Sdk;

namespace Parties.Samples;

/// <summary>Given and family names that are common in France, put together by chance: who bears both is nobody in particular.</summary>
internal static class InventedNames
{
    private static readonly string[] Women =
    [
        "Adèle", "Agathe", "Alice", "Amina", "Anaïs", "Annick", "Aurélie", "Béatrice", "Camille", "Catherine", "Cécile", "Chantal", "Clara", "Clémence", "Coralie", "Diane", "Élise",
        "Élodie", "Émilie", "Estelle", "Fanny", "Fatima", "Françoise", "Gaëlle", "Hélène", "Inaya", "Isabelle", "Jeanne", "Julie", "Karine", "Laure", "Léa", "Lina", "Louise", "Lucie",
        "Madeleine", "Manon", "Margaux", "Marie-Claude", "Mathilde", "Monique", "Nadia", "Nathalie", "Noémie", "Océane", "Pauline", "Rachel", "Sandrine", "Sarah", "Solène", "Sylvie", "Valérie", "Yasmine", "Zoé",
    ];

    private static readonly string[] Men =
    [
        "Adrien", "Alain", "Alexandre", "Antoine", "Arthur", "Aurélien", "Baptiste", "Benoît", "Bernard", "Bruno", "Cédric", "Christophe", "Clément", "Damien", "Denis", "Didier", "Édouard", "Emmanuel", "Éric",
        "Étienne", "Fabien", "Félix", "Florian", "François", "Gaël", "Georges", "Gilles", "Guillaume", "Hervé", "Idris", "Jacques", "Jean-Luc", "Jean-Marc", "Jérôme", "Joël", "Jules", "Karim", "Laurent", "Loïc",
        "Louis", "Lucas", "Mathieu", "Maxime", "Mehdi", "Michel", "Nicolas", "Olivier", "Pascal", "Patrick", "Philippe", "Quentin", "Rémi", "Samuel", "Sébastien", "Thierry", "Thomas", "Victor", "Yann", "Yves",
    ];

    private static readonly string[] Families =
    [
        "Adam", "Aubert", "Bailly", "Barbier", "Baron", "Benoit", "Bertin", "Besnard", "Blanchard", "Bonnet", "Bouchet", "Bourgeois", "Boyer", "Brun", "Carpentier", "Chevalier", "Clément", "Colin", "Collet", "Cordier",
        "Da Silva", "Daniel", "David", "Delaunay", "Denis", "Deschamps", "Diallo", "Dufour", "Dumas", "Dupuis", "Étienne", "Fabre", "Faure", "Fernandes", "Fleury", "Fontaine", "Fournier", "Gaillard", "Garnier",
        "Gauthier", "Gérard", "Giraud", "Guérin", "Guillot", "Haddad", "Hamon", "Hubert", "Jacquet", "Joly", "Julien", "Klein", "Lacroix", "Lambert", "Laporte", "Le Gall", "Le Roux", "Leclerc", "Lefèvre", "Lemoine",
        "Leroy", "Lopez", "Louis", "Mallet", "Marchand", "Martinez", "Masson", "Mathieu", "Menard", "Mercier", "Meunier", "Meyer", "Millet", "Morel", "Moulin", "N'Diaye", "Nguyen", "Noël", "Olivier", "Paris", "Pasquier",
        "Perret", "Perrin", "Petitjean", "Picard", "Poirier", "Prévost", "Rault", "Renard", "Rey", "Rivière", "Robin", "Rolland", "Rousseau", "Roy", "Sanchez", "Schmitt", "Simon", "Tessier", "Texier", "Vidal", "Weber",
    ];

    public static readonly string[] Streets =
    [
        "rue Haute", "rue Basse", "rue de l'Église", "rue des Écoles", "place du Marché", "chemin du Moulin", "rue de la Fontaine", "allée des Tilleuls", "rue du Lavoir", "route des Étangs", "impasse des Lilas",
        "rue de la Gare", "avenue de la Sorane", "rue du Vieux-Pont", "chemin des Vignes", "rue des Tanneurs",
    ];

    public static (Honorific Honorific, string Given, string Family) Next(Random chance)
    {
        var isWoman = chance.Next(2) == 0;
        var family = Of(chance, Families);
        // Some bear two names.
        if (chance.Next(14) == 0)
            family += "-" + Of(chance, Families);
        return (isWoman ? Honorific.Mme : Honorific.M, Of(chance, isWoman ? Women : Men), family);
    }

    public static string Of(Random chance, string[] names) => names[chance.Next(names.Length)];

    /// <summary>As it stands in an address of the network: letters, digits and hyphens alone.</summary>
    public static string Plain(string name) => TextKey.Fold(name).Replace(' ', '-');
}
