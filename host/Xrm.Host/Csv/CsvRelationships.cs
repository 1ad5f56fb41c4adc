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
        var left = rows.FindAll(r => !r.IsRefused);
        var byId = await lookup.Links(type, [.. left.Where(r => r.Id is not null).Select(r => r.Id!.Value)]);
        var links = await lookup.Links(type.Source, [.. left.Where(r => r.Id is null).Select(r => r.Source!.Id)]);
        var seen = new Dictionary<(Guid Id, Guid Source, Guid Target, DateOnly? From), int>(left.Count);
        foreach (var row in left)
        {
            var period = Period(row);
            var name = row.Id is { } id ? (id, default, default, null) : (default(Guid), row.Source!.Id, row.Target!.Id, period.From);
            if (!seen.TryAdd(name, row.Line))
                row.Refuse(null, $"la même relation que la ligne {seen[name]}.", $"the same relationship as line {seen[name]}.");
            else if (Existing(row, period, byId, links) is { Exists: true } record)
                Change(row, record);
            else
                Create(row, period);
        }
    }

    private Record Existing(CsvRow row, Period period, Dictionary<Guid, Record> byId, ILookup<Guid, Record> links)
    {
        if (row.Id is { } id)
            return byId.GetValueOrDefault(id);
        foreach (var link in links[row.Source!.Id])
            if (IsBetween(link, row) && (!type.IsDated || link.Period.From == period.From))
                return link;
        return default;
    }

    private bool IsBetween(Record link, CsvRow row) =>
        link.Source == row.Source!.Id && link.Target == row.Target!.Id
        || type.IsSymmetric && link.Target == row.Source!.Id && link.Source == row.Target!.Id;

    private void Create(CsvRow row, Period period)
    {
        if (Array.Exists(_required, f => !row.TryGet(f, out _)))
        {
            row.Refuse(string.Join(", ", _required.Where(f => !row.TryGet(f, out _)).Select(f => f.Name)), "obligatoire, sans valeur.", "required, without value.");
            return;
        }
        edits.Add(row.Line, new Edit.Relate(type.Name, row.Id is { } id ? new(id) : EntityId.New(), new(row.Source!.Id), new(row.Target!.Id), period, edits.Own(row)));
        row.Bring(ImportLineKind.New, isTold ? Told(row, "", "") : null);
    }

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
        Label.Of($"{type.Name} {row.Source!.Text} → {row.Target!.Text}{fr}", $"{type.Name} {row.Source.Text} → {row.Target.Text}{en}");

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
