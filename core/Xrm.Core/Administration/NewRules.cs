using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>What a model forbids of data that are there and the model before did not: the same values twice in a key, several relationships at once where there is room for one, relationships whose two ends become alike or stop being so. A model under which they could not be true is refused.</summary>
internal sealed class NewRules
{
    private readonly ImmutableArray<(ModelType Was, ModelKey Key)> _keys;
    private readonly ImmutableArray<ModelEnd> _single;
    private readonly ImmutableArray<ModelRelationship> _turned;

    private NewRules(ImmutableArray<(ModelType, ModelKey)> keys, ImmutableArray<ModelEnd> single, ImmutableArray<ModelRelationship> turned)
    {
        _keys = keys;
        _single = single;
        _turned = turned;
    }

    /// <summary>Whether nothing needs to be looked at.</summary>
    public bool IsEmpty => _keys.IsEmpty && _single.IsEmpty && _turned.IsEmpty;

    /// <param name="before">The model in force.</param>
    /// <param name="after">The model to come.</param>
    public static NewRules Between(CompiledModel before, CompiledModel after) => new(
        [.. after.Types.SelectMany(t => Keys(before.Whole.Type(t.Name), t))],
        [.. after.Relationships.SelectMany(r => Single(before, r))],
        [.. after.Relationships.Select(r => before.Whole.Relationship(r.Name) is { } was && was.IsSymmetric != r.IsSymmetric ? was : null).OfType<ModelRelationship>()]);

    /// <summary>What of it the data break.</summary>
    /// <param name="read">Reads one state of the data.</param>
    /// <param name="block">The last block of that state.</param>
    /// <param name="edits">What becomes of data together with the model.</param>
    public async ValueTask<Breaches> Check(ReadRows read, long block, IReadOnlyList<RecordEdit> edits, CancellationToken cancellation)
    {
        var pages = new RecordPages(read);
        var found = new List<Breach>();
        var guards = new List<Guard>();
        foreach (var (was, key) in _keys)
        {
            guards.Add(new Guard.TypeIsUnchanged(was, block));
            if (await new KeyCheck(pages, was, key, edits).Run(cancellation) is { } breach)
                found.Add(breach);
        }
        foreach (var end in _single)
        {
            guards.Add(new Guard.TypeIsUnchanged(end.Relationship, block));
            if (await new SingleCheck(pages, end, edits).Run(cancellation) is { } breach)
                found.Add(breach);
        }
        foreach (var was in _turned)
        {
            guards.Add(new Guard.TypeIsUnchanged(was, block));
            if (await Left(pages, was, edits, cancellation) is > 0 and var left)
                found.Add(new(PlanPart.RelationshipType, was.Name, left, Label.Of(
                    $"une relation symétrique ne peut devenir orientée, ni l'inverse, tant qu'il y en a : {Remarks.Counted(left, true).Fr}.",
                    $"a symmetric relationship cannot become directed, nor the other way, while there are some: {Remarks.Counted(left, true).En}."), "symmetric"));
        }
        return new(found, guards);
    }

    private static async ValueTask<int> Left(RecordPages pages, ModelRelationship type, IReadOnlyList<RecordEdit> edits, CancellationToken cancellation)
    {
        var gone = edits.Where(e => e.Kind is ChangeKind.Unrelated or ChangeKind.Deleted).Select(e => e.Id).ToHashSet();
        var left = 0;
        await foreach (var run in pages.Once(type, cancellation))
            left += run.Rows.Count(r => !gone.Contains(r.Link.Id) && !gone.Contains(r.Link.Source) && !gone.Contains(r.Link.Target));
        return left;
    }

    /// <summary>A key that is kept with parked data was kept until they were parked, and nobody wrote them since.</summary>
    private static IEnumerable<(ModelType, ModelKey)> Keys(ModelType? was, ModelType now) => was is null
        ? []
        : now.Keys.Where(k => was.Keys.All(o => !Ordinals(o).SequenceEqual(Ordinals(k))) && k.Fields.All(f => was.ByOrdinal.ContainsKey(f.Ordinal))).Select(k => (was, k));

    private static IEnumerable<int> Ordinals(ModelKey key) => key.Fields.Select(f => f.Ordinal);

    private static IEnumerable<ModelEnd> Single(CompiledModel before, ModelRelationship now)
    {
        if (before.Whole.Relationship(now.Name) is not { } was || was.IsSymmetric != now.IsSymmetric)
            yield break;
        var inForce = before.Relationship(now.Name);
        foreach (var isSource in now.IsSymmetric ? (bool[])[true] : [true, false])
        {
            var end = Of(now);
            // Things that come back bring relationships that nobody saw while others were made in their place.
            var comesBack = inForce is not null && end.Far.Any(t => Of(inForce).Far.All(r => r.Ordinal != t.Ordinal) && before.Whole.Type(t.Name) is not null);
            if (end.IsToOne && (!Of(was).IsToOne || was.IsDated && !now.IsDated || comesBack))
                yield return end;

            ModelEnd Of(ModelRelationship type) => isSource ? type.Source : type.Target;
        }
    }
}

/// <summary>What the data break of a model to come.</summary>
/// <param name="Found">What they break.</param>
/// <param name="Guards">What must still be true when the model is written.</param>
internal sealed record Breaches(IReadOnlyList<Breach> Found, IReadOnlyList<Guard> Guards)
{
    /// <exception cref="Problem">Invalid: the data break something.</exception>
    public void ThrowIfAny()
    {
        if (Found.Count > 0)
            throw new Problem(Found.Select(f => f.Fault));
    }
}

/// <summary>A rule that data break.</summary>
/// <param name="Part">The kind of part that makes the rule.</param>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many things break it.</param>
/// <param name="What">In words, without the name.</param>
/// <param name="Rule">A short word for the case.</param>
internal sealed record Breach(PlanPart Part, string Name, int Count, Label What, string Rule)
{
    public Fault Fault { get; } = new(ProblemCode.Invalid, Label.Of($"{Name} : {What.Fr}", $"{Name}: {What.En}"), Name, Rule);
}
