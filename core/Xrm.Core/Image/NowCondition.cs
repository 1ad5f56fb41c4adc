using Xrm.Core.Plans;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Asks a past record's present. What is gone is asked what it was last.</summary>
/// <param name="condition">Made ready for the present; null = asks nothing.</param>
/// <param name="asksLinks">Whether relationships are asked: those of a thing that is gone went with it, so that of it this is never true.</param>
internal sealed class NowCondition(Present present, IdMap map, Condition? condition, bool asksLinks) : Condition
{
    public override bool Holds(in Record record, int slot)
    {
        if (slot < 0)
            slot = map.Find(record.Id, present.Root.Space);
        if (slot >= 0 && present.Root.Space.TryGet(slot, out var now) && !now.IsDeleted)
            return condition?.Holds(now, slot) != false;
        return !asksLinks && present.Past.Gone.TryGetValue(slot, out var last) && condition?.Holds(last, slot) != false;
    }

    /// <summary>Whether a predicate asks for relationships.</summary>
    public static bool AsksLinks(Predicate predicate) => predicate switch
    {
        Predicate.Through => true,
        Predicate.And and => and.Parts.Any(AsksLinks),
        Predicate.Or or => or.Parts.Any(AsksLinks),
        Predicate.Not not => AsksLinks(not.Part),
        Predicate.Now now => AsksLinks(now.Part),
        _ => false,
    };
}
