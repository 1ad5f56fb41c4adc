using System.Collections.Immutable;
using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>What the import reads of a row.</summary>
internal enum Column
{
    Department,
    Commune,
    CommuneName,
    FamilyName,
    GivenName,
    Birth,
    MandateStart,
    FunctionStart,
    /// <summary>Only in files of all municipal councillors; may be missing.</summary>
    FunctionName,
}

/// <summary>Where the header of a register file stands and what it names. Editions differ in order, separator and wording, and some begin with a title.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="End">Where the first row begins in the text.</param>
/// <param name="Separator">Between the fields of a row.</param>
/// <param name="Width">How many fields a row has.</param>
/// <param name="Places">Where each column stands; -1 = it does not.</param>
internal sealed record RegisterHeader(int Line, int End, char Separator, int Width, ImmutableArray<int> Places)
{
    private const int MostLinesBefore = 50;

    private static readonly char[] Separators = ['\t', ';', ','];

    private static readonly string[] SilentWords = ["de", "du", "des", "d", "la", "le", "l", "insee"];

    private static readonly ImmutableArray<(Column Column, string Key, string Title)> Columns =
    [
        (Column.Department, "code departement", "Code du département"),
        (Column.Commune, "code commune", "Code de la commune"),
        (Column.CommuneName, "libelle commune", "Libellé de la commune"),
        (Column.FamilyName, "nom elu", "Nom de l'élu"),
        (Column.GivenName, "prenom elu", "Prénom de l'élu"),
        (Column.Birth, "date naissance", "Date de naissance"),
        (Column.MandateStart, "date debut mandat", "Date de début du mandat"),
        (Column.FunctionStart, "date debut fonction", "Date de début de la fonction"),
        (Column.FunctionName, "libelle fonction", "Libellé de la fonction"),
    ];

    public int this[Column column] => Places[(int)column];

    /// <summary>Finds it near the start of a text.</summary>
    /// <exception cref="Problem">Invalid: naming all columns that are missing.</exception>
    public static RegisterHeader Find(string text)
    {
        RegisterHeader? best = null;
        var most = 0;
        for (int line = 1, start = 0; line <= MostLinesBefore && start < text.Length; line++)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0)
                end = text.Length;
            foreach (var separator in Separators)
            {
                var header = Read(text[start..end], line, Math.Min(end + 1, text.Length), separator);
                var found = header.Places.Count(place => place >= 0);
                if (found > most)
                    (best, most) = (header, found);
            }
            start = end + 1;
        }
        if (best is null)
            throw new Problem(ProblemCode.Invalid,
                Label.Of($"Aucune ligne d'en-tête du répertoire des élus n'a été trouvée dans les {MostLinesBefore} premières lignes. Colonnes attendues : {Titles(_ => true)}. Vérifiez le fichier et son encodage (UTF-8 ou ISO-8859-1).",
                    $"No header of the register of officials was found in the first {MostLinesBefore} lines. Columns expected: {Titles(_ => true)}. Check the file and its encoding (UTF-8 or ISO-8859-1)."),
                rule: "rne-header");
        if (Columns.Any(column => column.Column != Column.FunctionName && best[column.Column] < 0))
        {
            var missing = Titles(column => best[column] < 0);
            throw new Problem(ProblemCode.Invalid,
                Label.Of($"Ligne {best.Line} : il manque des colonnes : {missing}. Vérifiez le fichier et son encodage (UTF-8 ou ISO-8859-1).",
                    $"Line {best.Line}: columns are missing: {missing}. Check the file and its encoding (UTF-8 or ISO-8859-1)."),
                rule: "rne-header");
        }
        return best;
    }

    private static string Titles(Func<Column, bool> which) =>
        string.Join(", ", Columns.Where(c => c.Column != Column.FunctionName && which(c.Column)).Select(c => $"« {c.Title} »"));

    private static RegisterHeader Read(string line, int number, int end, char separator)
    {
        var names = line.Split(separator);
        var places = Enumerable.Repeat(-1, Columns.Length).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            var key = Key(names[i]);
            foreach (var column in Columns)
                if (column.Key == key && places[(int)column.Column] < 0)
                    places[(int)column.Column] = i;
        }
        return new(number, end, separator, names.Length, [.. places]);
    }

    /// <summary>A column's name without accents, capitals, brackets and small words: <c>Code du département (Maire)</c> is <c>code departement</c>.</summary>
    private static string Key(string name)
    {
        var bracket = name.IndexOf('(', StringComparison.Ordinal);
        var words = TextKey.Fold((bracket < 0 ? name : name[..bracket]).Trim('"', ' ', '\uFEFF')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words.Where(word => !SilentWords.Contains(word)));
    }
}
