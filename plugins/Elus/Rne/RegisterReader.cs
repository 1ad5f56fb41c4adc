using System.Text;
using CsvHelper;
using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>Reads the rows of a register of mayors. What cannot be read is told with its line and left out; only a wrong header stops it.</summary>
/// <param name="keys">Makes the keys that stand for birth dates.</param>
/// <param name="today">Nothing in a register lies after it.</param>
/// <param name="progress">Told now and then.</param>
internal sealed class RegisterReader(BirthKeys keys, DateOnly today, IProgress<ImportProgress> progress)
{
    private static readonly DateOnly EarliestBirth = new(1900, 1, 1);
    private static readonly DateOnly EarliestStart = new(1944, 1, 1);
    private static readonly Label Reading = Label.Of("Lecture du fichier", "Reading the file");
    private static readonly Label Unbalanced = Label.Of("un guillemet n'est pas refermé.", "a quotation mark is not closed.");

    private readonly List<RegisterRow> _rows = [];
    private readonly List<RefusedRow> _refused = [];
    private readonly HashSet<long> _unbalanced = [];
    private int _others;

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="Problem">Invalid: it has no header, or not all columns.</exception>
    public RegisterFile Read(string text, CancellationToken cancellation)
    {
        var header = RegisterHeader.Find(text);
        using var csv = CsvReader.FromText(text[header.End..], new CsvReaderOptions
        {
            Separator = header.Separator,
            HasHeader = false,
            AllowLineBreaksInQuotes = false,
            TrackLineNumbers = true,
            OnMalformedRecord = record =>
            {
                if (record.Reason is CsvMalformedReason.LineBreakInQuotes or CsvMalformedReason.UnterminatedQuote)
                    _unbalanced.Add(record.LineNumber);
            },
        });
        var last = 0;
        for (var read = 1; csv.Read(); read++)
        {
            last = header.Line + (int)csv.LineNumber;
            if (_unbalanced.Contains(csv.LineNumber))
                Refuse(last, null, Unbalanced);
            else
                Read(csv, header, last);
            if (read % 5_000 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Report(new(read, Reading));
            }
        }
        var isCut = text.Length > 0 && text[^1] != '\n' && _refused.Count > 0 && _refused[^1].Line == last;
        return new(_rows, _refused, _others, isCut);
    }

    private void Read(CsvReader row, RegisterHeader header, int line)
    {
        if (row.FieldCount != header.Width && !(row.FieldCount > header.Width && Enumerable.Range(header.Width, row.FieldCount - header.Width).All(i => string.IsNullOrWhiteSpace(row.GetString(i)))))
        {
            // The last field of a short row may be cut itself.
            var hasCommune = row.FieldCount > Math.Max(header[Column.Commune], header[Column.Department]) + 1;
            Refuse(line, hasCommune ? CommuneCode.Of(Text(Column.Department), Text(Column.Commune)) : null, Label.Of($"{row.FieldCount} colonnes au lieu de {header.Width}.", $"{row.FieldCount} columns instead of {header.Width}."));
            return;
        }
        if (header[Column.FunctionName] >= 0 && TextKey.Fold(Text(Column.FunctionName)) != "maire")
        {
            _others++;
            return;
        }
        var code = CommuneCode.Of(Text(Column.Department), Text(Column.Commune));
        var name = Text(Column.CommuneName);
        var family = Text(Column.FamilyName);
        var given = Text(Column.GivenName);
        var birth = RegisterDate.Read(Text(Column.Birth), EarliestBirth, today);
        var mandate = RegisterDate.Read(Text(Column.MandateStart), EarliestStart, today);
        var function = RegisterDate.Read(Text(Column.FunctionStart), EarliestStart, today);
        var fault = code is null ? Label.Of($"« {Short(Text(Column.Department))} » et « {Short(Text(Column.Commune))} » ne donnent pas de code de commune.", $"\"{Short(Text(Column.Department))}\" and \"{Short(Text(Column.Commune))}\" make no commune code.")
            : !IsName(name, 150) ? Named("le libellé de la commune", "the commune's name")
            : !IsName(family, 100) ? Named("le nom de l'élu", "the official's family name")
            : given.Length > 0 && !IsName(given, 100) ? Named("le prénom de l'élu", "the official's given name")
            : birth is null ? Label.Of("la date de naissance manque ou n'est pas une date possible.", "the birth date is missing or is not a possible date.")
            : mandate is null ? Dated("la date de début du mandat", "the mandate's start", Text(Column.MandateStart))
            : function is null ? Dated("la date de début de la fonction", "the function's start", Text(Column.FunctionStart))
            : birth > mandate ? Label.Of("la date de naissance suit le début du mandat.", "the birth date is after the mandate's start.")
            : null;
        if (fault is not null)
            Refuse(line, code, fault);
        else
            _rows.Add(new(line, code!, name, family, given, keys.Of(family, birth!.Value), mandate!.Value, function!.Value));

        string Text(Column column) => Tidy(row.GetString(header[column]));
    }

    private void Refuse(int line, string? commune, Label reason) => _refused.Add(new(line, commune, reason));

    /// <summary>Runs of space as one, none at the ends, normal form C: as the store keeps it.</summary>
    private static string Tidy(string text)
    {
        text = text.Trim();
        if (text.Contains("  ", StringComparison.Ordinal) || text.Contains('\u00A0', StringComparison.Ordinal))
            text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.IsNormalized() ? text : text.Normalize(NormalizationForm.FormC);
    }

    private static bool IsName(string text, int most) => text.Length > 0 && text.Length <= most && !text.Any(c => char.IsControl(c) || c == '\uFFFD');

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static Label Named(string fr, string en) => Label.Of($"{fr} manque, est trop long ou contient des caractères illisibles.", $"{en} is missing, too long or holds unreadable characters.");

    private static Label Dated(string fr, string en, string text) => text.Length == 0
        ? Label.Of($"{fr} manque.", $"{en} is missing.")
        : Label.Of($"{fr} n'est pas une date possible : « {Short(text)} ».", $"{en} is not a possible date: \"{Short(text)}\".");
}
