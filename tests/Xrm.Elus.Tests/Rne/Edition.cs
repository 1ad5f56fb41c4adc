using System.Globalization;
using System.Text;

namespace Xrm.Elus.Tests.Rne;

/// <summary>A mayor as a row of an edition; all invented.</summary>
internal sealed record Mayor(string Commune, string Name, string Given, string Birth, string Mandate, string Function)
{
    public string CommuneName { get => field ?? "Val-" + Commune; init; }
    public string Department => Commune[..2];
}

/// <summary>Writes register files as the ministry's two generations have them.</summary>
internal static class Edition
{
    public const string Header2022 = "Code du département;Libellé du département;Code de la collectivité à statut particulier;Libellé de la collectivité à statut particulier;Code de la commune;Libellé de la commune;Nom de l'élu;Prénom de l'élu;Code sexe;Date de naissance;Code de la catégorie socio-professionnelle;Libellé de la catégorie socio-professionnelle;Date de début du mandat;Date de début de la fonction";

    public const string Header2019 = "Code du département (Maire)\tLibellé de département (Maires)\tCode Insee de la commune\tLibellé de la commune\tNom de l'élu\tPrénom de l'élu\tCode sexe\tDate de naissance\tCode profession\tLibellé de la profession\tDate de début du mandat\tDate de début de la fonction";

    public static string Of2022(params IEnumerable<Mayor> mayors) => Header2022 + "\n" + string.Concat(mayors.Select(m => Row2022(m) + "\n"));

    public static string Row2022(Mayor m) => $"{m.Department};Nulle-Part;;;{m.Commune};{m.CommuneName};{m.Name};{m.Given};F;{Day(m.Birth)};74;Ancien cadre;{Day(m.Mandate)};{Day(m.Function)}";

    public static string Of2019(params IEnumerable<Mayor> mayors) => "Titre du rapport\r\n" + Header2019 + "\r\n" + string.Concat(mayors.Select(m => Row2019(m) + "\r\n"));

    public static string Row2019(Mayor m) => $"{m.Department}\tNULLE PART\t{m.Commune[2..]}\t{m.CommuneName}\t{m.Name}\t{m.Given}\tF\t{ShortDay(m.Birth)}\t61\tRetraité\t{ShortDay(m.Mandate)}\t{ShortDay(m.Function)}";

    public static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    private static string Day(string iso) => DateOnly.TryParseExact(iso, "yyyy-MM-dd", out var day) ? day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) : iso;

    private static string ShortDay(string iso) => DateOnly.TryParseExact(iso, "yyyy-MM-dd", out var day) ? day.ToString("d/M/yyyy", CultureInfo.InvariantCulture) : iso;
}
