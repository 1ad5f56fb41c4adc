using System.Runtime.InteropServices;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>Compares rows of relationships with what is there. One is the same when its id is; without ids, when both ends and the first day are.</summary>
internal sealed class CsvRelationships(ModelRelationship type, CsvLookup lookup, CsvEdits edits, bool isTold)
{
    private readonly ModelField[] _required = [.. type.Fields.Where(f => f.Description is { IsRequired: true, Default: null })];

    public async Task Plan(List<CsvRow> rows)
    {
        var left = rows.TrueForAll(r => !r.IsRefused) ? rows : rows.FindAll(r => !r.IsRefused);
        var links = await lookup.Links(type.Source, [.. left.Where(r => r.Id is null).Select(r => r.Source!.Id)]);
        var ids = new Dictionary<Guid, int>(left.Count(r => r.Id is not null));
        var ends = new Dictionary<(Guid Source, Guid Target, DateOnly? From), int>();
        foreach (var row in left)
        {
            var period = Period(row);
            if (Twin(row, period) is { } line)
                row.Refuse(null, $"la même relation que la ligne {line}.", $"the same relationship as line {line}.");
            else if (Existing(row, period, links) is { Exists: true } record)
                Change(row, record);
            else
                Create(row, period);
        }

        // The line that the same relationship stood in before.
        int? Twin(CsvRow row, Period period)
        {
            ref var line = ref row.Id is { } id
                ? ref CollectionsMarshal.GetValueRefOrAddDefault(ids, id, out var isThere)
                : ref CollectionsMarshal.GetValueRefOrAddDefault(ends, (row.Source.Id, row.Target.Id, period.From), out isThere);
            if (isThere)
                return line;
            line = row.Line;
            return null;
        }
    }

    private Record Existing(CsvRow row, Period period, ILookup<Guid, Record> links)
    {
        if (row.Id is not null)
            return row.There;
        foreach (var link in links[row.Source.Id])
            if (IsBetween(link, row) && (!type.IsDated || link.Period.From == period.From))
                return link;
        return default;
    }

    private bool IsBetween(Record link, CsvRow row) =>
        link.Source == row.Source.Id && link.Target == row.Target.Id
        || type.IsSymmetric && link.Target == row.Source.Id && link.Source == row.Target.Id;

    private void Create(CsvRow row, Period period)
    {
        foreach (var field in _required)
            if (!row.TryGet(field, out _))
            {
                RefuseMissing(row);
                return;
            }
        edits.Add(row.Line, new Edit.Relate(type.Name, row.Id is { } id ? new(id) : EntityId.New(), new(row.Source.Id), new(row.Target.Id), period, edits.Own(row)));
        row.Bring(ImportLineKind.New, isTold ? Told(row, "", "") : null);
    }

    // Of its own, so that what the lambda needs is not made for each row.
    private void RefuseMissing(CsvRow row) =>
        row.Refuse(string.Join(", ", _required.Where(f => !row.TryGet(f, out _)).Select(f => f.Name)), "obligatoire, sans valeur.", "required, without value.");

    private void Change(CsvRow row, Record record)
    {
        if (!IsBetween(record, row))
        {
            row.Refuse(null, $"la relation {record.Id} est entre d'autres fiches ; retirez-la et faites-en une nouvelle.", $"the relationship {record.Id} is between other things; take it away and make a new one.");
            return;
        }
        var different = edits.Different(row, record);
        if (different.Count == 0)
            return;
        edits.Add(row.Line, new Edit.Change(type.Name, new(record.Id), record.Version, different));
        var names = string.Join(", ", different.Select(v => v.Key));
        row.Bring(ImportLineKind.Changed, isTold ? Told(row, $" : {names}", $": {names}") : null);
    }

    private Label Told(CsvRow row, string fr, string en) =>
        Label.Of($"{type.Name} {row.Source.Text} → {row.Target.Text}{fr}", $"{type.Name} {row.Source.Text} → {row.Target.Text}{en}");

    private Period Period(CsvRow row)
    {
        DateOnly? from = null, to = null;
        if (type.IsDated)
            foreach (var (field, kept) in row.Beside)
                if (field.Builtin == Builtin.ValidFrom)
                    from = (DateOnly?)kept?.Value;
                else if (field.Builtin == Builtin.ValidTo)
                    to = (DateOnly?)kept?.Value;
        return new(from, to);
    }
}
