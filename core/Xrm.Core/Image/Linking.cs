using System.Collections.Concurrent;

namespace Xrm.Core.Image;

/// <summary>Puts many relationships of a type at their ends, on all cores.</summary>
/// <param name="slotOf">The slot of an id, whichever thread asks; the slot that it is given may be the right one.</param>
internal sealed class Linking(RecordSpace space, IdMap map, Func<Guid, int, int> slotOf)
{
    /// <summary>So many are looked for at a time: what leads to each is brought near for all of them first, since map, pages and records are read here and there.</summary>
    private const int AtOnce = 64;

    /// <param name="slots">Those of the relationships, in the order in which they come.</param>
    /// <param name="beside">What can be done to the type meanwhile.</param>
    public void Run(TypeWork type, List<int> slots, Action beside)
    {
        var ends = new (int Source, int Target)[slots.Count];
        Parallel.ForEach(Partitioner.Create(0, ends.Length), range => Find(slots, ends, range.Item1, range.Item2));
        Parallel.Invoke(
            beside,
            () =>
            {
                for (var i = 0; i < ends.Length; i++)
                    type.LinkSource(ends[i].Source, ends[i].Target, slots[i]);
            },
            () =>
            {
                for (var i = 0; i < ends.Length; i++)
                    type.LinkTarget(ends[i].Source, ends[i].Target, slots[i]);
            });
    }

    private void Find(List<int> slots, (int Source, int Target)[] ends, int from, int to)
    {
        for (; from < to; from += AtOnce)
        {
            var last = Math.Min(to, from + AtOnce);
            for (var i = from; i < last; i++)
            {
                var link = space[slots[i]];
                map.Prefetch(link.Source);
                map.Prefetch(link.Target);
            }
            for (var i = from; i < last; i++)
            {
                var link = space[slots[i]];
                ends[i] = (map.Likely(link.Source), map.Likely(link.Target));
            }
            for (var i = from; i < last; i++)
            {
                Prefetch(ends[i].Source);
                Prefetch(ends[i].Target);
            }
            for (var i = from; i < last; i++)
            {
                var link = space[slots[i]];
                ends[i] = (slotOf(link.Source, ends[i].Source), slotOf(link.Target, ends[i].Target));
            }
        }
    }

    private void Prefetch(int slot)
    {
        if ((uint)slot < (uint)space.Slots)
            space.Prefetch(slot);
    }
}
