using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>What becomes of parked relationships when a thing goes. Nobody can end them while their plugin is away, so none stands in the way; and none may hold on to what is gone, so those that would have stood in the way end.</summary>
internal sealed class ParkedLinks(PlanContext context, LinkBook links)
{
    /// <summary>Takes away and ends the relationships of things that go which the model in force does not see: of parked types, and of types in force that lead to parked things.</summary>
    public async ValueTask Release(IReadOnlyList<Draft> gone, CancellationToken cancellation)
    {
        var whole = context.Model.Whole;
        if (ReferenceEquals(whole, context.Model))
            return;
        var asked = new List<(Draft Thing, ModelEnd End, ModelEnd? InForce)>();
        foreach (var thing in gone)
            foreach (var end in ((ModelType)whole.ByOrdinal[thing.Type.Ordinal]).Ends)
            {
                var inForce = InForce(thing, end);
                if (inForce?.Far.Length == end.Far.Length)
                    continue;
                links.Want(end, thing.Id);
                asked.Add((thing, end, inForce));
            }
        await links.Read(cancellation);
        foreach (var (thing, end, inForce) in asked)
        {
            var seen = inForce is null ? [] : links.At(inForce, thing.Id).ToHashSet();
            foreach (var link in links.At(end, thing.Id).Where(l => !seen.Contains(l)).ToArray())
                Release(thing, end, link);
        }
    }

    /// <summary>The same end as far as it is in force; null when it is parked, or its thing is.</summary>
    private static ModelEnd? InForce(Draft thing, ModelEnd end) =>
        thing.IsParked ? null : ((ModelType)thing.Type).Ends.FirstOrDefault(e => e.IsSource == end.IsSource && e.Relationship.Ordinal == end.Relationship.Ordinal);

    private void Release(Draft thing, ModelEnd end, Draft link)
    {
        if (end.OnDelete == Then.Delete || !end.Relationship.IsDated)
        {
            links.Touch(link, thing.Edit);
            link.IsGone = true;
        }
        else if (LinkRules.Runs(link, end.Relationship, context.Today))
        {
            links.Touch(link, thing.Edit);
            LinkRules.End(link, context.Today);
        }
    }
}
