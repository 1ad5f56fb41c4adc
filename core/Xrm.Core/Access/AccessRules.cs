using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Access;

/// <summary>Folds what an actor may see into what it asks, before a store sees it: what it may not see is not there, a field it may not see has no value.</summary>
internal sealed class AccessRules(AccessView view)
{
    /// <summary>A step that finds only what is seen, and tells by the rows' masks which fields are.</summary>
    public ReadStep Narrow(ReadStep step) => step switch
    {
        ReadStep.ById => step with { Views = Narrow(step.Views) },
        ReadStep.ByKey key => key with { Views = [.. Narrow(key.Views).Select(v => WithKey(v, key.Key))] },
        ReadStep.List list => list with { Views = Narrow(list.Views), Selection = Narrow(list.Selection), Search = list.Search is null ? null : Narrow(list.Search) },
        ReadStep.Related related => related with
        {
            Views = Narrow(related.Views),
            Link = Both(related.Link, related.End.Relationship),
            LinkMasks = view.Of(related.End.Relationship).Questions,
            Selection = Narrow(related.Selection),
        },
        ReadStep.Links links => links with
        {
            Views = Narrow(links.Views),
            Link = Both(links.Link, links.Type),
            LinkMasks = view.Of(links.Type).Questions,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    /// <summary>A question that sees only what the actor sees. It is asked of things that are seen themselves.</summary>
    public Predicate Narrow(Predicate predicate) => predicate switch
    {
        Predicate.Compare compare => Narrow(compare),
        Predicate.And and => new Predicate.And([.. and.Parts.Select(Narrow)]),
        Predicate.Or or => new Predicate.Or([.. or.Parts.Select(Narrow)]),
        Predicate.Not not => new Predicate.Not(Narrow(not.Part)),
        Predicate.Through through => through with
        {
            Link = through.Link is null ? null : Narrow(through.Link),
            Node = through.Node is null ? null : Narrow(through.Node),
            SeenLink = Predicate.Both(through.SeenLink, view.Of(through.End.Relationship).Where),
            SeenNode = Predicate.Both(through.SeenNode, Seen(through.End.Far)),
        },
        _ => predicate,
    };

    private Predicate Narrow(Predicate.Compare compare)
    {
        if (view.Of(compare.Field.Owner).SeenWhen(compare.Field) is not { } seen)
            return compare;
        // Where the field is not seen the comparison is with no value.
        return Binder.OnNull(compare)
            ? new Predicate.Or([compare, new Predicate.Not(seen)])
            : new Predicate.And([seen, compare]);
    }

    private ImmutableArray<TypeView> Narrow(ImmutableArray<TypeView> views) =>
    [
        .. views.Select(v => v with
        {
            Where = Predicate.Both(view.Of(v.Type).Where, v.Where is null ? null : Narrow(v.Where)),
            Masks = view.Of(v.Type).Questions,
        }),
    ];

    private TypeView WithKey(TypeView narrowed, ModelKey key) =>
        narrowed with { Where = key.Fields.Where(f => f.Owner == narrowed.Type).Aggregate(narrowed.Where, (where, f) => Predicate.Both(where, view.Of(f.Owner).SeenWhen(f))) };

    private Selection Narrow(Selection selection) => selection with
    {
        Order = [.. selection.Order.Select(Narrow)],
        Groupings = [.. selection.Groupings.Select(g => new Grouping([.. g.By.Select(Narrow)], [.. g.Sums.Select(Narrow)]))],
    };

    /// <summary>What is never seen is not searched at all.</summary>
    private Searched Narrow(Searched search) => search with
    {
        Fields =
        [
            .. search.Fields.Where(f => view.Of(f.Field.Owner) is { SeesAny: true } rights && !rights.Of(f.Field).IsNever)
                .Select(f => f with { SeenWhen = Predicate.Both(f.SeenWhen, view.Of(f.Field.Owner).SeenWhen(f.Field)) }),
        ],
    };

    private Sort Narrow(Sort sort) => sort with { SeenWhen = Predicate.Both(sort.SeenWhen, view.Of(sort.Field.Owner).SeenWhen(sort.Field)) };

    private Predicate? Both(Predicate? asked, RecordType type) => Predicate.Both(view.Of(type).Where, asked is null ? null : Narrow(asked));

    /// <summary>Which things of some types are seen; null = all.</summary>
    private Predicate.Or? Seen(ImmutableArray<ModelType> types)
    {
        if (types.All(t => view.Of(t).Where is null))
            return null;
        return new Predicate.Or(
        [
            .. types.Where(t => view.Of(t).SeesAny).Select(t => (Predicate)new Predicate.And(view.Of(t).Where is { } where
                ? [new Predicate.OfType([t.Ordinal]), where]
                : [new Predicate.OfType([t.Ordinal])])),
        ]);
    }
}
