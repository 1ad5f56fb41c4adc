using System.Collections.Concurrent;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>Turns a file's lines into rows: every cell read and checked by what the model says of its field, and what it means looked up. While lines are cut into cells, those before are checked on other threads.</summary>
internal sealed class CsvRows(CsvMap map, Reader reader)
{
    /// <summary>How far it has come is told every so many lines.</summary>
    private const int Told = 1000;

    private static readonly Label Reading = Label.Of("Lecture…", "Reading…");

    private CsvMap _map = map;
    private readonly ConcurrentBag<CsvLines> _emptied = [];
    private readonly CsvKept _kept = new();
    private string[] _header = [];

    /// <summary>Reads them all, in their order; those that cannot be read are refused.</summary>
    /// <param name="length">How many bytes the file has; null when that is not known.</param>
    /// <exception cref="Problem">Invalid: the header lacks columns that the map names.</exception>
    public async Task<List<CsvRow>> Read(Import import, long? length, CancellationToken cancellation)
    {
        using var text = await CsvText.Open(import.Source, length, _map.Encoding, _map.Separator, cancellation);
        if (text.ReadHeader() is not { } header)
            throw new Problem(ProblemCode.Invalid, Label.Of($"{import.FileName} est vide.", $"{import.FileName} is empty."));
        Place(header, import.FileName);
        var rows = new List<CsvRow[]>();
        var ahead = new Queue<Task<CsvRow[]>>();
        var read = 0;
        for (var isMore = true; isMore || ahead.Count > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!isMore || ahead.Count > Environment.ProcessorCount)
                rows.Add(await ahead.Dequeue());
            if (!isMore)
                continue;
            var lines = _emptied.TryTake(out var emptied) ? emptied : new();
            isMore = text.Read(lines);
            read += lines.Count;
            var count = lines.Count;
            ahead.Enqueue(Task.Run(() => Rows(lines, cancellation), cancellation));
            if (read / Told > (read - count) / Told)
                import.Progress.Report(new(read / Told * Told, Reading));
        }
        // Made as long as it is: grown by doubling it would be copied several times as a large object.
        var all = new List<CsvRow>(read);
        foreach (var some in rows)
            all.AddRange(some);
        return all;
    }

    private async Task<CsvRow[]> Rows(CsvLines lines, CancellationToken cancellation)
    {
        var packer = new CsvPacker(_map.Fields);
        var rows = new CsvRow[lines.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Row(lines[i], packer);
            rows[i].IsRead = !rows[i].IsRefused;
        }
        if (lines.IsReusable)
        {
            lines.Clear();
            _emptied.Add(lines);
        }
        // A reader is for one at a time.
        using var own = reader.For(reader.Actor);
        await new CsvFinder(_map, new(own, cancellation)).Find(Array.TrueForAll(rows, r => r.IsRead) ? rows : Array.FindAll(rows, r => r.IsRead));
        return rows;
    }

    private CsvRow Row(CsvLines.CsvCells cells, CsvPacker packer)
    {
        var row = new CsvRow(cells.Number);
        if (cells.IsBroken)
            row.Refuse(null, "les guillemets de la ligne ne vont pas par paires.", "the quotation marks of the line do not match.");
        else if (CsvText.IsUnreadable(cells.Bytes))
            row.Refuse(null, "des caractères de la ligne ne sont pas lisibles : autre encodage (--map, encoding), ou fichier coupé.", "characters of the line cannot be read: another encoding (--map, encoding), or the file was cut.");
        else if (cells.Count != _header.Length)
            row.Refuse(null, $"{cells.Count} colonnes, l'en-tête en a {_header.Length}.", $"{cells.Count} columns, the header has {_header.Length}.");
        else
            Fill(row, cells, packer);
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

    private void Fill(CsvRow row, CsvLines.CsvCells cells, CsvPacker packer)
    {
        if (_map.Id is { } own && own.TryId(cells, out var plain) && plain.IsAcceptable)
            row.Id = plain.Value;
        else if (_map.Id?.Text(cells) is { } id)
            if (EntityId.TryParse(id, out var parsed) && parsed.IsAcceptable)
                row.Id = parsed.Value;
            else
                row.Refuse(_map.Id.Name, $"« {id} » n'est pas un UUID de version 4 ou 7.", $"\"{id}\" is no UUID of version 4 or 7.");
        for (var i = 0; i < _map.Fields.Length; i++)
        {
            var (field, column) = _map.Fields[i];
            var isPacked = packer.Packs(i);
            if (column.Text(cells) is { } text)
            {
                if (!isPacked && _kept.Find(i, text) is { } known)
                    row.SetBeside(field, known);
                else if (!TryCheck(row, field, column, text, out var kept))
                    continue;
                else if (isPacked)
                    packer.Set(i, kept);
                else
                    row.SetBeside(field, _kept.Keep(i, text, new(field, kept, FieldValue.Json(field, kept))));
            }
            else if (column.Clears && isPacked)
            {
                packer.Empty(i);
                row.Empties = true;
            }
            else if (column.Clears)
                row.SetBeside(field, null);
        }
        row.Packed = packer.Pack();
        if (_map.Type is ModelRelationship)
        {
            row.Targets = [Target(row, _map.Source!, cells, "source"), Target(row, _map.Target!, cells, "target")];
            if (!row.IsRefused && !(row.Source.IsGiven && row.Target.IsGiven))
                row.Refuse(null, "une relation a deux bouts : source et target.", "a relationship has two ends: source and target.");
        }
        else if (!_map.Links.IsEmpty)
        {
            row.Targets = new CsvTarget[_map.Links.Length];
            for (var i = 0; i < row.Targets.Length; i++)
                row.Targets[i] = Target(row, _map.Links[i].To, cells, _map.Links[i].End.Name);
        }
    }

    /// <returns>False when it is refused, or comes to no value.</returns>
    private static bool TryCheck(CsvRow row, ModelField field, CsvColumn column, string text, out object kept)
    {
        kept = text;
        var isSecret = field.Description.Sensitivity == Sensitivity.Special;
        if (column.Read(text, field.Shape, field.IsMany) is not { } value)
        {
            var expected = ShapeValues.Named(field.Shape);
            var shown = isSecret ? "…" : text;
            row.Refuse(column.Name ?? field.Name, $"« {shown} » : attendu {expected.Fr}.", $"\"{shown}\": expected {expected.En}.");
            return false;
        }
        if (!FieldValue.Check(field, value, out kept, out var refusal))
        {
            if (isSecret)
                row.Refuse(column.Name ?? field.Name, "la valeur n'est pas admise.", "the value is not allowed.");
            else
                row.Refuse(column.Name ?? field.Name, refusal.Message.Fr, refusal.Message.En);
            return false;
        }
        return !FieldValue.IsEmpty(kept);
    }

    private static CsvTarget Target(CsvRow row, CsvReference reference, CsvLines.CsvCells cells, string what)
    {
        if (reference.Id is { } column)
        {
            if (column.TryId(cells, out var plain))
                return new(plain.Value, null);
            if (column.Text(cells) is not { } text)
                return default;
            if (EntityId.TryParse(text, out var id))
                return new(id.Value, id.ToString() == text ? null : new(text));
            row.Refuse(column.Name ?? what, $"« {text} » n'est pas un UUID.", $"\"{text}\" is no UUID.");
            return default;
        }
        var key = reference.Key!;
        var values = new Operand[key.Fields.Length];
        var texts = new string[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (reference.Columns[i].Text(cells) is not { } text || !TryCheck(row, key.Fields[i], reference.Columns[i], text, out var kept))
                return default;
            values[i] = new(kept, FieldValue.Json(key.Fields[i], kept));
            texts[i] = text;
        }
        return new(default, new(string.Join(" ", texts)) { Key = key, Values = values });
    }
}
