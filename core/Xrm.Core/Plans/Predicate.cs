using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>A filter bound to a model: names resolved, values checked, days known. Stores run it; access rewrites it. The cases below are all there are.</summary>
internal abstract record Predicate
{
    private Predicate() { }

    public static readonly Predicate True = new And([]);
    public static readonly Predicate False = new Or([]);

    /// <summary>Both; null stands for true.</summary>
    public static Predicate? Both(Predicate? left, Predicate? right) => left is null ? right : right is null ? left : new And([left, right]);

    /// <summary>Compares a field, built-in ones included.</summary>
    /// <param name="Operands">One; for In and NotIn any number. A null operand stands for "no value".</param>
    public sealed record Compare(ModelField Field, Comparison How, ImmutableArray<Operand> Operands) : Predicate;

    public sealed record And(ImmutableArray<Predicate> Parts) : Predicate;

    public sealed record Or(ImmutableArray<Predicate> Parts) : Predicate;

    public sealed record Not(Predicate Part) : Predicate;

    /// <summary>Asks the relationships at one end and the things beyond. A relationship counts when its type is dated and its period meets <paramref name="During"/>,
    /// or its type is not dated; a thing counts when the end is to-one, or its type is not dated, or its period meets <paramref name="During"/>. A deleted thing never counts.</summary>
    /// <param name="Link">Asked of the relationship; null = nothing.</param>
    /// <param name="Node">Asked of the thing beyond; null = nothing.</param>
    /// <param name="Seen">Relationships and things that do not pass these are not there at all, also for All and None; null = all are there. Access puts them in.</param>
    /// <param name="During"><see cref="Period.Always"/> asks for no day: empty periods count too.</param>
    public sealed record Through(ModelEnd End, Quantifier How, Predicate? Link, Predicate? Node, Period During, Predicate? SeenLink = null, Predicate? SeenNode = null) : Predicate;

    /// <summary>The record is of one of these types.</summary>
    public sealed record OfType(ImmutableArray<int> Ordinals) : Predicate;

    /// <summary>Asks what its part asks, which is the record alone: a question of many requests, whose answers a store may keep. Access puts it in (<see cref="StandingQuestion"/>).</summary>
    /// <param name="Type">The ordinal of the type of whose records it is asked.</param>
    /// <param name="Name">Two of the same name hold for the same records.</param>
    public sealed record Standing(int Type, string Name, Predicate Part) : Predicate;

    /// <summary>Asked of the record as it is now, where a past state is read; of one that is gone, as it was last, unless relationships are asked: then it does not hold. In the present state the same as its part. Access puts it in.</summary>
    public sealed record Now(Predicate Part) : Predicate;
}

/// <summary>A value to compare with, checked against the field's shape.</summary>
internal sealed class Operand
{
    /// <summary>No value.</summary>
    public static readonly Operand Null = new(null, []);

    public Operand(object? value, byte[] json)
    {
        Value = value;
        Json = json;
    }

    /// <summary>In the CLR form of the shape; <see cref="EntityId"/> for the built-in id; null for no value.</summary>
    public object? Value { get; }

    /// <summary>Its canonical JSON; empty for no value.</summary>
    public byte[] Json { get; }

    public override string ToString() => Value?.ToString() ?? "null";
}
