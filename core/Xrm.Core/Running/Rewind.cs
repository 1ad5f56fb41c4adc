using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Takes the data of some types, and some fields of others, back to how they were at a place in the log: what was made since goes, what was changed or deleted since is again what it was. The log goes on: it is a change like any other.</summary>
/// <remarks>What was erased since stays erased: such a record is left as it is. A relationship whose end is gone is left out. Relationships of other types end where their thing goes.</remarks>
/// <param name="engine">Whose data.</param>
/// <param name="place">The log's head when the snapshot was taken.</param>
/// <param name="types">Names of entity and relationship types, in force or not.</param>
/// <param name="fields">Fields of other types, as the catalog names them: <c>Person.harbour_licence</c>.</param>
internal sealed class Rewind(Engine engine, Cursor place, IReadOnlyCollection<string> types, IReadOnlyCollection<string> fields)
{
    private const int Batch = 5000;
    private readonly List<Label> _leftOut = [];

    /// <summary>What could not be as it was, for people; of the last run.</summary>
    public IReadOnlyList<Label> LeftOut => _leftOut;

    /// <summary>A <see cref="Migrate"/>.</summary>
    public async ValueTask<MigratedData> Run(Force before, Force after, ISnapshot snapshot, CancellationToken cancellation)
    {
        _leftOut.Clear();
        var model = after.Model.Whole;
        var asked = Asked(model);
        var formers = await Read(asked, snapshot.Block, cancellation);
        var now = await Records([.. formers.Keys], snapshot, cancellation);
        var left = formers.Values.Where(f => !f.IsKnown(now.GetValueOrDefault(f.Id))).Select(f => f.Id).ToHashSet();
        if (left.Count > 0)
            _leftOut.Add(Label.Of($"{left.Count} fiches ou relations dont des valeurs ont été effacées restent comme elles sont.", $"{left.Count} things or relationships of which values were erased stay as they are."));
        var back = formers.Values.Where(f => !left.Contains(f.Id)).ToArray();
        var edits = new RewoundEdits(model, snapshot.Block, now);
        foreach (var type in asked.Keys)
            edits.Unchanged(model.ByOrdinal[type]);
        var ends = await Ends(back, now, model, snapshot, cancellation);
        foreach (var former in back)
            if (former.IsPartial)
                edits.Fields(former);
            else if (model.ByOrdinal[former.TypeOrdinal] is not ModelRelationship relationship || !former.WasThere || Stand(former, relationship, ends, edits))
                edits.Whole(former);
        await new LooseEnds(engine.Today, model, asked.Where(a => a.Value is null).Select(a => a.Key).ToHashSet()).End(edits, snapshot, _leftOut, cancellation);
        await new KeptKeys(after.Model, now).Clear(edits, snapshot, _leftOut, cancellation);
        return edits.Made();
    }

    /// <summary>By type: the fields asked for, null for all of it.</summary>
    private Dictionary<int, HashSet<int>?> Asked(CompiledModel model)
    {
        var asked = types.Where(model.ByName.ContainsKey).ToDictionary(t => model.ByName[t].Ordinal, _ => (HashSet<int>?)null);
        foreach (var name in fields)
            if (model.Catalog.Fields.TryGetValue(name, out var field) && model.ByName.TryGetValue(name[..name.IndexOf('.', StringComparison.Ordinal)], out var owner))
            {
                if (!asked.TryGetValue(owner.Ordinal, out var some))
                    asked.Add(owner.Ordinal, some = []);
                some?.Add(field);
            }
        return asked;
    }

    private async ValueTask<Dictionary<Guid, Former>> Read(Dictionary<int, HashSet<int>?> asked, long upTo, CancellationToken cancellation)
    {
        var formers = new Dictionary<Guid, Former>();
        await foreach (var change in engine.Log.Read(place, cancellation))
        {
            if (change.Place.Block > upTo)
                break;
            if (change.IsErased || change.Kind == ChangeKind.Model || !asked.TryGetValue(change.TypeOrdinal, out var some))
                continue;
            if (!formers.TryGetValue(change.Id, out var former))
                formers.Add(change.Id, former = new(place, some));
            former.Note(change);
        }
        return formers;
    }

    private static async ValueTask<Dictionary<Guid, Record>> Records(Guid[] ids, ISnapshot snapshot, CancellationToken cancellation)
    {
        var found = new Dictionary<Guid, Record>(ids.Length);
        foreach (var some in ids.Chunk(Batch))
            foreach (var row in (await snapshot.Read(new ReadStep.Records([.. some]) { Views = [] }, cancellation)).Items)
                found.Add(row.Entity.Id, row.Entity);
        return found;
    }

    /// <summary>The things at the ends of relationships that were there: their versions now, 0 for those that will not be there.</summary>
    private static async ValueTask<Dictionary<Guid, int>> Ends(Former[] back, Dictionary<Guid, Record> now, CompiledModel model, ISnapshot snapshot, CancellationToken cancellation)
    {
        var links = back.Where(f => f.WasThere && !f.IsPartial && model.ByOrdinal[f.TypeOrdinal] is ModelRelationship);
        var ids = links.SelectMany(l => (Guid[])[l.Source, l.Target]).Distinct().ToArray();
        var others = await Records([.. ids.Where(id => !now.ContainsKey(id))], snapshot, cancellation);
        var formers = back.Where(f => !f.IsPartial).ToDictionary(f => f.Id);
        return ids.ToDictionary(id => id, id =>
        {
            var record = now.TryGetValue(id, out var known) ? known : others.GetValueOrDefault(id);
            var isThere = formers.TryGetValue(id, out var former) ? former.WasThere : record is { Exists: true, IsDeleted: false };
            return isThere ? record.Version : 0;
        });
    }

    private bool Stand(Former link, ModelRelationship type, Dictionary<Guid, int> ends, RewoundEdits edits)
    {
        if (!edits.IsDifferent(link))
            return false;
        Guid[] gone = [.. ((Guid[])[link.Source, link.Target]).Where(e => ends[e] == 0).Distinct()];
        foreach (var end in gone)
            _leftOut.Add(Label.Of($"Relation {type.Name} {link.Id} : la fiche {end} n'est plus là, la relation reste comme elle est.", $"Relationship {type.Name} {link.Id}: the thing {end} is no longer there, the relationship stays as it is."));
        if (gone.Length > 0)
            return false;
        edits.Unchanged(link.Source, ends[link.Source]);
        edits.Unchanged(link.Target, ends[link.Target]);
        return true;
    }
}
