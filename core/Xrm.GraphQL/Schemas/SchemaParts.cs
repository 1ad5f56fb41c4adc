using GraphQL.Types;
using Xrm.Core.Model;
using Xrm.Sdk;
using FieldType = GraphQL.Types.FieldType;

namespace Xrm.GraphQL.Schemas;

/// <summary>The types of a schema while it is being built, each made once.</summary>
internal sealed class SchemaParts
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal)
    {
        "Query", "Mutation", "Subscription", "ID", "String", "Int", "Float", "Boolean", "Date", "DateTime", "Decimal", "Duration", "JSON",
    };
    private readonly Dictionary<object, IGraphType> _made = [];

    public SchemaParts(CompiledModel model)
    {
        Model = model;
        Node = new() { Name = Claim("Node"), ResolveType = _ => null, Description = "Une fiche de n'importe quel type. / An entity of any type." };
        Entity = new() { Name = Claim("Entity"), ResolveType = _ => null, Description = "Ce que toute fiche possède. / What every entity has." };
    }

    public CompiledModel Model { get; }
    public Scalars Scalars { get; } = new();
    public InterfaceGraphType Node { get; }
    public InterfaceGraphType Entity { get; }
    public Dictionary<ModelType, ObjectGraphType> Objects { get; } = [];

    /// <summary>A name that no other type of the schema has; the model's compiler refuses clashes, so that an underscore at the end is the last resort against a broken schema.</summary>
    public string Claim(string name)
    {
        while (!_names.Add(name))
            name += "_";
        return name;
    }

    /// <summary>What a key stands for, made at the first call; it may refer to itself.</summary>
    public T Once<T>(object key, Func<T> make, Action<T>? fill = null) where T : IGraphType
    {
        if (_made.TryGetValue(key, out var made))
            return (T)made;
        var type = make();
        _made[key] = type;
        fill?.Invoke(type);
        return type;
    }

    /// <summary>The scalar or enum of one value of a field.</summary>
    public IGraphType Leaf(ModelField field) => field.Description.Type.Options is { IsEmpty: false } options
        ? Once(field, () => Choice(field, options))
        : field.Builtin == Builtin.Id ? Scalars.Id : Scalars.Of(field.Shape);

    /// <summary>The type of a field in inputs and answers; always nullable.</summary>
    public IGraphType Value(ModelField field) => field.IsMany ? new ListGraphType(new NonNullGraphType(Leaf(field))) : Leaf(field);

    /// <summary>The fields of a type that stand in the schema: those kept for matching alone do not, nor names that GraphQL cannot say.</summary>
    public static IEnumerable<ModelField> Shown(RecordType type) => type.Fields.Where(f => !f.Description.IsHidden && Names.IsValid(f.Name));

    /// <summary>Those of them that are kept: what can be set, compared, sorted and grouped by.</summary>
    public static IEnumerable<ModelField> Kept(RecordType type) => Shown(type).Where(f => !f.Description.IsComputed);

    /// <summary>The types of things beyond an end, as one type of the schema.</summary>
    public IGraphType Far(ModelEnd end) => end.Far.Length == 1 ? Objects[end.Far[0]] : Entity;

    public EnumerationGraphType Enum(string name, Label label, params ReadOnlySpan<string> values)
    {
        var type = new EnumerationGraphType { Name = Claim(name), Description = Names.Description(label) };
        foreach (var value in values)
            type.Add(value, value);
        return type;
    }

    private EnumerationGraphType Choice(ModelField field, IEnumerable<Option> options)
    {
        var type = new EnumerationGraphType { Name = Claim(Names.Choice(field)), Description = Names.Description(field.Description.Label) };
        foreach (var option in options)
            type.Add(Names.IsValid(option.Name) ? option.Name : "_" + option.Name, option.Name, Names.Description(option.Label));
        return type;
    }
}

/// <summary>Short ways to put fields on types.</summary>
internal static class SchemaFields
{
    public static FieldType Add(this IComplexGraphType type, string name, IGraphType of, string? description = null, Meaning? meaning = null, params IEnumerable<QueryArgument> arguments)
    {
        var field = new FieldType { Name = name, ResolvedType = of, Description = description };
        if (arguments.Any())
            field.Arguments = new QueryArguments(arguments);
        meaning?.Set(field);
        return type.AddField(field);
    }

    public static NonNullGraphType NonNull(this IGraphType type) => new(type);

    public static ListGraphType ListOf(this IGraphType type) => new(type);

    /// <summary><c>[T!]!</c></summary>
    public static NonNullGraphType NonNullList(this IGraphType type) => new(new ListGraphType(new NonNullGraphType(type)));

    public static QueryArgument Argument(string name, IGraphType type, string? description = null) => new(type) { Name = name, Description = description };
}
