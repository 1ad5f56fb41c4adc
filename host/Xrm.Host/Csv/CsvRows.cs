using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>Turns a file's lines into rows: every cell read and checked by what the model says of its field.</summary>
internal sealed class CsvRows(CsvMap map, CsvReport report, DateOnly today)
{
    private static readonly Label Reading = Label.Of("Lecture…", "Reading…");

    private CsvMap _map = map;
    private string[] _header = [];

    /// <summary>Reads them all; those that cannot be read are in the report.</summary>
    /// <exception cref="Problem">Invalid: the header lacks columns that the map names.</exception>
    public async Task<List<CsvRow>> Read(Import import, CancellationToken cancellation)
    {
        using var text = await CsvText.Open(import.Source, _map.Encoding, _map.Separator, cancellation);
        if (text.Read() is not { } header)
            throw new Problem(ProblemCode.Invalid, Label.Of($"{import.FileName} est vide.", $"{import.FileName} is empty."));
        Place(header, import.FileName);
        var rows = new List<CsvRow>();
        while (text.Read() is { } cells)
        {
            if (cells.All(string.IsNullOrWhiteSpace))
                continue;
            if (++report.Rows % 1000 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                import.Progress.Report(new(report.Rows, Reading));
            }
            var row = new CsvRow(text.Line) { Today = today };
            if (text.IsBroken)
                report.Refuse(row, null, "les guillemets de la ligne ne vont pas par paires.", "the quotation marks of the line do not match.");
            else if (cells.Any(CsvText.IsUnreadable))
                report.Refuse(row, null, "des caractères de la ligne ne sont pas lisibles : autre encodage (--map, encoding), ou fichier coupé.", "characters of the line cannot be read: another encoding (--map, encoding), or the file was cut.");
            else if (cells.Length != header.Length)
                report.Refuse(row, null, $"{cells.Length} colonnes, l'en-tête en a {header.Length}.", $"{cells.Length} columns, the header has {header.Length}.");
            else
            {
                Fill(row, cells);
                if (!row.IsRefused)
                    rows.Add(row);
            }
        }
        return rows;
    }

    private void Place(string[] header, string file)
    {
        _header = [.. header.Select(h => h.Trim())];
        var missing = _map.Columns().Where(c => c.Name is not null && Array.IndexOf(_header, c.Name) < 0).Select(c => c.Name!).Distinct(StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
        {
            var there = string.Join(", ", _header);
            throw new Problem(missing.Select(name => new Fault(ProblemCode.Invalid, Label.Of(
                $"{file} n'a pas de colonne « {name} » ; il a : {there}.", $"{file} has no column \"{name}\"; it has: {there}."), name)));
        }
        _map = _map.At(c => c.Name is null ? c : c with { Index = Array.IndexOf(_header, c.Name) });
    }

    private void Fill(CsvRow row, string[] cells)
    {
        if (_map.Id?.Text(cells) is { } id)
            if (EntityId.TryParse(id, out var parsed) && parsed.IsAcceptable)
                row.Id = parsed.Value;
            else
                report.Refuse(row, _map.Id.Name, $"« {id} » n'est pas un UUID de version 4 ou 7.", $"\"{id}\" is no UUID of version 4 or 7.");
        foreach (var (field, column) in _map.Fields)
            Fill(row, field, column, cells);
        if (_map.Type is ModelRelationship)
        {
            row.Source = Target(row, _map.Source!, cells, "source");
            row.Target = Target(row, _map.Target!, cells, "target");
            if (!row.IsRefused && (row.Source is null || row.Target is null))
                report.Refuse(row, null, "une relation a deux bouts : source et target.", "a relationship has two ends: source and target.");
        }
        else
        {
            row.Links = new CsvTarget?[_map.Links.Length];
            for (var i = 0; i < row.Links.Length; i++)
                row.Links[i] = Target(row, _map.Links[i].To, cells, _map.Links[i].End.Name);
        }
    }

    private void Fill(CsvRow row, ModelField field, CsvColumn column, string[] cells)
    {
        if (column.Text(cells) is not { } text)
        {
            if (column.Clears)
                row.Values.Add((field, null, []));
            return;
        }
        if (Check(row, field, column, text) is { } kept)
            row.Values.Add((field, kept, FieldValue.Json(field, kept)));
    }

    private object? Check(CsvRow row, ModelField field, CsvColumn column, string text)
    {
        var isSecret = field.Description.Sensitivity == Sensitivity.Special;
        if (column.Read(text, field.Shape, field.IsMany) is not { } value)
        {
            var expected = ShapeValues.Named(field.Shape);
            var shown = isSecret ? "…" : text;
            report.Refuse(row, column.Name ?? field.Name, $"« {shown} » : attendu {expected.Fr}.", $"\"{shown}\": expected {expected.En}.");
            return null;
        }
        if (!FieldValue.Check(field, value, out var kept, out var refusal))
        {
            if (isSecret)
                report.Refuse(row, column.Name ?? field.Name, "la valeur n'est pas admise.", "the value is not allowed.");
            else
                report.Refuse(row, column.Name ?? field.Name, refusal.Message.Fr, refusal.Message.En);
            return null;
        }
        return FieldValue.IsEmpty(kept) ? null : kept;
    }

    private CsvTarget? Target(CsvRow row, CsvReference reference, string[] cells, string what)
    {
        if (reference.Id is { } column)
        {
            if (column.Text(cells) is not { } text)
                return null;
            if (EntityId.TryParse(text, out var id))
                return new() { Id = id.Value, Text = text };
            report.Refuse(row, column.Name ?? what, $"« {text} » n'est pas un UUID.", $"\"{text}\" is no UUID.");
            return null;
        }
        var key = reference.Key!;
        var values = new Operand[key.Fields.Length];
        var texts = new string[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (reference.Columns[i].Text(cells) is not { } text)
                return null;
            if (Check(row, key.Fields[i], reference.Columns[i], text) is not { } kept)
                return null;
            values[i] = new(kept, FieldValue.Json(key.Fields[i], kept));
            texts[i] = text;
        }
        return new() { Key = key, Values = values, Text = string.Join(" ", texts) };
    }
}
