using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>A kind of thing. Its fields are made on it; the model copies what it says when a plugin adds it.</summary>
public sealed class EntityType : FieldOwner
{
    private EntityTypeDescription _description;

    private EntityType(EntityTypeDescription description) : base("") => _description = description;

    /// <summary>Pascal case, unique in the model: <c>Person</c>.</summary>
    public string Name => _description.Name;

    internal override string TypeName => Name;

    internal EntityTypeDescription Description => _description with { Fields = Fields };

    /// <summary>A new kind of thing.</summary>
    /// <param name="name">Pascal case.</param>
    /// <param name="label">What people read for one of them.</param>
    public static EntityType Named(string name, Label label) => new(new EntityTypeDescription(name, label));

    /// <summary>A kind of thing of a plugin that this one does not require, by name: for what is added only when that plugin is there (<see cref="ModelBuilder.When"/>), and for questions.</summary>
    public static EntityType Elsewhere(string name) => new(new EntityTypeDescription(name, Label.Of(name, name)));

    /// <summary>The plural: the GraphQL list field, lower camel case, and what people read. Unless given: <c>+s</c>, <c>-y</c> to <c>-ies</c>.</summary>
    public EntityType Plural(string name, Label label)
    {
        _description = _description with { Plural = name, PluralLabel = label };
        return this;
    }

    /// <summary>Its things are true from a day to a day: they have <c>validFrom</c> and <c>validTo</c>.</summary>
    public EntityType Dated()
    {
        _description = _description with { IsDated = true };
        return this;
    }

    /// <summary>What a thing is called: the values of these fields that the reader may see, in this order with a space between. Unless given: its first text field.</summary>
    public EntityType DisplayedAs(params ReadOnlySpan<Field> fields)
    {
        _description = _description with { DisplayFields = Names(fields) };
        return this;
    }

    /// <summary>The order in which pages list its things unless another is asked for, ascending. Unless given: by the fields of the display name.</summary>
    public EntityType ListedBy(params ReadOnlySpan<Field> fields)
    {
        _description = _description with { ListFields = Names(fields) };
        return this;
    }

    /// <summary>No two things agree in all of these fields; a thing without value in one of them does not count.</summary>
    public EntityType UniqueBy(params ReadOnlySpan<Field> fields)
    {
        _description = _description with { Keys = _description.Keys.Add(Names(fields)) };
        return this;
    }

    /// <summary>What a plugin adds to this type, which is another's: its fields are named <c>&lt;plugin&gt;_name</c>.</summary>
    /// <param name="plugin">The id of the plugin that adds.</param>
    public TypeExtension ExtendedBy(string plugin) => new(Name, plugin);

    private static ImmutableArray<string> Names(ReadOnlySpan<Field> fields)
    {
        var names = ImmutableArray.CreateBuilder<string>(fields.Length);
        foreach (var field in fields)
            names.Add(field.Name);
        return names.ToImmutable();
    }
}

/// <summary>Fields that a plugin adds to another plugin's type.</summary>
public sealed class TypeExtension : FieldOwner
{
    internal TypeExtension(string type, string plugin) : base(plugin + "_") => Type = type;

    internal string Type { get; }

    internal override string TypeName => Type;
}

/// <summary>A list of codes that staff extend at run time.</summary>
/// <param name="Name">Pascal case, unique in the model.</param>
/// <param name="Label">What people read.</param>
/// <param name="Codes">Those it has from the start.</param>
public sealed record CodeList(string Name, Label Label, ImmutableArray<Option> Codes)
{
    /// <summary>A list and the codes it has from the start.</summary>
    public static CodeList Named(string name, Label label, params IEnumerable<(string Code, Label Label)> codes) =>
        new(name, label, [.. codes.Select(c => new Option(c.Code, c.Label))]);
}
