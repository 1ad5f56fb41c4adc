using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>Turns a file's lines into rows: every cell read and checked by what the model says of its field. While lines are cut into cells, those before are checked on other threads.</summary>
internal sealed class CsvRows(CsvMap map)
{
    /// <summary>Rows that are checked in one go.</summary>
    private const int Batch = 1000;

    private static readonly Label Reading = Label.Of("Lecture…", "Reading…");

    private CsvMap _map = map;
    private string[] _header = [];

    /// <summary>Reads them all, in their order; those that cannot be read are refused.</summary>
    /// <exception cref="Problem">Invalid: the header lacks columns that the map names.</exception>
    public async Task<List<CsvRow>> Read(Import import, CancellationToken cancellation)
    {
        using var text = await CsvText.Open(import.Source, _map.Encoding, _map.Separator, cancellation);
        if (text.Read() is not { } header)
            throw new Problem(ProblemCode.Invalid, Label.Of($"{import.FileName} est vide.", $"{import.FileName} is empty."));
        Place(header, import.FileName);
        var rows = new List<CsvRow>();
        var ahead = new Queue<Task<CsvRow[]>>();
        var read = 0;
        for (var isMore = true; isMore || ahead.Count > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!isMore || ahead.Count > Environment.ProcessorCount)
                rows.AddRange(await ahead.Dequeue());
            if (!isMore)
                continue;
            var lines = Lines(text, out isMore);
            ahead.Enqueue(Task.Run(() => Array.ConvertAll(lines, Row), cancellation));
            import.Progress.Report(new(read += lines.Length, Reading));
        }
        return rows;
    }

    /// <summary>The next lines that say something.</summary>
    private static CsvLine[] Lines(CsvText text, out bool isMore)
    {
        var lines = new List<CsvLine>(Batch);
        while (lines.Count < Batch)
        {
            if (text.Read() is not { } cells)
            {
                isMore = false;
                return [.. lines];
            }
            if (!Array.TrueForAll(cells, string.IsNullOrWhiteSpace))
                lines.Add(new(text.Line, cells, text.IsBroken));
        }
        isMore = true;
        return [.. lines];
    }

    private CsvRow Row(CsvLine line)
    {
        var row = new CsvRow(line.Number, _map.Fields.Length);
        if (line.IsBroken)
            row.Refuse(null, "les guillemets de la ligne ne vont pas par paires.", "the quotation marks of the line do not match.");
        else if (Array.Exists(line.Cells, CsvText.IsUnreadable))
            row.Refuse(null, "des caractères de la ligne ne sont pas lisibles : autre encodage (--map, encoding), ou fichier coupé.", "characters of the line cannot be read: another encoding (--map, encoding), or the file was cut.");
        else if (line.Cells.Length != _header.Length)
            row.Refuse(null, $"{line.Cells.Length} colonnes, l'en-tête en a {_header.Length}.", $"{line.Cells.Length} columns, the header has {_header.Length}.");
        else
            Fill(row, line.Cells);
        return row;
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
                row.Refuse(_map.Id.Name, $"« {id} » n'est pas un UUID de version 4 ou 7.", $"\"{id}\" is no UUID of version 4 or 7.");
        foreach (var (field, column) in _map.Fields)
            if (column.Text(cells) is { } text)
            {
                if (Check(row, field, column, text) is { } kept)
                    row.Set(field, kept);
            }
            else if (column.Clears)
                row.Set(field, null);
        if (_map.Type is ModelRelationship)
        {
            row.Source = Target(row, _map.Source!, cells, "source");
            row.Target = Target(row, _map.Target!, cells, "target");
            if (!row.IsRefused && (row.Source is null || row.Target is null))
                row.Refuse(null, "une relation a deux bouts : source et target.", "a relationship has two ends: source and target.");
        }
        else if (!_map.Links.IsEmpty)
        {
            row.Links = new CsvTarget?[_map.Links.Length];
            for (var i = 0; i < row.Links.Length; i++)
                row.Links[i] = Target(row, _map.Links[i].To, cells, _map.Links[i].End.Name);
        }
    }

    private static KeptValue? Check(CsvRow row, ModelField field, CsvColumn column, string text)
    {
        var isSecret = field.Description.Sensitivity == Sensitivity.Special;
        if (column.Read(text, field.Shape, field.IsMany) is not { } value)
        {
            var expected = ShapeValues.Named(field.Shape);
            var shown = isSecret ? "…" : text;
            row.Refuse(column.Name ?? field.Name, $"« {shown} » : attendu {expected.Fr}.", $"\"{shown}\": expected {expected.En}.");
            return null;
        }
        if (!FieldValue.Check(field, value, out var kept, out var refusal))
        {
            if (isSecret)
                row.Refuse(column.Name ?? field.Name, "la valeur n'est pas admise.", "the value is not allowed.");
            else
                row.Refuse(column.Name ?? field.Name, refusal.Message.Fr, refusal.Message.En);
            return null;
        }
        return FieldValue.IsEmpty(kept) ? null : new(field, kept, FieldValue.Json(field, kept));
    }

    private static CsvTarget? Target(CsvRow row, CsvReference reference, string[] cells, string what)
    {
        if (reference.Id is { } column)
        {
            if (column.Text(cells) is not { } text)
                return null;
            if (EntityId.TryParse(text, out var id))
                return new() { Id = id.Value, Text = text };
            row.Refuse(column.Name ?? what, $"« {text} » n'est pas un UUID.", $"\"{text}\" is no UUID.");
            return null;
        }
        var key = reference.Key!;
        var values = new Operand[key.Fields.Length];
        var texts = new string[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (reference.Columns[i].Text(cells) is not { } text || Check(row, key.Fields[i], reference.Columns[i], text) is not { } kept)
                return null;
            values[i] = new(kept.Value, kept.Json);
            texts[i] = text;
        }
        return new() { Key = key, Values = values, Text = string.Join(" ", texts) };
    }

    /// <summary>A line cut into cells.</summary>
    /// <param name="Number">In the file, from 1.</param>
    /// <param name="IsBroken">Whether its quotation marks do not match.</param>
    private readonly record struct CsvLine(int Number, string[] Cells, bool IsBroken);
}
