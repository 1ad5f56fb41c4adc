using System.Collections.Immutable;
using Xrm.Core.Access;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>The relationships at an end of a thing, with the things beyond.</summary>
internal interface ILinkSource
{
    /// <summary>Those there are, whatever their period.</summary>
    ValueTask<IReadOnlyList<(State Link, State Node)>> At(ModelEnd end, Guid thing, CancellationToken cancellation);
}

/// <summary>Answers predicates about states that no store holds. A store answers faster wherever it can.</summary>
internal sealed class Evaluation(ILinkSource links)
{
    /// <summary>The bits of the questions of a type that hold for a state.</summary>
    public async ValueTask<uint> Held(TypeRights rights, State state, CancellationToken cancellation)
    {
        var held = 0u;
        for (var i = 0; i < rights.Questions.Length; i++)
            if (await Holds(rights.Questions[i], state, cancellation))
                held |= 1u << i;
        return held;
    }

    /// <summary>Whether a predicate holds for a state.</summary>
    public async ValueTask<bool> Holds(Predicate predicate, State state, CancellationToken cancellation)
    {
        switch (predicate)
        {
            case Predicate.Compare compare:
                return compare.Field.Owner == state.Type && state.Holds(compare) || compare.Field.Owner != state.Type && Binder.OnNull(compare);
            case Predicate.And and:
                foreach (var part in and.Parts)
                    if (!await Holds(part, state, cancellation))
                        return false;
                return true;
            case Predicate.Or or:
                foreach (var part in or.Parts)
                    if (await Holds(part, state, cancellation))
                        return true;
                return false;
            case Predicate.Not not:
                return !await Holds(not.Part, state, cancellation);
            case Predicate.OfType ofType:
                return ofType.Ordinals.Contains(state.Type.Ordinal);
            case Predicate.Through through:
                return await Holds(through, state, cancellation);
            case Predicate.Standing standing:
                return await Holds(standing.Part, state, cancellation);
            case Predicate.Now now:
                return await Holds(now.Part, state, cancellation);
            default:
                throw new ArgumentOutOfRangeException(nameof(predicate));
        }
    }

    private async ValueTask<bool> Holds(Predicate.Through through, State state, CancellationToken cancellation)
    {
        if (state.Type is not ModelType type || !through.End.Types.Contains(type))
            return through.How != Quantifier.Some;
        foreach (var (link, node) in await links.At(through.End, state.Id, cancellation))
        {
            if (!Counts(through, link, node)
                || through.SeenLink is { } seenLink && !await Holds(seenLink, link, cancellation)
                || through.SeenNode is { } seenNode && !await Holds(seenNode, node, cancellation))
                continue;
            var holds = (through.Link is null || await Holds(through.Link, link, cancellation)) && (through.Node is null || await Holds(through.Node, node, cancellation));
            if (through.How == Quantifier.All ? !holds : holds)
                return through.How == Quantifier.Some;
        }
        return through.How != Quantifier.Some;
    }

    private static bool Counts(Predicate.Through through, State link, State node) =>
        (!through.End.Relationship.IsDated || Meets(link.Period, through.During))
        && (through.End.IsToOne || !node.Type.IsDated || Meets(node.Period, through.During));

    private static bool Meets(Period period, Period during) => during == Period.Always || period.Overlaps(during);
}

/// <summary>Relationships as a snapshot has them.</summary>
internal sealed class SnapshotLinks(CompiledModel model, ISnapshot snapshot) : ILinkSource
{
    private readonly Dictionary<(ModelEnd, Guid), IReadOnlyList<(State, State)>> _known = [];

    public async ValueTask<IReadOnlyList<(State Link, State Node)>> At(ModelEnd end, Guid thing, CancellationToken cancellation)
    {
        if (_known.TryGetValue((end, thing), out var known))
            return known;
        var rows = await snapshot.Read(new ReadStep.Related(end, [thing]) { Views = [.. end.Far.Select(TypeView.Of)], During = Period.Always, DatesNodes = false }, cancellation);
        known = [.. rows.Items.Select(r => (State.Of(r.Link, end.Relationship), State.Of(r.Entity, model.ByOrdinal[r.Entity.TypeOrdinal])))];
        _known.Add((end, thing), known);
        return known;
    }
}

/// <summary>Relationships as a commit would leave them; what is read of them guards the commit.</summary>
internal sealed class DraftLinks(PlanContext context, DraftBook book, LinkBook links) : ILinkSource
{
    private readonly Dictionary<Guid, State> _states = [];

    /// <summary>That the things looked at are as they were read.</summary>
    public List<Guard> Guards { get; } = [];

    public async ValueTask<IReadOnlyList<(State Link, State Node)>> At(ModelEnd end, Guid thing, CancellationToken cancellation)
    {
        links.Want(end, thing);
        await links.Read(cancellation);
        var there = links.At(end, thing).ToArray();
        var fars = there.Select(l => Far(l, end, thing)).ToArray();
        await Load([.. fars.Where(f => book.Touched(f) is null && !_states.ContainsKey(f)).Distinct()], cancellation);
        var found = new List<(State, State)>();
        for (var i = 0; i < there.Length; i++)
            if (book.Touched(fars[i]) is { } draft)
            {
                if (!draft.IsGone)
                    found.Add((State.Of(there[i], context.Now), State.Of(draft, context.Now)));
            }
            else if (_states.TryGetValue(fars[i], out var state))
                found.Add((State.Of(there[i], context.Now), state));
        return found;
    }

    private async ValueTask Load(ImmutableArray<Guid> ids, CancellationToken cancellation)
    {
        if (ids.IsEmpty)
            return;
        var rows = await context.Snapshot.Read(new ReadStep.ById(ids) { Views = [.. context.Model.Types.Select(TypeView.Of)] }, cancellation);
        foreach (var row in rows.Items)
        {
            _states[row.Entity.Id] = State.Of(row.Entity, context.Model.ByOrdinal[row.Entity.TypeOrdinal]);
            Guards.Add(new Guard.VersionIs(row.Entity.Id, row.Entity.Version));
        }
    }

    private static Guid Far(Draft link, ModelEnd end, Guid thing) =>
        end.Relationship.IsSymmetric ? link.Source == thing ? link.Target : link.Source : end.IsSource ? link.Target : link.Source;
}
