using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Storage.Tests;

/// <summary>Builds a compiled model by hand, as the compiler would.</summary>
internal sealed class SomeModel
{
    private readonly List<ModelType> _types = [];
    private readonly List<ModelRelationship> _relationships = [];
    private int _ordinal;

    public SomeModel(long version = 1) => Version = version;

    public long Version { get; }

    public ModelType Type(string name, bool dated, params (string Name, Shape Shape, bool Many)[] fields)
    {
        var type = new ModelType { Ordinal = ++_ordinal, Name = name, Label = L(name), Plugin = "test", IsDated = dated, Plural = name + "s", PluralLabel = L(name) };
        Fill(type, fields);
        _types.Add(type);
        return type;
    }

    public static ModelKey Key(ModelType type, params string[] fields)
    {
        var key = new ModelKey(type, [.. fields.Select(f => type.ByName[f])]);
        type.Keys = type.Keys.Add(key);
        return key;
    }

    public ModelRelationship Relationship(string name, ModelType[] sources, ModelType[] targets, bool dated = false, bool symmetric = false, bool toOneSource = false, bool toOneTarget = false, params (string Name, Shape Shape, bool Many)[] fields)
    {
        var relationship = new ModelRelationship { Ordinal = ++_ordinal, Name = name, Label = L(name), Inverse = L(name), Plugin = "test", IsDated = dated, IsSymmetric = symmetric };
        Fill(relationship, fields);
        relationship.Source = End(relationship, true, name + "Out", toOneSource, sources, targets);
        relationship.Target = symmetric ? relationship.Source : End(relationship, false, name + "In", toOneTarget, targets, sources);
        foreach (var end in new[] { relationship.Source, relationship.Target }.Distinct())
            foreach (var type in end.Types)
            {
                type.Ends = type.Ends.Add(end);
                type.EndsByName = type.Ends.ToFrozenDictionary(e => e.Name);
            }
        _relationships.Add(relationship);
        return relationship;
    }

    public CompiledModel Compile() => new([], [.. _types], [.. _relationships], [], [],
        Catalog.Empty with { Types = Catalog.Empty.Types.AddRange(_types.Cast<RecordType>().Concat(_relationships).Select(t => KeyValuePair.Create(t.Name, t.Ordinal))) }, Version);

    private static ModelEnd End(ModelRelationship relationship, bool isSource, string name, bool toOne, ModelType[] types, ModelType[] far) => new()
    {
        Relationship = relationship,
        IsSource = isSource,
        Name = name,
        Label = L(name),
        IsToOne = toOne,
        IsRequired = false,
        OnDelete = default,
        Types = [.. types],
        Far = [.. far],
    };

    private static void Fill(RecordType type, (string Name, Shape Shape, bool Many)[] fields)
    {
        var all = new List<ModelField>();
        for (var i = 0; i < fields.Length; i++)
            all.Add(new() { Ordinal = i + 1, Description = new(fields[i].Name, new Plain(fields[i].Shape), L(fields[i].Name)) { IsMany = fields[i].Many }, Owner = type, Plugin = "test" });
        type.Fields = [.. all];
        foreach (var (builtin, shape) in new[] { (Builtin.Id, Shape.Text), (Builtin.Version, Shape.Integer), (Builtin.CreatedAt, Shape.DateTime), (Builtin.UpdatedAt, Shape.DateTime), (Builtin.ValidFrom, Shape.Date), (Builtin.ValidTo, Shape.Date) })
        {
            var name = char.ToLowerInvariant(builtin.ToString()[0]) + builtin.ToString()[1..];
            all.Add(new() { Ordinal = 0, Description = new(name, new Plain(shape), L(name)), Owner = type, Plugin = "test", Builtin = builtin });
        }
        type.ByName = all.ToFrozenDictionary(f => f.Name);
        type.ByOrdinal = type.Fields.ToFrozenDictionary(f => f.Ordinal);
    }

    private static Label L(string text) => Label.Of(text, text);

    /// <summary>A field type of a shape, without rules.</summary>
    internal sealed class Plain(Shape shape) : FieldType
    {
        public override string Name => "plain";
        public override Shape Shape => shape;
    }
}
