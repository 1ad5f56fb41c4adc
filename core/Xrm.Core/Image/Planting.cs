using System.Collections.Concurrent;

namespace Xrm.Core.Image;

/// <summary>Builds the trees of all records that there are, on all cores.</summary>
internal sealed class Planting(RecordSpace space, Linking linking, Func<int, TypeWork> typeOf)
{
    public void Run()
    {
        // Types share nothing but the records, which nobody changes meanwhile. The largest first, one at a time: so all cores end together.
        var works = SlotsByType().Select(s => (Type: typeOf(s.Key), Slots: s.Value)).OrderByDescending(w => w.Slots.Count).ToArray();
        Parallel.ForEach(Partitioner.Create(works, loadBalance: true), work => Build(work.Type, work.Slots));
    }

    private void Build(TypeWork type, List<int> slots)
    {
        if (space[slots[0]].IsRelationship)
            linking.Run(type, slots, () => BuildTrees(type, slots));
        else
            BuildTrees(type, slots);
    }

    private void BuildTrees(TypeWork type, List<int> slots)
    {
        using var sort = new KeySort(slots.Count);
        for (var i = 0; i < slots.Count; i++)
            sort.Keys[i] = IdOrder.Key(space[slots[i]], slots[i]);
        type.BuildExtent(sort);
        type.BuildOthers(sort);
    }

    /// <summary>The slots of what is there, in their order.</summary>
    private Dictionary<int, List<int>> SlotsByType()
    {
        var parts = new Dictionary<int, List<int>>[Environment.ProcessorCount];
        Parallel.For(0, parts.Length, part => parts[part] = SlotsByType((int)((long)space.Slots * part / parts.Length), (int)((long)space.Slots * (part + 1) / parts.Length)));
        var all = parts[0];
        foreach (var part in parts.Skip(1))
            foreach (var (type, slots) in part)
                if (!all.TryAdd(type, slots))
                    all[type].AddRange(slots);
        return all;
    }

    private Dictionary<int, List<int>> SlotsByType(int from, int to)
    {
        var all = new Dictionary<int, List<int>>();
        // Most come one behind another of their type.
        var (type, slots) = (-1, new List<int>());
        for (var slot = from; slot < to; slot++)
            if (space[slot] is { Exists: true, IsDeleted: false } record)
            {
                if (record.TypeOrdinal != type)
                {
                    type = record.TypeOrdinal;
                    if (!all.TryGetValue(type, out slots!))
                        all.Add(type, slots = []);
                }
                slots.Add(slot);
            }
        return all;
    }
}
