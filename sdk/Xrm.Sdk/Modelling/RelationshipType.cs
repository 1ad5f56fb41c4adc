using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>What happens to a relationship when the entity at one of its ends is deleted.</summary>
public enum Then
{
    /// <summary>The deletion is refused while such a relationship holds or is still to come.</summary>
    Restrict,
    /// <summary>It ends today; one that is not dated is taken away.</summary>
    End,
    /// <summary>It is taken away.</summary>
    Delete,
}

/// <summary>One end of a relationship type as a property of the things there. A token.</summary>
public sealed class RelationshipEnd
{
    private readonly Func<EndDescription> _description;

    internal RelationshipEnd(Func<EndDescription> description) => _description = description;

    /// <summary>The noun by which people read it: <c>mandates</c>, <c>holder</c>.</summary>
    public string Name => _description().Name;

    /// <summary>Some relationship holds today.</summary>
    public Filter Exists => new Filter.Through(Name, Quantifier.Some, null);

    /// <summary>For one at least of the things related today it holds.</summary>
    public Filter Any(Filter node) => new Filter.Through(Name, Quantifier.Some, node);

    /// <summary>For none of the things related today it holds.</summary>
    public Filter None(Filter node) => new Filter.Through(Name, Quantifier.None, node);

    /// <summary>For all of the things related today it holds, also when there are none.</summary>
    public Filter All(Filter node) => new Filter.Through(Name, Quantifier.All, node);
}

/// <summary>A kind of link from a source to a target. Directed, two-way, and dated if it says so.</summary>
/// <remarks>An end of the type is a field of the things that stand there: with <c>From(Person, "mandates")</c> and
/// <c>To(Mandate, "holder")</c>, a person has <c>mandates</c> and a mandate a <c>holder</c>.</remarks>
public sealed class RelationshipType : FieldOwner
{
    private RelationshipTypeDescription _description;

    private RelationshipType(RelationshipTypeDescription description) : base("")
    {
        _description = description;
        Source = new(() => _description.Source);
        Target = new(() => _description.Target);
    }

    /// <summary>Pascal case, unique in the model: <c>HoldsMandate</c>.</summary>
    public string Name => _description.Name;

    /// <summary>The end as the source has it (<c>person.mandates</c>).</summary>
    public RelationshipEnd Source { get; }

    /// <summary>The end as the target has it (<c>mandate.holder</c>).</summary>
    public RelationshipEnd Target { get; }

    internal override string TypeName => Name;

    internal RelationshipTypeDescription Description => _description with { Fields = Fields };

    /// <summary>A new kind of link.</summary>
    /// <param name="name">Pascal case.</param>
    /// <param name="label">As read from source to target: "détient le mandat".</param>
    /// <param name="inverse">As read from target to source: "est détenu par".</param>
    public static RelationshipType Named(string name, Label label, Label inverse) => new(new RelationshipTypeDescription(name, label, inverse));

    /// <summary>Where it goes out from: to-many unless <see cref="OneTarget"/>.</summary>
    /// <param name="type">The type of thing; more with <see cref="OrFrom"/>.</param>
    /// <param name="field">The field there: <c>mandates</c>.</param>
    /// <param name="label">What people read over that field.</param>
    public RelationshipType From(EntityType type, string field, Label label) =>
        Set(_description with { Source = _description.Source with { Types = [type.Name], Name = field, Label = label } });

    /// <summary>Where it goes to: to-many unless <see cref="OneSource"/>.</summary>
    /// <param name="type">The type of thing; more with <see cref="OrTo"/>.</param>
    /// <param name="field">The field there: <c>holder</c>.</param>
    /// <param name="label">What people read over that field.</param>
    public RelationshipType To(EntityType type, string field, Label label) =>
        Set(_description with { Target = _description.Target with { Types = [type.Name], Name = field, Label = label } });

    /// <summary>It may go out from things of this type too.</summary>
    public RelationshipType OrFrom(EntityType type) =>
        Set(_description with { Source = _description.Source with { Types = _description.Source.Types.Add(type.Name) } });

    /// <summary>It may go to things of this type too.</summary>
    public RelationshipType OrTo(EntityType type) =>
        Set(_description with { Target = _description.Target with { Types = _description.Target.Types.Add(type.Name) } });

    /// <summary>A source has at most one target at a time: its field is to-one.</summary>
    public RelationshipType OneTarget() => Set(_description with { Source = _description.Source with { IsToOne = true } });

    /// <summary>A target has at most one source at a time: its field is to-one.</summary>
    public RelationshipType OneSource() => Set(_description with { Target = _description.Target with { IsToOne = true } });

    /// <summary>A source is never without a target.</summary>
    public RelationshipType NeedsTarget() => Set(_description with { Source = _description.Source with { IsRequired = true } });

    /// <summary>A target is never without a source.</summary>
    public RelationshipType NeedsSource() => Set(_description with { Target = _description.Target with { IsRequired = true } });

    /// <summary>It reads the same both ways (<c>PairedWith</c>): one field, the source's, shows both directions.</summary>
    public RelationshipType Symmetric() => Set(_description with { IsSymmetric = true });

    /// <summary>Two things may be related by it several times at once, as somebody may hold two positions in one body. Unless said they may not (rule CORE-R01).</summary>
    public RelationshipType Repeatable() => Set(_description with { IsRepeatable = true });

    /// <summary>It is true from a day to a day.</summary>
    public RelationshipType Dated() => Set(_description with { IsDated = true });

    /// <summary>What happens to it when its source is deleted; <see cref="Then.Restrict"/> unless said.</summary>
    public RelationshipType WhenSourceGoes(Then then) => Set(_description with { Source = _description.Source with { OnDelete = then } });

    /// <summary>What happens to it when its target is deleted; <see cref="Then.Restrict"/> unless said.</summary>
    public RelationshipType WhenTargetGoes(Then then) => Set(_description with { Target = _description.Target with { OnDelete = then } });

    private RelationshipType Set(RelationshipTypeDescription description)
    {
        _description = description;
        return this;
    }
}
