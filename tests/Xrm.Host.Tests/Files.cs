using System.Globalization;
using System.Text;

namespace Xrm.Host.Tests;

/// <summary>Small invented files.</summary>
internal static class Files
{
    public const string PersonMap = """{ "id": "id", "fields": { "familyName": "nom", "givenName": "prénom" } }""";

    private const string Register = "Code du département;Libellé du département;Code de la collectivité à statut particulier;Libellé de la collectivité à statut particulier;Code de la commune;Libellé de la commune;Nom de l'élu;Prénom de l'élu;Code sexe;Date de naissance;Code de la catégorie socio-professionnelle;Libellé de la catégorie socio-professionnelle;Date de début du mandat;Date de début de la fonction\n";

    /// <summary>A register of two mayors, as published in 2022.</summary>
    public static byte[] Rne { get; } = Encoding.Latin1.GetBytes(Register
        + "98;Nulle-Part;;;98001;Val-Doré;DÉSIRANT;Gérard;M;30/09/1961;74;Ancien cadre;18/05/2020;28/05/2020\n"
        + "98;Nulle-Part;;;98002;Val-Clair;LEMIEL;Zoé;F;01/02/1972;65;Ouvrière;18/05/2020;26/05/2020\n");

    /// <summary>Persons with ids of their own: <c>id,nom,prénom</c>.</summary>
    public static string Persons(int count)
    {
        var text = new StringBuilder("id,nom,prénom\n");
        for (var i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $"{PersonId(i)},NOM{i},Prénom {i}\n");
        return text.ToString();
    }

    public static string PersonId(int number) => $"{number:x8}-0000-4000-8000-000000000000";
}
