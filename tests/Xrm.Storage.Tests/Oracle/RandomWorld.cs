using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Oracle;

/// <summary>Random models, commits and questions from one seed.</summary>
internal sealed class RandomWorld
{
    private static readonly string[] Texts = ["a", "A", "é", "E", "Éa", "ea", "e-a", "œuf", "oeuf", "zoé martin", "Zoé Martin", "zoe-martin dupond", "ZOÉ MARTINEZ", "", "\"q\"", "q", "😀", "\uffee", "l’été", "l'ete "];
    private readonly Random _random;

    public RandomWorld(int seed)
    {
        _random = new(seed);
        var some = new SomeModel();
        Person = some.Type("Person", false, ("name", Shape.Text, false), ("age", Shape.Integer, false), ("tags", Shape.Text, true), ("worth", Shape.Decimal, false), ("born", Shape.Date, false), ("code", Shape.Text, false));
        Mandate = some.Type("Mandate", true, ("role", Shape.Text, false), ("seen", Shape.DateTime, false), ("takes", Shape.Duration, false), ("open", Shape.Boolean, false));
        Key = SomeModel.Key(Person, "code", "age");
        Holds = some.Relationship("Holds", [Person], [Mandate], toOneTarget: true, fields: [("note", Shape.Text, false)]);
        Works = some.Relationship("Works", [Person], [Person, Mandate], dated: true, fields: [("rank", Shape.Integer, false)]);
        Knows = some.Relationship("Knows", [Person], [Person], dated: true, symmetric: true);
        Model = some.Compile();
    }

    public ModelType Person { get; }
    public ModelType Mandate { get; }
    public ModelRelationship Holds { get; }
    public ModelRelationship Works { get; }
    public ModelRelationship Knows { get; }
    public ModelKey Key { get; }
    public CompiledModel Model { get; }
    public List<Thing> All { get; } = [];

    public int Next(int below) => _random.Next(below);

    public bool Chance(int of) => _random.Next(of) == 0;

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    public Guid NewId()
    {
        // Few leading bytes, so that ids share prefixes and ties go deeper.
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        Array.Clear(bytes, 0, 7);
        return new(bytes, bigEndian: true);
    }

    public object? Value(ModelField field, bool orNull = true)
    {
        if (orNull && Chance(4))
            return null;
        if (field.IsMany)
            return ImmutableArray.CreateRange(Enumerable.Range(0, 1 + Next(3)).Select(_ => One(field)));
        return One(field);
    }

    public object One(ModelField field) => field.Builtin == Builtin.Id ? All.Count > 0 && !Chance(5) ? Pick(All).Id : NewId() : field.Shape switch
    {
        Shape.Text => Pick(Texts),
        Shape.Integer => Next(6) - 2,
        Shape.Decimal => (Next(8) - 3) * 0.5m,
        Shape.Date => new DateOnly(2020, 1, 1 + Next(8)),
        Shape.DateTime => new DateTimeOffset(2020, 1, 1, 0, 0, Next(5), TimeSpan.Zero),
        Shape.Duration => TimeSpan.FromMinutes(Next(5) - 1),
        Shape.Boolean => Chance(2),
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    public Period Period() => new(Chance(4) ? null : new DateOnly(2020, 1, 1 + Next(8)), Chance(4) ? null : new DateOnly(2020, 1, 1 + Next(8)));

    public Period Asked() => Chance(4) ? Sdk.Period.Always : Chance(3) ? Period() : new DateOnly(2020, 1, 1 + Next(8)) is var day ? new(day, day.AddDays(1)) : default;

    public Predicate Predicate(RecordType type, int depth)
    {
        var ends = (type as ModelType)?.Ends ?? [];
        return Next(depth <= 0 ? 5 : 10) switch
        {
            5 => new Predicate.And([.. Enumerable.Range(0, Next(4)).Select(_ => Predicate(type, depth - 1))]),
            6 => new Predicate.Or([.. Enumerable.Range(0, Next(4)).Select(_ => Predicate(type, depth - 1))]),
            7 => new Predicate.Not(Predicate(type, depth - 1)),
            8 or 9 when ends.Length > 0 => Through(Pick(ends), depth),
            4 when Chance(5) => new Predicate.OfType([Pick(new[] { Person.Ordinal, Mandate.Ordinal })]),
            _ => Compare(Pick(type.ByName.Values.Where(f => f.Builtin is not (Builtin.CreatedAt or Builtin.UpdatedAt)).OrderBy(f => f.Name).ToList())),
        };
    }

    public ImmutableArray<Sort> Order(IReadOnlyList<RecordType> types)
    {
        var fields = types.SelectMany(t => t.ByName.Values).Where(f => !f.IsMany && f.Builtin is not (Builtin.CreatedAt or Builtin.UpdatedAt)).OrderBy(f => f.ToString()).ToList();
        return [.. Enumerable.Range(0, Next(3)).Select(_ => Pick(fields)).Select(f => new Sort(f, Chance(2), Chance(4) ? Compare(f.Owner.Fields.IsEmpty ? f : Pick(f.Owner.Fields)) : null))];
    }

    private Predicate.Through Through(ModelEnd end, int depth)
    {
        var far = Pick(end.Far);
        return new(end, Pick(Enum.GetValues<Quantifier>()), Chance(3) ? Predicate(end.Relationship, 0) : null, Chance(4) ? null : Predicate(far, depth - 1), Asked(),
            Chance(4) ? Predicate(end.Relationship, 0) : null, Chance(4) ? Predicate(far, 0) : null);
    }

    private Predicate.Compare Compare(ModelField field)
    {
        var how = field.Shape switch
        {
            Shape.Text when field.Builtin == Builtin.None => Pick(Enum.GetValues<Comparison>()),
            _ when field.Builtin == Builtin.Id => (Comparison)Next(4),
            Shape.Boolean => (Comparison)Next(2),
            _ => (Comparison)Next(8),
        };
        var count = how is Comparison.In or Comparison.NotIn ? Next(4) : 1;
        return new(field, how, [.. Enumerable.Range(0, count).Select(_ => Some.Op(field, Chance(7) ? null : One(field)))]);
    }
}
