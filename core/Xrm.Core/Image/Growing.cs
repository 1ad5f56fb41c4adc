using System.Collections.Concurrent;

namespace Xrm.Core.Image;

/// <summary>What a plan makes, until it stands in its trees: there it goes all at once, on all cores, and in the order of each tree, so that a key goes in beside the one before.</summary>
/// <param name="slotOf">The slot of an id, whichever thread asks.</param>
internal sealed class Growing(RecordSpace space, Func<Guid, int> slotOf)
{
    private readonly Dictionary<TypeWork, List<int>> _made = [];

    public void Add(TypeWork type, int slot)
    {
        if (!_made.TryGetValue(type, out var slots))
            _made.Add(type, slots = []);
        slots.Add(slot);
    }

    public void Settle()
    {
        // Types share nothing but the records, which nobody changes meanwhile.
        Parallel.ForEach(_made, made => Settle(made.Key, made.Value));
        _made.Clear();
    }

    private void Settle(TypeWork type, List<int> slots)
    {
        if (!space[slots[0]].IsRelationship)
        {
            type.Add(slots);
            return;
        }
        var ends = new (int Source, int Target)[slots.Count];
        Parallel.ForEach(Partitioner.Create(0, ends.Length), range =>
        {
            for (var i = range.Item1; i < range.Item2; i++)
                ends[i] = (slotOf(space[slots[i]].Source), slotOf(space[slots[i]].Target));
        });
        Parallel.Invoke(
            () => type.Add(slots),
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
}
