using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>What the installed plugins describe together, compiled: immutable, checked, every name resolved. Swapped whole.</summary>
internal sealed class CompiledModel
{
    /// <summary>A model of nothing.</summary>
    public static readonly CompiledModel Empty = new([], [], [], [], [], Catalog.Empty, 0);

    private readonly Lazy<CompiledModel> _whole;
    private readonly Lazy<string> _fingerprint;

    public CompiledModel(ImmutableArray<ModelDescription> descriptions, ImmutableArray<ModelType> types, ImmutableArray<ModelRelationship> relationships, ImmutableArray<CodeList> codeLists, ImmutableArray<Role> roles, Catalog catalog, long version)
    {
        Descriptions = descriptions;
        Types = types;
        Relationships = relationships;
        CodeLists = codeLists.ToFrozenDictionary(l => l.Name, StringComparer.Ordinal);
        Roles = roles.ToFrozenDictionary(r => r.Name, StringComparer.Ordinal);
        Catalog = catalog;
        Version = version;
        ByName = types.Cast<RecordType>().Concat(relationships).ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
        ByOrdinal = ByName.Values.ToFrozenDictionary(t => t.Ordinal);
        Computes = types.Any(t => t.Fields.Any(f => f.Description.IsComputed));
        Effective = descriptions;
        InForce = this;
        _whole = new(() => ModelCompiler.Whole(this));
        _fingerprint = new(() => ModelRecord.Fingerprint(this));
    }

    /// <summary>What it was compiled from, one for each plugin, in the order of their requirements; custom fields last.</summary>
    public ImmutableArray<ModelDescription> Descriptions { get; }
    /// <summary>What the descriptions come to when they stand together (<see cref="EffectiveModel"/>).</summary>
    public ImmutableArray<ModelDescription> Effective { get; init; }
    /// <summary>What is no longer in force and has data, by the plugin that brought it (<see cref="Parking"/>).</summary>
    public ImmutableArray<ModelDescription> Parked { get; init; } = [];
    /// <summary>This model with all that is parked: for reading what is kept, never for writing.</summary>
    public CompiledModel Whole => _whole.Value;
    /// <summary>Of one with all that is parked, the model without; else this one.</summary>
    public CompiledModel InForce { get; internal set; }
    /// <summary>The same for models that say the same, parked parts included; 64 hexadecimal digits.</summary>
    public string Fingerprint => _fingerprint.Value;
    public ImmutableArray<ModelType> Types { get; }
    public ImmutableArray<ModelRelationship> Relationships { get; }
    public FrozenDictionary<string, CodeList> CodeLists { get; }
    /// <summary>By name; grants of several plugins to one role are together here.</summary>
    public FrozenDictionary<string, Role> Roles { get; }
    /// <summary>The numbers by which records name types and fields; they outlive the plugins.</summary>
    public Catalog Catalog { get; }
    /// <summary>Greater with each model that this engine put in force; 0 for the empty one.</summary>
    public long Version { get; }
    public FrozenDictionary<string, RecordType> ByName { get; }
    public FrozenDictionary<int, RecordType> ByOrdinal { get; }

    /// <summary>Whether some field is computed.</summary>
    public bool Computes { get; }

    public ModelType? Type(string name) => ByName.GetValueOrDefault(name) as ModelType;

    public ModelRelationship? Relationship(string name) => ByName.GetValueOrDefault(name) as ModelRelationship;

    /// <summary>Whether a type of this model is one that is not in force.</summary>
    public bool IsParked(RecordType type) => !InForce.ByName.ContainsKey(type.Name);

    /// <summary>A type that is not in force and has data; null when it is in force, or there never was one of this name.</summary>
    public RecordType? ParkedType(string name) => ByName.ContainsKey(name) ? null : Whole.ByName.GetValueOrDefault(name);

    /// <summary>A field that is not in force and has data, of a type that is; null when it is in force, or there never was one of this name.</summary>
    public ModelField? ParkedField(RecordType type, string name) =>
        !type.ByName.ContainsKey(name) && Whole.ByOrdinal.TryGetValue(type.Ordinal, out var whole) ? whole.ByName.GetValueOrDefault(name) : null;
}

/// <summary>A kind of record: of entities or of relationships.</summary>
internal abstract class RecordType
{
    /// <summary>Names it in records and in the log; never given to another name.</summary>
    public required int Ordinal { get; init; }
    public required string Name { get; init; }
    public required Label Label { get; init; }
    /// <summary>The id of the plugin that describes it.</summary>
    public required string Plugin { get; init; }
    public required bool IsDated { get; init; }
    /// <summary>The described fields, extensions included, in the order people read them. Built-in ones (<see cref="ModelField.Builtin"/>) are in <see cref="ByName"/> only.</summary>
    public ImmutableArray<ModelField> Fields { get; internal set; } = [];
    public FrozenDictionary<string, ModelField> ByName { get; internal set; } = FrozenDictionary<string, ModelField>.Empty;
    public FrozenDictionary<int, ModelField> ByOrdinal { get; internal set; } = FrozenDictionary<int, ModelField>.Empty;
}

/// <summary>A kind of thing.</summary>
internal sealed class ModelType : RecordType
{
    /// <summary>The GraphQL list field: <c>persons</c>.</summary>
    public required string Plural { get; init; }
    public required Label PluralLabel { get; init; }
    public ImmutableArray<ModelField> DisplayFields { get; internal set; } = [];
    /// <summary>The fields that pages list its things by.</summary>
    public ImmutableArray<ModelField> ListFields { get; internal set; } = [];
    public ImmutableArray<ModelKey> Keys { get; internal set; } = [];
    /// <summary>The ends of relationships at which its things may stand.</summary>
    public ImmutableArray<ModelEnd> Ends { get; internal set; } = [];
    public FrozenDictionary<string, ModelEnd> EndsByName { get; internal set; } = FrozenDictionary<string, ModelEnd>.Empty;
}

/// <summary>A kind of link.</summary>
internal sealed class ModelRelationship : RecordType
{
    public required Label Inverse { get; init; }
    public required bool IsSymmetric { get; init; }
    /// <summary>Whether two things may be related by it several times at once.</summary>
    public bool IsRepeatable { get; init; }
    public ModelEnd Source { get; internal set; } = null!;
    /// <summary>Of a symmetric type the same object as <see cref="Source"/> (one field shows both directions).</summary>
    public ModelEnd Target { get; internal set; } = null!;
}

/// <summary>One end of a kind of link, as a property of the things that stand there.</summary>
internal sealed class ModelEnd
{
    public required ModelRelationship Relationship { get; init; }
    /// <summary>Whether the things here are the sources.</summary>
    public required bool IsSource { get; init; }
    public required string Name { get; init; }
    public required Label Label { get; init; }
    public required bool IsToOne { get; init; }
    public required bool IsRequired { get; init; }
    public required Then OnDelete { get; init; }
    /// <summary>What may stand here.</summary>
    public required ImmutableArray<ModelType> Types { get; init; }
    /// <summary>What may stand at the other end.</summary>
    public ImmutableArray<ModelType> Far { get; internal set; } = [];

    /// <summary>Whether things of a type may stand at the other end; relationships to others lead to what is parked.</summary>
    public bool Reaches(int ordinal) => Beyond(ordinal) is not null;

    /// <summary>The type by its ordinal, where things of it may stand at the other end; null otherwise.</summary>
    public ModelType? Beyond(int ordinal)
    {
        foreach (var far in Far)
            if (far.Ordinal == ordinal)
                return far;
        return null;
    }
}

/// <summary>Fields in which no two things of a type agree.</summary>
internal sealed record ModelKey(ModelType Type, ImmutableArray<ModelField> Fields)
{
    /// <summary>As in GraphQL: <c>ConstituencyTypeAndCode</c>.</summary>
    public string Name { get; } = string.Join("And", Fields.Select(f => char.ToUpperInvariant(f.Name[0]) + f.Name[1..]));
}

/// <summary>A property every record has, not described by any plugin.</summary>
internal enum Builtin
{
    /// <summary>None: the field is described.</summary>
    None,
    Id,
    Version,
    CreatedAt,
    UpdatedAt,
    ValidFrom,
    ValidTo,
}

/// <summary>A property of a kind of record.</summary>
internal sealed class ModelField
{
    private Func<object, string>? _written;
    private byte[]? _default;

    /// <summary>Names it within its type's records; never given to another name of that type. 0 for built-in ones.</summary>
    public required int Ordinal { get; init; }
    /// <summary>What plugins said of it; for built-in ones made by the compiler (id has shape Text).</summary>
    public required FieldDescription Description { get; init; }
    public required RecordType Owner { get; init; }
    public Builtin Builtin { get; init; }
    /// <summary>The id of the plugin that describes it.</summary>
    public required string Plugin { get; init; }
    /// <summary>What is asked of each value besides what the field type asks.</summary>
    public FieldLimits Limits { get; init; } = new();
    /// <summary>The options or codes allowed; null = not a closed set.</summary>
    public FrozenSet<string>? Codes { get; init; }
    /// <summary>How a value stands in what people are told.</summary>
    public Func<object, string> Written => _written ??= value => System.Text.Encoding.UTF8.GetString(Storage.JsonValue.Write(Shape, value)).Trim('"');
    /// <summary>The canonical JSON of the value that a new record has unless it is given another; empty for none. Nobody changes the bytes.</summary>
    public byte[] DefaultJson => _default ??= Description.Default is { } value && !Plans.FieldValue.IsEmpty(value) ? Plans.FieldValue.Json(this, value) : [];
    public string Name => Description.Name;
    public Shape Shape => Description.Type.Shape;
    public bool IsMany => Description.IsMany;
    public override string ToString() => $"{Owner.Name}.{Name}";
}

/// <summary>Which number stands for which name, for every name there ever was. Grows; nothing is taken back.</summary>
/// <param name="Types">Record types by name, from 1 to 65,535.</param>
/// <param name="Fields">Fields by type and field name (<c>Person.familyName</c>), from 1 within each type.</param>
internal sealed record Catalog(ImmutableSortedDictionary<string, int> Types, ImmutableSortedDictionary<string, int> Fields)
{
    public static readonly Catalog Empty = new(
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal));
}
