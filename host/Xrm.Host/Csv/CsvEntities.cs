using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>Compares rows of things with what is there and says what to do: make those that are new, change what differs.</summary>
internal sealed class CsvEntities(CsvMap map, ModelType type, Reader reader, CsvLookup lookup, CsvEdits edits, bool isTold)
{
    private readonly ModelField[] _required = [.. type.Fields.Where(f => f.Description is { IsRequired: true, Default: null })];
    private readonly ModelEnd[] _requiredEnds = [.. type.Ends.Where(e => e is { IsRequired: true, IsToOne: true })];
    private Dictionary<string, Record> _byKey = [];
    private ILookup<Guid, Record>[] _links = [];

    public async Task Plan(List<CsvRow> rows)
    {
        await Find(rows);
        await RefuseTaken(rows);
        var standing = rows.Where(r => !r.IsRefused && Existing(r).Exists).ToArray();
        _links = new ILookup<Guid, Record>[map.Links.Length];
        for (var i = 0; i < _links.Length; i++)
            _links[i] = await lookup.Links(map.Links[i].End, [.. standing.Select(r => Existing(r).Id)]);
        foreach (var row in rows.Where(r => !r.IsRefused))
            if (Existing(row) is { Exists: true } record)
                Change(row, record);
            else
                Create(row);
    }

    private Record Existing(CsvRow row)
    {
        if (row.There.Exists)
            return row.There;
        return MatchKey(row) is { } key && _byKey.TryGetValue(key, out var record) ? record : default;
    }

    private async Task Find(List<CsvRow> rows)
    {
        if (map.Match is { } match)
            _byKey = await lookup.ByKey(match, rows.Select(r => KeyOf(match, r)).OfType<Operand[]>());
        var ids = new Dictionary<Guid, int>(map.Id is null ? 0 : rows.Count);
        var keys = new Dictionary<string, int>(map.Match is null ? 0 : rows.Count, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (row.Id is { } id && !ids.TryAdd(id, row.Line))
                RefuseTwin(row, ids[id]);
            if (MatchKey(row) is { } key && !keys.TryAdd(key, row.Line))
                RefuseTwin(row, keys[key]);
        }
        foreach (var row in rows.Where(r => !r.IsRefused && r.Id is not null))
            if (MatchKey(row) is { } key && _byKey.TryGetValue(key, out var other) && other.Id != row.Id)
                row.Refuse(null, $"la clé est celle d'une autre fiche, {other.Id}.", $"the key is that of another thing, {other.Id}.");
    }

    private static void RefuseTwin(CsvRow row, int line)
    {
        if (!row.IsRefused)
            row.Refuse(null, $"la même fiche que la ligne {line}.", $"the same thing as line {line}.");
    }

    /// <summary>Unique keys that another thing has, or another line of the file.</summary>
    private async Task RefuseTaken(List<CsvRow> rows)
    {
        foreach (var key in type.Keys.Where(k => k != map.Match && k.Fields.All(f => map.Fields.Any(m => m.Field == f))))
        {
            var taken = await lookup.ByKey(key, rows.Select(r => KeyOf(key, r)).OfType<Operand[]>());
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var row in rows.Where(r => !r.IsRefused))
            {
                if (KeyOf(key, row) is not { } values)
                    continue;
                var text = CsvLookup.KeyText(values);
                var names = string.Join(" + ", key.Fields.Select(f => f.Name));
                if (!seen.TryAdd(text, row.Line))
                    row.Refuse(names, $"la même valeur que la ligne {seen[text]} ; elle est unique.", $"the same value as line {seen[text]}; it is unique.");
                else if (taken.TryGetValue(text, out var other) && other.Id != (Existing(row) is { Exists: true } own ? own.Id : row.Id))
                    row.Refuse(names, "cette valeur n'est pas disponible : une autre fiche l'a.", "this value is not available: another thing has it.");
            }
        }
    }

    private void Create(CsvRow row)
    {
        if (!IsWhole(row))
        {
            RefuseMissing(row);
            return;
        }
        var id = row.Id is { } given ? new EntityId(given) : EntityId.New();
        edits.Add(row.Line, new Edit.Create(type.Name, id, edits.All(row, map.Links)));
        row.Bring(ImportLineKind.New, isTold ? Label.Of(Named(row, id), Named(row, id)) : null);
    }

    // Of its own, so that what the lambdas need is not made for each row.
    private void RefuseMissing(CsvRow row)
    {
        var missing = _required.Where(f => !row.TryGet(f, out _)).Select(f => f.Name).Concat(_requiredEnds.Where(e => !HasLink(row, e)).Select(e => e.Name));
        row.Refuse(string.Join(", ", missing), "obligatoire, sans valeur.", "required, without value.");
    }

    /// <summary>Whether it has all that is required.</summary>
    private bool IsWhole(CsvRow row)
    {
        foreach (var field in _required)
            if (!row.TryGet(field, out _))
                return false;
        foreach (var end in _requiredEnds)
            if (!HasLink(row, end))
                return false;
        return true;
    }

    private void Change(CsvRow row, Record record)
    {
        var different = edits.Different(row, record);
        var names = different.Select(v => v.Key).ToList();
        if (different.Count > 0)
            edits.Add(row.Line, new Edit.Update(type.Name, new(record.Id), record.Version, different));
        for (var i = 0; i < map.Links.Length; i++)
            if (row.Targets[i] is { IsGiven: true } to && Relink(row, record.Id, map.Links[i].End, _links[i][record.Id], to.Id))
                names.Add(map.Links[i].End.Name);
        if (names.Count > 0)
            row.Bring(ImportLineKind.Changed, isTold ? Label.Of($"{Named(row, new(record.Id))} : {string.Join(", ", names)}", $"{Named(row, new(record.Id))}: {string.Join(", ", names)}") : null);
    }

    /// <summary>Leads a to-one link elsewhere from today; one that is not dated is taken away and made anew.</summary>
    private bool Relink(CsvRow row, Guid id, ModelEnd end, IEnumerable<Record> links, Guid to)
    {
        var isDated = end.Relationship.IsDated;
        var today = reader.Today;
        var now = links.Where(l => !isDated || l.Period.Contains(today)).ToArray();
        if (now.Any(l => (end.IsSource ? l.Target : l.Source) == to))
            return false;
        foreach (var link in now)
            edits.Add(row.Line, isDated
                ? new Edit.End(end.Relationship.Name, new(link.Id), link.Version, today)
                : new Edit.Unrelate(end.Relationship.Name, new(link.Id), link.Version));
        edits.Add(row.Line, new Edit.Relate(end.Relationship.Name, EntityId.New(), new(end.IsSource ? id : to), new(end.IsSource ? to : id),
            isDated ? new Period(today, null) : Period.Always, Values.None));
        return true;
    }

    private string? MatchKey(CsvRow row) => map.Match is { } match && KeyOf(match, row) is { } values ? CsvLookup.KeyText(values) : null;

    private static Operand[]? KeyOf(ModelKey key, CsvRow row)
    {
        var values = new Operand[key.Fields.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!row.TryGet(key.Fields[i], out var json))
                return null;
            values[i] = new(ShapeValues.Read(key.Fields[i], json), json.ToArray());
        }
        return values;
    }

    private bool HasLink(CsvRow row, ModelEnd end)
    {
        for (var i = 0; i < map.Links.Length; i++)
            if (map.Links[i].End == end)
                return row.Targets[i].IsGiven;
        return false;
    }

    /// <summary>What people call the thing, from what the row says; nothing special of a person.</summary>
    private string Named(CsvRow row, EntityId id)
    {
        var names = type.DisplayFields.Where(f => f.Description.Sensitivity < Sensitivity.Special && reader.Sees(f)).Select(f => row.TryGet(f, out var json) && json[0] == '"' ? JsonValue.Text(json) : null).OfType<string>();
        return string.Join(' ', names) is { Length: > 0 } name ? name : $"{type.Name} {id}";
    }
}
