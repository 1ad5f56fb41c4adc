using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Staff.Model;

/// <summary>What the installed plugins describe, as far as whoever is signed in may see it. It does not change: when plugins do, another one is read.</summary>
public sealed class StaffModel
{
    public StaffModel(int version, ImmutableArray<ModelType> types, ImmutableArray<ModelRelationship> relationships, ImmutableArray<ModelCodeList> codeLists)
    {
        Version = version;
        Types = types;
        Relationships = relationships;
        ByName = types.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
        ByPlural = types.ToFrozenDictionary(t => t.Plural, StringComparer.Ordinal);
        RelationshipsByName = relationships.ToFrozenDictionary(r => r.Name, StringComparer.Ordinal);
        CodeLists = codeLists.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);
    }

    public int Version { get; }
    public ImmutableArray<ModelType> Types { get; }
    public ImmutableArray<ModelRelationship> Relationships { get; }
    public FrozenDictionary<string, ModelType> ByName { get; }
    public FrozenDictionary<string, ModelType> ByPlural { get; }
    public FrozenDictionary<string, ModelRelationship> RelationshipsByName { get; }
    public FrozenDictionary<string, ModelCodeList> CodeLists { get; }

    /// <summary>What people read for a value of a choice, a state or a code; the value itself when nothing is known of it.</summary>
    public Label LabelOf(ModelField field, string value) =>
        Options(field).FirstOrDefault(o => o.Name == value)?.Label ?? Label.Of(value, value);

    /// <summary>The values that a choice, a state or a code can have, in the order people read them; empty for other fields.</summary>
    public ImmutableArray<Option> Options(ModelField field) =>
        field.CodeList is { } list && CodeLists.TryGetValue(list, out var found) ? found.Codes : field.Options;
}

/// <summary>A type of things.</summary>
/// <param name="DisplayFields">The fields that make what people call a thing.</param>
/// <param name="CanCreate">Whether there is a thing of it, at least, that whoever is signed in may make; likewise the others.</param>
public sealed record ModelType(
    string Name, Label Label, string Plural, Label PluralLabel, string Plugin, bool IsDated,
    ImmutableArray<string> DisplayFields, ImmutableArray<ModelField> Fields, ImmutableArray<ModelEnd> Ends,
    bool CanCreate, bool CanUpdate, bool CanDelete)
{
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
}

/// <summary>A kind of link.</summary>
public sealed record ModelRelationship(
    string Name, Label Label, Label Inverse, bool IsDated, bool IsSymmetric, ModelEnd Source, ModelEnd Target, ImmutableArray<ModelField> Fields,
    bool CanCreate, bool CanUpdate, bool CanDelete);

/// <summary>One end of a kind of link: what the things there call it.</summary>
/// <param name="Relationship">The relationship type's name.</param>
/// <param name="Far">The names of the types at the other end that are seen.</param>
public sealed record ModelEnd(
    string Name, Label Label, string Relationship, bool IsSource, bool IsToOne, bool IsRequired, bool IsDated, ImmutableArray<string> Types, ImmutableArray<string> Far);

/// <summary>A list of codes.</summary>
public sealed record ModelCodeList(string Name, Label Label, ImmutableArray<Option> Codes);
