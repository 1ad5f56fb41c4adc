using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Makes predicates ready for one state.</summary>
internal sealed class ConditionCompiler(Root root, IdMap map, CancellationToken cancellation = default)
{
    private static readonly Condition Never = new Condition.Any([]);

    private int _looked;

    /// <summary>To be called for each record that a step looks at: now and then it sees whether anybody still waits.</summary>
    /// <exception cref="OperationCanceledException">Nobody does.</exception>
    public void Look()
    {
        if ((++_looked & 0xFFF) == 0)
            cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Where the state is a past one, what is now.</summary>
    public Present? Present { get; init; }

    /// <summary>Told which standing question has no answers kept.</summary>
    public Action<Predicate.Standing> Want { get; init; } = _ => { };

    /// <summary>null for what asks nothing.</summary>
    public Condition? Compile(Predicate? predicate) => predicate switch
    {
        null => null,
        Predicate.And { Parts.IsEmpty: true } => null,
        Predicate.And { Parts: [var one] } => Compile(one),
        Predicate.And and => new Condition.All(Each(and.Parts)),
        Predicate.Or or => StandingCondition.AnyOf(Each(or.Parts)),
        Predicate.Not not => new Condition.Not(Full(not.Part)),
        Predicate.OfType type => new Condition.OfType(type.Ordinals),
        Predicate.Through t => new ThroughCondition(t, root, map, this, Compile(t.Link), Compile(t.Node), Compile(t.SeenLink), Compile(t.SeenNode)),
        Predicate.Now now when Present is { } present =>
            new NowCondition(present, map, new ConditionCompiler(present.Root, map, cancellation) { Want = Want }.Compile(now.Part), NowCondition.AsksLinks(now.Part)),
        Predicate.Now now => Compile(now.Part),
        Predicate.Standing standing => Of(standing),
        Predicate.Compare compare => Of(compare),
        _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
    };

    public Condition?[] Compile(ImmutableArray<Predicate> predicates) => predicates.IsEmpty ? [] : [.. predicates.Select(Compile)];

    /// <summary>Bit i: the i-th holds.</summary>
    public static uint Bits(Condition?[] masks, in Record record, int slot)
    {
        var bits = 0u;
        for (var i = 0; i < masks.Length; i++)
            if (masks[i]?.Holds(record, slot) != false)
                bits |= 1u << i;
        return bits;
    }

    private Condition[] Each(IEnumerable<Predicate> parts) => [.. parts.Select(Full)];

    private Condition Full(Predicate predicate) => Compile(predicate) ?? new Condition.All([]);

    private Condition? Of(Predicate.Standing standing)
    {
        if (root.Type(standing.Type)?.Answers?.Find(standing.Name) is { } kept)
            return kept;
        var asked = Compile(standing.Part);
        if (asked is not null)
            Want(standing);
        return asked;
    }

    private static Condition Of(Predicate.Compare compare)
    {
        var column = new Column(compare.Field);
        var isOne = compare.How is Comparison.Equal or Comparison.NotEqual or Comparison.In or Comparison.NotIn;
        if (isOne)
        {
            Condition condition = column.Builtin == Builtin.Id ? new Condition.IdIn(Ids(compare)) : new Condition.IsOneOf(column, compare.Operands);
            return compare.How is Comparison.NotEqual or Comparison.NotIn ? new Condition.Not(condition) : condition;
        }
        var operand = compare.Operands[0].Json;
        if (operand.Length == 0)
            return Never;
        return compare.How is Comparison.Contains or Comparison.StartsWith or Comparison.EndsWith
            ? new Condition.Folded(column, compare.How, FoldedText.Of(operand))
            : new Condition.Ordered(column, compare.How, operand);
    }

    /// <summary>The ids that a comparison of the built-in id names.</summary>
    public static HashSet<Guid> Ids(Predicate.Compare compare) =>
        [.. compare.Operands.Where(o => o.Json.Length > 0).Select(o => o.Value is EntityId id ? id.Value : Guid.Parse(JsonValue.Text(o.Json)))];
}
