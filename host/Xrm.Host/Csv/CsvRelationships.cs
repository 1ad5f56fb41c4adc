using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>Compares rows of relationships with what is there. One is the same when its id is; without ids, when both ends and the first day are.</summary>
internal sealed class CsvRelationships(ModelRelationship type, CsvLookup lookup, CsvReport report, CsvEdits edits)
{
    public async Task Plan(List<CsvRow> rows)
    {
        var links = await lookup.Links(type.Source, rows.Where(r => !r.IsRefused).Select(r => r.Source!.Id));
        var byId = links.SelectMany(l => l).DistinctBy(l => l.Id).ToDictionary(l => l.Id);
        var seen = new Dictionary<object, int>();
        foreach (var row in rows.Where(r => !r.IsRefused))
        {
            var period = Period(row);
            object name = row.Id is { } id ? id : (row.Source!.Id, row.Target!.Id, period.From);
            if (!seen.TryAdd(name, row.Line))
                report.Refuse(row, null, $"la même relation que la ligne {seen[name]}.", $"the same relationship as line {seen[name]}.");
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
        var missing = type.Fields.Where(f => f.Description is { IsRequired: true, Default: null } && row.JsonOf(f) is null).Select(f => f.Name).ToArray();
        if (missing.Length > 0)
        {
            report.Refuse(row, string.Join(", ", missing), "obligatoire, sans valeur.", "required, without value.");
            return;
        }
        var values = Values.Of([.. row.Values.Where(v => v.Value is not null && v.Field.Builtin == Builtin.None).Select(v => (v.Field.Name, v.Value))]);
        edits.Add(row.Line, new Edit.Relate(type.Name, row.Id is { } id ? new(id) : EntityId.New(), new(row.Source!.Id), new(row.Target!.Id), period, values));
        report.Add(ImportLineKind.New, row.Line, $"{type.Name} {row.Source.Text} → {row.Target.Text}", $"{type.Name} {row.Source.Text} → {row.Target.Text}");
    }

    private void Change(CsvRow row, Record record)
    {
        if (!IsBetween(record, row))
        {
            report.Refuse(row, null, $"la relation {record.Id} est entre d'autres fiches ; retirez-la et faites-en une nouvelle.", $"the relationship {record.Id} is between other things; take it away and make a new one.");
            return;
        }
        var different = CsvEdits.Different(row, record);
        if (different.Count == 0)
            return;
        edits.Add(row.Line, new Edit.Change(type.Name, new(record.Id), record.Version, different));
        var names = string.Join(", ", different.Select(v => v.Key));
        report.Add(ImportLineKind.Changed, row.Line, $"{type.Name} {row.Source!.Text} → {row.Target!.Text} : {names}", $"{type.Name} {row.Source.Text} → {row.Target.Text}: {names}");
    }

    private Period Period(CsvRow row)
    {
        DateOnly? from = null, to = null;
        if (type.IsDated)
            foreach (var (field, value, _) in row.Values)
                if (field.Builtin == Builtin.ValidFrom)
                    from = (DateOnly?)value;
                else if (field.Builtin == Builtin.ValidTo)
                    to = (DateOnly?)value;
        return new(from, to);
    }
}
