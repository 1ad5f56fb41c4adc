using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>All that one plugin says about the model: plain data, no token. What <see cref="ModelBuilder"/> ends in and a manifest holds.</summary>
/// <param name="Plugin">The plugin's id.</param>
public sealed record ModelDescription(string Plugin)
{
    /// <summary>Kinds of things.</summary>
    public ImmutableArray<EntityTypeDescription> EntityTypes { get; init; } = [];
    /// <summary>Kinds of links.</summary>
    public ImmutableArray<RelationshipTypeDescription> RelationshipTypes { get; init; } = [];
    /// <summary>Fields added to others' types.</summary>
    public ImmutableArray<ExtensionDescription> Extensions { get; init; } = [];
    /// <summary>Lists of codes.</summary>
    public ImmutableArray<CodeList> CodeLists { get; init; } = [];
    /// <summary>Bundles of rights.</summary>
    public ImmutableArray<Role> Roles { get; init; } = [];
    /// <summary>What is added only when another plugin is there.</summary>
    public ImmutableArray<OptionalDescription> Optional { get; init; } = [];
    /// <summary>Other words for what other plugins describe.</summary>
    public ImmutableArray<LabelDescription> Labels { get; init; } = [];
    /// <summary>Where data about persons are.</summary>
    public ImmutableArray<PersonalDataDescription> PersonalData { get; init; } = [];
    /// <summary>What was asked for besides what the model needs of itself; <see cref="PluginPermissions.For"/> tells all of it.</summary>
    public PluginPermissions Permissions { get; init; } = PluginPermissions.None;
    /// <summary>The version of the plugin that says so; null where none says (custom fields, a plugin while it describes itself).</summary>
    public string? Version { get; init; }
}

/// <summary>What a plugin adds only when another is there.</summary>
/// <param name="Plugin">The other's id.</param>
/// <param name="Model">What is added: relationship types, fields of others' types, roles, labels.</param>
public sealed record OptionalDescription(string Plugin, ModelDescription Model);

/// <summary>Another word for what a plugin describes.</summary>
/// <param name="Target">A type (<c>Person</c>) or a field (<c>Person.email</c>).</param>
/// <param name="Label">What people read from now on.</param>
public sealed record LabelDescription(string Target, Label Label);

/// <summary>Where data about persons are, and why they are kept (GDPR art. 30).</summary>
/// <param name="Type">The entity type.</param>
/// <param name="Purpose">What they are kept for.</param>
/// <param name="Subject">The to-one or to-many end that leads from a thing to the person it is about; null = the thing is the person.</param>
/// <param name="KeepDays">For how many days after the last change; null = not said.</param>
public sealed record PersonalDataDescription(string Type, Label Purpose, string? Subject, int? KeepDays);

/// <summary>What is said about a kind of thing; <see cref="EntityType"/> tells the meaning of each part.</summary>
public sealed record EntityTypeDescription(string Name, Label Label)
{
    /// <summary>The GraphQL list field; null = made from the name.</summary>
    public string? Plural { get; init; }
    /// <summary>What people read for several; null = the label and an s.</summary>
    public Label? PluralLabel { get; init; }
    /// <summary>Whether its things are true from a day to a day.</summary>
    public bool IsDated { get; init; }
    /// <summary>The fields of the display name; empty = the first text field.</summary>
    public ImmutableArray<string> DisplayFields { get; init; } = [];
    /// <summary>The fields that pages list its things by; empty = those of the display name.</summary>
    public ImmutableArray<string> ListFields { get; init; } = [];
    /// <summary>Sets of fields in which no two things agree, besides those of single fields.</summary>
    public ImmutableArray<ImmutableArray<string>> Keys { get; init; } = [];
    /// <summary>Its fields.</summary>
    public ImmutableArray<FieldDescription> Fields { get; init; } = [];
}

/// <summary>What is said about a field; <see cref="Field{T}"/> tells the meaning of each part.</summary>
public sealed record FieldDescription(string Name, FieldType Type, Label Label)
{
    /// <summary>What to tell people who fill it in.</summary>
    public Label? Help { get; init; }
    /// <summary>The heading under which pages show it; null = among the general fields.</summary>
    public Label? Group { get; init; }
    /// <summary>Whether it holds any number of values.</summary>
    public bool IsMany { get; init; }
    /// <summary>Whether every thing has a value.</summary>
    public bool IsRequired { get; init; }
    /// <summary>Whether no two things have the same value.</summary>
    public bool IsUnique { get; init; }
    /// <summary>Whether search looks into it.</summary>
    public bool IsSearchable { get; init; }
    /// <summary>Whether it is kept for matching alone.</summary>
    public bool IsHidden { get; init; }
    /// <summary>Whether it is not kept, and its plugin gives the values.</summary>
    public bool IsComputed { get; init; }
    /// <summary>How much the public may know of it.</summary>
    public Sensitivity Sensitivity { get; init; } = Sensitivity.Internal;
    /// <summary>The value of a new thing, in the CLR form of the shape; null = none.</summary>
    public object? Default { get; init; }
    /// <summary>The smallest value, inclusive, in the CLR form of the shape; null = none.</summary>
    public object? Min { get; init; }
    /// <summary>The greatest value, inclusive, in the CLR form of the shape; null = none.</summary>
    public object? Max { get; init; }
    /// <summary>A regular expression for the whole text; null = none.</summary>
    public string? Pattern { get; init; }
    /// <summary>The id of the rule behind the pattern.</summary>
    public string? PatternRule { get; init; }
    /// <summary>What to tell somebody who does not match the pattern.</summary>
    public Label? PatternMessage { get; init; }
}

/// <summary>Fields added to another plugin's type.</summary>
/// <param name="Type">That type's name.</param>
/// <param name="Fields">Their names begin with the adding plugin's id and an underscore.</param>
public sealed record ExtensionDescription(string Type, ImmutableArray<FieldDescription> Fields);

/// <summary>What is said about one end of a kind of link.</summary>
public sealed record EndDescription
{
    /// <summary>The types of things that may stand here; at least one.</summary>
    public ImmutableArray<string> Types { get; init; } = [];
    /// <summary>The field that things here have.</summary>
    public string Name { get; init; } = "";
    /// <summary>What people read over that field.</summary>
    public Label Label { get; init; } = new("", "");
    /// <summary>Whether a thing here has at most one such link at a time.</summary>
    public bool IsToOne { get; init; }
    /// <summary>Whether a thing here is never without.</summary>
    public bool IsRequired { get; init; }
    /// <summary>What happens to the link when the thing here is deleted.</summary>
    public Then OnDelete { get; init; }
}

/// <summary>What is said about a kind of link; <see cref="RelationshipType"/> tells the meaning of each part.</summary>
public sealed record RelationshipTypeDescription(string Name, Label Label, Label Inverse)
{
    /// <summary>The end of the things it goes out from.</summary>
    public EndDescription Source { get; init; } = new();
    /// <summary>The end of the things it goes to.</summary>
    public EndDescription Target { get; init; } = new();
    /// <summary>Whether it reads the same both ways.</summary>
    public bool IsSymmetric { get; init; }
    /// <summary>Whether two things may be related by it several times at once.</summary>
    public bool IsRepeatable { get; init; }
    /// <summary>Whether it is true from a day to a day.</summary>
    public bool IsDated { get; init; }
    /// <summary>Its own fields.</summary>
    public ImmutableArray<FieldDescription> Fields { get; init; } = [];
}
