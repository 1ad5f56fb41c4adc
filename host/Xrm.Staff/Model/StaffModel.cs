using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Staff.Model;

/// <summary>What the installed plugins describe, as far as whoever is signed in may see it. It does not change: when plugins do, another one is read.</summary>
public sealed class StaffModel
{
    public StaffModel(int version, ImmutableArray<ModelPlugin> plugins, ImmutableArray<ModelType> types, ImmutableArray<ModelRelationship> relationships, ImmutableArray<ModelCodeList> codeLists)
    {
        Version = version;
        Plugins = plugins;
        Types = types;
        ByName = types.ToDictionary(t => t.Name, StringComparer.Ordinal);
        ByPlural = types.ToDictionary(t => t.Plural, StringComparer.Ordinal);
        RelationshipsByName = relationships.ToDictionary(r => r.Name, StringComparer.Ordinal);
        CodeLists = codeLists.ToDictionary(c => c.Name, StringComparer.Ordinal);
    }

    public int Version { get; }
    /// <summary>Those that describe a type of things.</summary>
    public ImmutableArray<ModelPlugin> Plugins { get; }
    public ImmutableArray<ModelType> Types { get; }
    public IReadOnlyDictionary<string, ModelType> ByName { get; }
    public IReadOnlyDictionary<string, ModelType> ByPlural { get; }
    public IReadOnlyDictionary<string, ModelRelationship> RelationshipsByName { get; }
    public IReadOnlyDictionary<string, ModelCodeList> CodeLists { get; }

    /// <summary>What people read for a value of a choice, a state or a code; the value itself when nothing is known of it.</summary>
    public Label LabelOf(ModelField field, string value) =>
        Options(field).FirstOrDefault(o => o.Name == value)?.Label ?? Label.Of(value, value);

    /// <summary>The values that a choice, a state or a code can have, in the order people read them; empty for other fields.</summary>
    public ImmutableArray<Option> Options(ModelField field) =>
        field.CodeList is { } list && CodeLists.TryGetValue(list, out var found) ? found.Codes : field.Options;
}

/// <summary>A plugin, as people know it.</summary>
public sealed record ModelPlugin(string Id, Label Title);

/// <summary>A type of things.</summary>
/// <remarks>A page is about one or two of the types: the fields and ends of the others are never read.</remarks>
/// <param name="DisplayFields">The fields that make what people call a thing.</param>
/// <param name="ListFields">The fields that lists are ordered by unless somebody chooses.</param>
/// <param name="CanCreate">Whether there is a thing of it, at least, that whoever is signed in may make; likewise the others.</param>
public sealed record ModelType(
    string Name, Label Label, string Plural, Label PluralLabel, string Plugin, bool IsDated,
    ImmutableArray<string> DisplayFields, ImmutableArray<string> ListFields, Lazy<ImmutableArray<ModelField>> ReadFields, Lazy<ImmutableArray<ModelEnd>> ReadEnds,
    bool CanCreate, bool CanUpdate, bool CanDelete)
{
    /// <summary>Those that are seen, in the order people read them.</summary>
    public ImmutableArray<ModelField> Fields => ReadFields.Value;

    /// <summary>What it can be linked by, as far as it is seen.</summary>
    public ImmutableArray<ModelEnd> Ends => ReadEnds.Value;

    /// <summary>Its field of a name; null when it has none or it is not seen.</summary>
    public ModelField? Field(string name) => Fields.FirstOrDefault(f => f.Name == name);

    /// <summary>Its end of a name; null when it has none or it is not seen.</summary>
    public ModelEnd? End(string name) => Ends.FirstOrDefault(e => e.Name == name);

    /// <summary>Its name where GraphQL begins in lower case: <c>person</c>.</summary>
    public string Singular { get; } = char.ToLowerInvariant(Name[0]) + Name[1..];
}

/// <summary>A property of things or relationships.</summary>
/// <param name="Type">The field type's name.</param>
/// <param name="Shape">The form of its values.</param>
/// <param name="Widget">The field type of the sdk by which a plugin's own is shown and asked for; null = by its shape, or as itself when it is the sdk's.</param>
/// <param name="Group">What it stands under; null = with the general ones.</param>
/// <param name="Default">The value of a new thing, in the CLR form of the shape; null = none.</param>
/// <param name="Min">Inclusive; null = none.</param>
/// <param name="Max">Inclusive; null = none.</param>
public sealed record ModelField(string Name, Label Label, string Type, Shape Shape)
{
    public Label? Help { get; init; }
    public string Plugin { get; init; } = "";
    public string? Widget { get; init; }
    public Label? Group { get; init; }
    public bool IsMany { get; init; }
    public bool IsRequired { get; init; }
    public bool IsUnique { get; init; }
    public bool IsSearchable { get; init; }
    public bool IsComputed { get; init; }
    public bool CanWrite { get; init; } = true;
    public Sensitivity Sensitivity { get; init; }
    public int? MaxLength { get; init; }
    public object? Default { get; init; }
    public object? Min { get; init; }
    public object? Max { get; init; }
    public string? Pattern { get; init; }
    public Label? PatternMessage { get; init; }
    public string? CodeList { get; init; }
    public ImmutableArray<Option> Options { get; init; } = [];
    public ImmutableArray<Move> Moves { get; init; } = [];

    /// <summary>What is asked of each value besides what the field type asks.</summary>
    /// <param name="model">The model that it is part of.</param>
    public FieldLimits Limits(StaffModel model) => new()
    {
        MaxLength = MaxLength, CodeList = CodeList, Min = Min, Max = Max, PatternMessage = PatternMessage,
        Codes = model.Options(this) is { IsEmpty: false } options ? options.Select(o => o.Name).ToHashSet(StringComparer.Ordinal) : null,
        Pattern = Pattern is { } pattern ? FieldLimits.Compile(pattern) : null,
    };
}

/// <summary>A kind of link.</summary>
public sealed record ModelRelationship(
    string Name, Label Label, Label Inverse, bool IsDated, bool IsSymmetric, ModelEnd Source, ModelEnd Target, Lazy<ImmutableArray<ModelField>> ReadFields,
    bool CanCreate, bool CanUpdate, bool CanDelete)
{
    /// <summary>Those that are seen, in the order people read them.</summary>
    public ImmutableArray<ModelField> Fields => ReadFields.Value;
}

/// <summary>One end of a kind of link: what the things there call it.</summary>
/// <param name="Relationship">The relationship type's name.</param>
/// <param name="Far">The names of the types at the other end that are seen.</param>
public sealed record ModelEnd(
    string Name, Label Label, string Relationship, bool IsSource, bool IsToOne, bool IsRequired, bool IsDated, ImmutableArray<string> Types, ImmutableArray<string> Far);

/// <summary>A list of codes.</summary>
public sealed record ModelCodeList(string Name, Label Label, ImmutableArray<Option> Codes);
