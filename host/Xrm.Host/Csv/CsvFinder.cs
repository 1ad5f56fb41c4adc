using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;

namespace Xrm.Host.Csv;

/// <summary>Finds what some rows mean while others are still read: the records of their own ids, and the things that they lead to by links and by ends. A row that leads to nothing is left out.</summary>
internal sealed class CsvFinder(CsvMap map, CsvLookup lookup)
{
    public async Task Find(CsvRow[] rows)
    {
        await FindOwn(rows);
        for (var i = 0; i < map.Links.Length; i++)
            await Find(map.Links[i].End.Name, map.Links[i].End.Far, rows, i);
        if (map.Type is ModelRelationship type)
        {
            await Find("source", type.Source.Types, rows, 0);
            await Find("target", type.IsSymmetric ? type.Source.Types : type.Target.Types, rows, 1);
        }
    }

    private async Task FindOwn(CsvRow[] rows)
    {
        Guid[] ids = [.. rows.Where(r => r.Id is not null).Select(r => r.Id!.Value)];
        if (ids.Length == 0)
            return;
        var found = map.Type is ModelRelationship type ? await lookup.Links(type, ids) : await lookup.ById([(ModelType)map.Type], ids);
        if (found.Count > 0)
            foreach (var row in rows)
                if (row.Id is { } id)
                    row.There = found.GetValueOrDefault(id);
    }

    private async Task Find(string what, ImmutableArray<ModelType> types, CsvRow[] rows, int target)
    {
        var ids = new List<Guid>(rows.Length);
        ModelKey? key = null;
        var values = new List<Operand[]>();
        foreach (var row in rows)
            if (row.Targets[target] is { Named: { Key: { } by } named })
            {
                key = by;
                values.Add(named.Values);
            }
            else if (row.Targets[target].IsGiven)
                ids.Add(row.Targets[target].Id);
        var byId = await lookup.ById(types, ids);
        var byKey = key is null ? [] : await lookup.ByKey(key, values);
        foreach (var row in rows)
        {
            var to = row.Targets[target];
            if (!to.IsGiven)
                continue;
            var found = to.Named is { Key: not null } named ? byKey.GetValueOrDefault(CsvLookup.KeyText(named.Values)) : byId.GetValueOrDefault(to.Id);
            if (found.Exists)
                row.Targets[target].Id = found.Id;
            else if (!row.IsRefused)
            {
                var names = string.Join(", ", types.Select(t => t.Name));
                row.Refuse(what, $"il n'y a pas de fiche « {to.Text} » ({names}).", $"there is no thing \"{to.Text}\" ({names}).");
            }
        }
    }
}
