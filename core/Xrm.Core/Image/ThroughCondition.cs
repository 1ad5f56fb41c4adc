using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Which relationships and things beyond them are there at all, on some days.</summary>
internal sealed class Presence
{
    private readonly ModelEnd _end;
    private readonly bool _asksLink;
    private readonly bool _asksNode;
    private readonly int _from;
    private readonly int _to;

    /// <param name="datesNodes">Whether the things beyond a to-many end are asked for the days too.</param>
    public Presence(ModelEnd end, Period during, bool datesNodes)
    {
        _end = end;
        var asks = during != Period.Always;
        _asksLink = asks && end.Relationship.IsDated;
        _asksNode = asks && datesNodes && !end.IsToOne;
        _from = Days.From(during);
        _to = Days.To(during);
    }

    public bool OfLink(in Record link) => !_asksLink || Days.Meets(link.FromDay, link.ToDay, _from, _to);

    public bool OfNode(in Record node) => node.Exists && !node.IsDeleted && _end.Beyond(node.TypeOrdinal) is { } type
        && (!_asksNode || !type.IsDated || Days.Meets(node.FromDay, node.ToDay, _from, _to));
}

/// <summary>Asks the relationships at an end and the things beyond.</summary>
internal sealed class ThroughCondition(Predicate.Through through, Root root, IdMap map, ConditionCompiler compiler, Condition? link, Condition? node, Condition? seenLink, Condition? seenNode) : Condition
{
    private readonly ModelEnd _end = through.End;
    private readonly Quantifier _how = through.How;
    private readonly TypeState? _links = root.Type(through.End.Relationship.Ordinal);
    private readonly Presence _presence = new(through.End, through.During, datesNodes: true);

    public override bool Holds(in Record record, int slot)
    {
        if (slot < 0)
            slot = map.Find(record.Id, root.Space);
        foreach (var (at, beyond) in new LinkWalk(_end, _links, slot))
        {
            compiler.Look();
            var relationship = root.Space[at];
            if (!_presence.OfLink(relationship) || seenLink?.Holds(relationship, at) == false)
                continue;
            var thing = root.Space[beyond];
            if (!_presence.OfNode(thing) || seenNode?.Holds(thing, beyond) == false)
                continue;
            var holds = link?.Holds(relationship, at) != false && node?.Holds(thing, beyond) != false;
            if (holds != (_how == Quantifier.All))
                return _how == Quantifier.Some;
        }
        return _how != Quantifier.Some;
    }
}
