using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;

namespace Xrm.Host.Csv;

/// <summary>Looks up what rows mean in batches, so that a file of any length takes few questions.</summary>
internal sealed class CsvLookup(Reader reader, CancellationToken cancellation)
{
    private const int Batch = 5000;

    /// <summary>The things of these types that there are, of those asked for.</summary>
    public async Task<Dictionary<Guid, Record>> ById(ImmutableArray<ModelType> types, IReadOnlyCollection<Guid> ids)
    {
        var found = new Dictionary<Guid, Record>();
        ImmutableArray<TypeView> views = [.. types.Select(TypeView.Of)];
        foreach (var batch in Batches(ids))
        {
            var rows = await reader.Read(new ReadStep.ById(batch) { Views = views }, cancellation);
            // Who is there at first is there throughout, mostly; where all is new, room for it would be for nothing.
            if (found.Count == 0 && rows.Items.Length > 0)
                found.EnsureCapacity(ids.Count);
            foreach (var row in rows.Items)
                found[row.Entity.Id] = row.Entity;
        }
        return found;
    }

    /// <summary>The things that have these values in a key, by <see cref="KeyText"/>.</summary>
    public async Task<Dictionary<string, Record>> ByKey(ModelKey key, IEnumerable<Operand[]> values)
    {
        var found = new Dictionary<string, Record>(StringComparer.Ordinal);
        foreach (var batch in values.DistinctBy(KeyText, StringComparer.Ordinal).Chunk(Batch))
        {
            var rows = await reader.Read(new ReadStep.ByKey(key, [.. batch.Select(v => v.ToImmutableArray())]) { Views = [TypeView.Of(key.Type)] }, cancellation);
            for (var i = 0; i < batch.Length; i++)
                foreach (var row in rows.Run(i))
                    found[KeyText(batch[i])] = row.Entity;
        }
        return found;
    }

    /// <summary>The relationships at an end of each of some things, whatever their period, by the thing's id.</summary>
    public async Task<ILookup<Guid, Record>> Links(ModelEnd end, IReadOnlyCollection<Guid> from)
    {
        var found = new List<(Guid From, Record Link)>();
        foreach (var batch in Batches(from))
        {
            var rows = await reader.Read(new ReadStep.Related(end, batch) { Views = [.. end.Far.Select(TypeView.Of)], DatesNodes = false }, cancellation);
            for (var i = 0; i < batch.Length; i++)
                foreach (var row in rows.Run(i))
                    found.Add((batch[i], row.Link));
        }
        return found.ToLookup(f => f.From, f => f.Link);
    }

    /// <summary>The relationships of a type that there are, of those asked for.</summary>
    public async Task<Dictionary<Guid, Record>> Links(ModelRelationship type, IReadOnlyCollection<Guid> ids)
    {
        var found = new Dictionary<Guid, Record>();
        foreach (var batch in Batches(ids))
        {
            var rows = await reader.Read(new ReadStep.Links(type, batch) { Views = [.. type.Target.Types.Select(TypeView.Of)] }, cancellation);
            foreach (var row in rows.Items)
                found[row.Link.Id] = row.Link;
        }
        return found;
    }

    /// <summary>Each once.</summary>
    private static IEnumerable<ImmutableArray<Guid>> Batches(IReadOnlyCollection<Guid> ids)
    {
        ImmutableArray<Guid> distinct = [.. ids.ToHashSet()];
        for (var from = 0; from < distinct.Length; from += Batch)
            yield return distinct.Length <= Batch ? distinct : distinct[from..Math.Min(from + Batch, distinct.Length)];
    }

    /// <summary>A key's values as one text: no two different lists have the same.</summary>
    public static string KeyText(IReadOnlyList<Operand> values) => values.Count == 1
        ? System.Text.Encoding.UTF8.GetString(values[0].Json)
        : string.Join('\n', values.Select(v => System.Text.Encoding.UTF8.GetString(v.Json)));
}
