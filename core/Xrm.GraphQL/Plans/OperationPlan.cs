using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Schemas;

namespace Xrm.GraphQL.Plans;

/// <summary>An operation compiled against a schema: immutable, with holes for variables. What is in it was validated.</summary>
/// <param name="IsMutation">Whether the root fields write, one after the other.</param>
/// <param name="Roots">In the order of the answer.</param>
/// <param name="Links">How many link plans there are; each has a number below that.</param>
internal sealed record OperationPlan(bool IsMutation, ImmutableArray<RootPlan> Roots, int Links)
{
    /// <summary>Whether it asks for the schema.</summary>
    public bool AsksSchema { get; } = Roots.Any(r => !r.Introspection.IsEmpty);
    /// <summary>Whether it asks lists alone, and of them nothing but what records hold now: the same state then has the same answer. Plugins may answer anything at any time, and of the log values are taken away.</summary>
    public bool IsOfState { get; } = Roots.Length > 0 && Roots.All(r => r.Constant is not null || r is { Meaning: Meaning.List, Connection: { } list } && !r.Arguments.Has("asOf") && list.IsOfState);
    /// <summary>Whether it changes the model or what is installed.</summary>
    public bool ChangesModel { get; } = Roots.Any(r => r.Meaning is Meaning.ChangePlugin or Meaning.ChangeField);
}

/// <summary>Where a field stands: in the answer and in the document.</summary>
internal sealed record FieldPlace(ImmutableArray<string> Path, Place Place);

/// <summary>The arguments of a field, with holes.</summary>
internal sealed class Arguments(ImmutableArray<KeyValuePair<string, object?>> values)
{
    public static readonly Arguments None = new([]);

    /// <summary>Whether an argument was given, null included.</summary>
    public bool Has(string name) => values.Any(v => v.Key == name);

    /// <summary>An argument's value; null when it is null or was not given.</summary>
    public object? Get(string name, IReadOnlyDictionary<string, object?> variables)
    {
        foreach (var value in values)
            if (value.Key == name)
                return Inputs.Fill(value.Value, variables) is var filled && filled == Inputs.Missing ? null : filled;
        return null;
    }
}

/// <summary>A field of the root.</summary>
internal sealed record RootPlan(byte[] Key, FieldPlace Place, Meaning? Meaning, Arguments Arguments)
{
    /// <summary>Whether null may stand for it; otherwise the whole data is null when it fails.</summary>
    public bool IsNullable { get; init; }
    /// <summary>What is wanted of the entities it answers; null when it answers none.</summary>
    public SelectionPlan? Node { get; init; }
    /// <summary>Of a list.</summary>
    public ConnectionPlan? Connection { get; init; }
    /// <summary>Of the log, the model or an actor.</summary>
    public FactPlan? Facts { get; init; }
    /// <summary>Of a mutation.</summary>
    public PayloadPlan? Payload { get; init; }
    /// <summary>Of __typename: the JSON.</summary>
    public byte[]? Constant { get; init; }
    /// <summary>Of __schema and __type: the fields of the document, for the library.</summary>
    public ImmutableArray<GraphQLParser.AST.GraphQLField> Introspection { get; init; } = [];
}

/// <summary>What is wanted of the things at one level, by their type.</summary>
internal sealed class SelectionPlan
{
    private readonly ObjectPlan? _only;
    private readonly Dictionary<int, ObjectPlan> _byOrdinal;

    public SelectionPlan(ImmutableArray<ObjectPlan> objects)
    {
        Objects = objects;
        Views = [.. objects.Select(o => TypeView.Of(o.Type))];
        Alone = [this];
        IsOfState = objects.All(o => o.Links.All(l => l.IsOfState));
        _only = objects.Length == 1 ? objects[0] : null;
        _byOrdinal = objects.ToDictionary(o => o.Type.Ordinal);
    }

    public ImmutableArray<ObjectPlan> Objects { get; }

    /// <summary>All things of its types.</summary>
    public ImmutableArray<TypeView> Views { get; }

    /// <summary>This one and no other.</summary>
    public ImmutableArray<SelectionPlan> Alone { get; }

    /// <summary>See <see cref="OperationPlan.IsOfState"/>.</summary>
    public bool IsOfState { get; }

    public ObjectPlan For(int typeOrdinal) => _only ?? _byOrdinal[typeOrdinal];
}

/// <summary>What is wanted of things of one type.</summary>
internal sealed class ObjectPlan(ModelType type, ImmutableArray<OutField> fields)
{
    public ModelType Type => type;
    public ImmutableArray<OutField> Fields => fields;
    /// <summary>The fields that need reading, in order; an out field names its place here.</summary>
    public ImmutableArray<LinkPlan> Links { get; } = [.. fields.Where(f => f.Link is not null).Select(f => f.Link!)];
}

/// <summary>How a field of a row is written.</summary>
internal enum OutKind : byte
{
    Constant,
    Id,
    Version,
    CreatedAt,
    UpdatedAt,
    ValidFrom,
    ValidTo,
    Value,
    DisplayName,
    /// <summary>A to-one end, a connection, a history, or what a plugin answers.</summary>
    Link,
    /// <summary>Of an edge.</summary>
    Cursor,
    /// <summary>Of an edge.</summary>
    Node,
}

/// <summary>One field of an object or an edge in the answer.</summary>
/// <param name="Key">The response key, quoted, with the colon.</param>
internal sealed record OutField(byte[] Key, OutKind Kind)
{
    /// <summary>Whether it is read from the row's relationship rather than from its entity.</summary>
    public bool OfLink { get; init; }
    public ModelField? Field { get; init; }
    public byte[] Constant { get; init; } = [];
    public LinkPlan? Link { get; init; }
    /// <summary>Of Link: its place among the object's links. Of Node: which selection of the connection.</summary>
    public int Index { get; init; }
}

/// <summary>A field of things that takes one more read or call for all of them: a to-one end, a connection, a history, or what a plugin answers.</summary>
internal sealed record LinkPlan(int Number, FieldPlace Place, Arguments Arguments)
{
    /// <summary>Null for what is no relationship.</summary>
    public ModelEnd? End { get; init; }
    /// <summary>Of a computed field.</summary>
    public ModelField? Computed { get; init; }
    /// <summary>Of a plugin's own field.</summary>
    public PluginField? Own { get; init; }
    /// <summary>Of a to-one end, and of a plugin's field that answers things.</summary>
    public SelectionPlan? Node { get; init; }
    public ConnectionPlan? Connection { get; init; }
    /// <summary>Of a history.</summary>
    public FactPlan? Facts { get; init; }

    /// <summary>See <see cref="OperationPlan.IsOfState"/>.</summary>
    public bool IsOfState => End is not null && !Arguments.Has("asOf") && Selections.All(s => s.IsOfState);

    /// <summary>The selections of the things beyond.</summary>
    public ImmutableArray<SelectionPlan> Selections => Node?.Alone ?? Connection?.Selections ?? [];

    /// <summary>The things beyond an end where nothing is asked of them.</summary>
    public ImmutableArray<TypeView> Views => field.IsDefault ? field = [.. End!.Far.Select(TypeView.Of)] : field;
}

/// <summary>What is wanted of a connection.</summary>
internal sealed record ConnectionPlan(ImmutableArray<ConnectionField> Fields, ImmutableArray<SelectionPlan> Selections)
{
    public bool WantsRows { get; } = Fields.Any(f => f.Part is ConnectionPart.Nodes or ConnectionPart.Edges or ConnectionPart.PageInfo);
    /// <summary>See <see cref="OperationPlan.IsOfState"/>.</summary>
    public bool IsOfState { get; } = Selections.All(s => s.IsOfState);
    public bool WantsCount { get; } = Fields.Any(f => f.Part is ConnectionPart.TotalCount);
    public ImmutableArray<GroupPlan> Groups { get; } = [.. Fields.Where(f => f.Group is not null).Select(f => f.Group!)];
}

/// <summary>One field of a connection in the answer.</summary>
internal sealed record ConnectionField(byte[] Key, ConnectionPart? Part)
{
    /// <summary>Of __typename.</summary>
    public byte[] Constant { get; init; } = [];
    /// <summary>Of nodes: which selection of the connection.</summary>
    public int Selection { get; init; }
    /// <summary>Of edges.</summary>
    public ImmutableArray<OutField> Edge { get; init; } = [];
    /// <summary>Of page info.</summary>
    public FactPlan? Page { get; init; }
    public GroupPlan? Group { get; init; }
    /// <summary>Of groups: which of them.</summary>
    public int GroupIndex { get; init; }
}

/// <summary>Groups wanted of a connection.</summary>
internal sealed record GroupPlan(Arguments Arguments, FieldPlace Place, ImmutableArray<GroupField> Fields)
{
    /// <summary>The numeric fields to sum, each once.</summary>
    public ImmutableArray<ModelField> Summed { get; } = [.. Fields.SelectMany(f => f.Fields).Where(f => f.Field is not null).Select(f => f.Field!).Distinct()];
}

/// <summary>One field of a group, or of its sums, in the answer.</summary>
internal sealed record GroupField(byte[] Key)
{
    /// <summary>Of __typename.</summary>
    public byte[]? Constant { get; init; }
    /// <summary>A key, or a summed field; null for the count.</summary>
    public ModelField? Field { get; init; }
    public SumKind? Sums { get; init; }
    /// <summary>Of sums.</summary>
    public ImmutableArray<GroupField> Fields { get; init; } = [];
}

/// <summary>What is wanted of a mutation's payload.</summary>
internal sealed record PayloadPlan(ImmutableArray<PayloadField> Fields);

/// <summary>One field of a payload in the answer.</summary>
internal sealed record PayloadField(byte[] Key)
{
    /// <summary>Of __typename.</summary>
    public byte[]? Constant { get; init; }
    /// <summary>Of the commit.</summary>
    public FactPlan? Commit { get; init; }
    /// <summary>Of the entity written.</summary>
    public SelectionPlan? Node { get; init; }
    /// <summary>Of the relationship written.</summary>
    public WrittenLinkPlan? Link { get; init; }
}

/// <summary>What is wanted of a relationship that was written.</summary>
internal sealed record WrittenLinkPlan(ImmutableArray<WrittenLinkField> Fields);

/// <summary>One field of a written relationship: its own, or the thing at one of its ends.</summary>
internal sealed record WrittenLinkField(byte[] Key, OutField? Own, SelectionPlan? End, bool IsSource);

/// <summary>What is wanted of a fact.</summary>
internal sealed record FactPlan(ImmutableArray<FactField> Fields);

/// <summary>One field of a fact in the answer.</summary>
/// <param name="Get">Null for __typename.</param>
/// <param name="Object">Null for a leaf.</param>
internal sealed record FactField(byte[] Key, byte[] Constant, Func<object, Running.FactContext, object?>? Get, FactPlan? Object);
