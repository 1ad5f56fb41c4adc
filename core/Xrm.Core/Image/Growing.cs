namespace Xrm.Core.Image;

/// <summary>What a plan makes, until it stands in its trees: there it goes all at once, on all cores, and in the order of each tree, so that a key goes in beside the one before.</summary>
internal sealed class Growing(RecordSpace space, Linking linking)
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
        linking.Run(type, slots, () => type.Add(slots));
    }
}
