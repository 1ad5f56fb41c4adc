using GraphQL.Types;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.GraphQL.Running;

namespace Xrm.GraphQL.Schemas;

/// <summary>What a field of the schema stands for in the model; the compiler of operations reads it off the field. The cases below are all there are.</summary>
internal abstract record Meaning
{
    private const string Key = "xrm";

    private Meaning() { }

    /// <summary>A property of the row's entity, or, on an edge and on a relationship, of its link.</summary>
    public sealed record Value(ModelField Field, bool OfLink = false) : Meaning;

    /// <summary>What the entity is called.</summary>
    public sealed record DisplayName : Meaning;

    /// <summary>The thing at the other end of a to-one end.</summary>
    public sealed record ToOne(ModelEnd End) : Meaning;

    /// <summary>The relationships at an end, as a connection.</summary>
    public sealed record Links(ModelEnd End) : Meaning;

    /// <summary>What happened to an entity, as a connection of changes.</summary>
    public sealed record History : Meaning;

    /// <summary>One entity by id.</summary>
    public sealed record Point(ModelType Type) : Meaning;

    /// <summary>One entity by a unique key; the arguments are the key's fields.</summary>
    public sealed record ByKey(ModelKey Unique) : Meaning;

    /// <summary>Entities of a type, as a connection.</summary>
    public sealed record List(ModelType Type) : Meaning;

    /// <summary>What is found in entities of any type, as a connection.</summary>
    public sealed record Search : Meaning;

    /// <summary>An entity of any type by id.</summary>
    public sealed record Node : Meaning;

    /// <summary>Entities of any type by id.</summary>
    public sealed record ManyNodes : Meaning;

    /// <summary>The log, as a connection of changes.</summary>
    public sealed record Changes : Meaning;

    /// <summary>The model in force.</summary>
    public sealed record TheModel : Meaning;

    /// <summary>Who asks.</summary>
    public sealed record Me : Meaning;

    /// <summary>Every plugin there is, for administrators.</summary>
    public sealed record Plugins(IPluginAdministration Administration) : Meaning;

    /// <summary>A mutation that does something with a plugin; null = it only plans.</summary>
    public sealed record ChangePlugin(PluginAction? Action) : Meaning;

    /// <summary>A mutation that does something with a custom field; null = it only plans.</summary>
    public sealed record ChangeField(CustomFieldAction? Action) : Meaning;

    /// <summary>A part of a connection or of an edge.</summary>
    public sealed record Part(ConnectionPart Which) : Meaning;

    /// <summary>A key of a group.</summary>
    public sealed record GroupKey(ModelField Field) : Meaning;

    /// <summary>Sums of a group.</summary>
    public sealed record GroupSums(SumKind Kind) : Meaning;

    /// <summary>A numeric field among the sums of a group.</summary>
    public sealed record SummedField(ModelField Field) : Meaning;

    /// <summary>Something known without reading the store: of the model, an actor, a commit or a change.</summary>
    public sealed record Fact(Func<object, FactContext, object?> Get) : Meaning;

    /// <summary>What a plugin answers.</summary>
    public sealed record OfPlugin(PluginField Field) : Meaning;

    /// <summary>A mutation.</summary>
    public sealed record Write(WriteKind Kind, RecordType? Type, string? Move = null) : Meaning;

    /// <summary>The entity or relationship that a mutation wrote.</summary>
    public sealed record Written : Meaning;

    /// <summary>The thing at an end of a relationship that a mutation wrote.</summary>
    public sealed record WrittenEnd(bool IsSource) : Meaning;

    public void Set(FieldType field) => field.Metadata[Key] = this;

    /// <summary>What a field stands for; null for fields of the introspection.</summary>
    public static Meaning? Of(FieldType field) => field.Metadata.TryGetValue(Key, out var meaning) ? (Meaning?)meaning : null;
}

internal enum ConnectionPart
{
    Nodes,
    Edges,
    PageInfo,
    TotalCount,
    Groups,
    /// <summary>Of an edge.</summary>
    Cursor,
    /// <summary>Of an edge.</summary>
    Node,
    /// <summary>Of page info.</summary>
    HasNext,
    HasPrevious,
    StartCursor,
    EndCursor,
    /// <summary>Of a group.</summary>
    Count,
}

internal enum SumKind
{
    Sum,
    Min,
    Max,
    Average,
}

internal enum WriteKind
{
    Create,
    Update,
    Delete,
    Relate,
    Change,
    End,
    Unrelate,
    Commit,
}
