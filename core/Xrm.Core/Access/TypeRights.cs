using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Access;

/// <summary>What an actor may do with the records of one type: the grants of all its roles, bound to the model.</summary>
/// <remarks>Every question that decides something has a bit (<see cref="Questions"/>); a row's masks tell which of them hold for its record, so that all below is answered without asking the store again.</remarks>
internal sealed class TypeRights
{
    /// <summary>So many different filters all roles together may have on one type: a row has a bit for each.</summary>
    public const int MostQuestions = 32;
    private readonly ImmutableArray<Line> _lines;
    private readonly ImmutableArray<Line> _reads;
    private readonly bool _seesHidden;
    private readonly Dictionary<ModelField, FieldSight> _builtins = [];
    /// <summary>By ordinal; those that there are not are never seen.</summary>
    private readonly FieldSight[] _fields;

    /// <summary>Rights by grants.</summary>
    /// <param name="grants">Those of the actor's roles on this type.</param>
    /// <param name="bind">Binds a grant's filter to the type.</param>
    public TypeRights(RecordType type, IEnumerable<Grant> grants, Func<Filter, Predicate> bind, bool seesHidden)
    {
        Type = type;
        _seesHidden = seesHidden;
        var questions = ImmutableArray.CreateBuilder<Predicate>();
        var bits = new Dictionary<Filter, int>(SameFilter.Comparer);
        var lines = ImmutableArray.CreateBuilder<Line>();
        foreach (var grant in grants)
        {
            var bit = 0u;
            if (grant.Where is { } filter)
            {
                if (!bits.TryGetValue(filter, out var at))
                {
                    // A row has no more bits; a model that could ask for more is refused when its roles are compiled.
                    if (questions.Count == MostQuestions)
                        throw new InvalidOperationException($"The grants on {type.Name} have more than {MostQuestions} filters.");
                    bits.Add(filter, at = questions.Count);
                    questions.Add(bind(filter));
                }
                bit = 1u << at;
            }
            lines.Add(new(grant, bit));
        }
        Questions = questions.ToImmutable();
        _lines = lines.ToImmutable();
        _reads = [.. _lines.Where(l => (l.Grant.Rights & Rights.Read) != 0)];
        Where = _reads.IsEmpty ? Predicate.False : Any(_reads.Select(l => l.Bit).Aggregate(0u, (a, b) => a | b), _reads.Any(l => l.Bit == 0));
        _fields = new FieldSight[type.ByName.Values.Select(f => f.Ordinal).Append(0).Max() + 1];
        foreach (var field in type.ByName.Values)
            if (field.Builtin == Builtin.None)
                _fields[field.Ordinal] = Sight(field);
            else
                _builtins.Add(field, Sight(field));
    }

    /// <summary>Every right on all records of a type.</summary>
    public static TypeRights All(RecordType type, bool seesHidden) =>
        new(type, [new Grant(type.Name, Rights.All, Sensitivity.Special)], _ => Predicate.True, seesHidden);

    public RecordType Type { get; }

    /// <summary>The filters of the grants, each once; at most 32.</summary>
    public ImmutableArray<Predicate> Questions { get; }

    /// <summary>Which records are seen; null = all.</summary>
    public Predicate? Where { get; }

    /// <summary>Whether some record may be seen.</summary>
    public bool SeesAny => !_reads.IsEmpty;

    /// <summary>Whether whatever record is there is seen, and each of its fields in all of them or in none.</summary>
    public bool IsPlain => Questions.IsEmpty;

    /// <summary>Whether some field is hidden from the actor in some record.</summary>
    public FieldSight Of(ModelField field) => field.Builtin != Builtin.None ? _builtins.GetValueOrDefault(field) : field.Ordinal < _fields.Length ? _fields[field.Ordinal] : FieldSight.Never;

    /// <summary>Whether a record is seen, given the questions that hold for it.</summary>
    public bool Sees(uint held) => _reads.Any(l => l.Holds(held));

    /// <summary>Whether a field of a seen record is seen.</summary>
    public bool Sees(ModelField field, uint held) => Of(field).Holds(held);

    /// <summary>Whether a right reaches a record.</summary>
    public bool May(Rights right, uint held) => _lines.Any(l => (l.Grant.Rights & right) != 0 && l.Holds(held));

    /// <summary>Whether a right reaches a field of a record.</summary>
    public bool May(Rights right, ModelField field, uint held) => _lines.Any(l => (l.Grant.Rights & right) != 0 && Covers(l.Grant, field) && l.Holds(held));

    /// <summary>Whether a right reaches some record that there is or could be. Writing needs seeing.</summary>
    public bool MaySome(Rights right) => SeesAny && _lines.Any(l => (l.Grant.Rights & right) != 0);

    /// <summary>Whether a right reaches a field of some record, which is seen there or elsewhere.</summary>
    public bool MaySome(Rights right, ModelField field) => !Of(field).IsNever && _lines.Any(l => (l.Grant.Rights & right) != 0 && Covers(l.Grant, field));

    /// <summary>The predicate for a field's sight; null = always.</summary>
    public Predicate? SeenWhen(ModelField field)
    {
        var sight = Of(field);
        return sight.IsAlways ? null : Any(sight.Bits, false);
    }

    private FieldSight Sight(ModelField field)
    {
        if (field.Description.IsHidden && !_seesHidden)
            return FieldSight.Never;
        var covering = _reads.Where(l => Covers(l.Grant, field)).ToArray();
        // Where every grant that shows the record shows the field too, the field is seen wherever the record is.
        return new(covering.Any(l => l.Bit == 0) || covering.Length == _reads.Length && covering.Length > 0, covering.Aggregate(0u, (a, l) => a | l.Bit));
    }

    private static bool Covers(Grant grant, ModelField field) =>
        field.Builtin != Builtin.None || (grant.Fields is { } fields ? fields.Contains(field.Name) : field.Description.Sensitivity <= grant.UpTo);

    private Predicate? Any(uint bits, bool always)
    {
        if (always)
            return null;
        var parts = ImmutableArray.CreateBuilder<Predicate>();
        for (var i = 0; i < Questions.Length; i++)
            if ((bits & 1u << i) != 0)
                parts.Add(Questions[i]);
        return parts.Count == 1 ? parts[0] : new Predicate.Or(parts.ToImmutable());
    }

    public override string ToString() => $"{Type.Name}: {string.Join(", ", _lines.Select(l => l.Grant.Rights))}";

    /// <param name="Bit">The bit of its filter; 0 when it has none.</param>
    private readonly record struct Line(Grant Grant, uint Bit)
    {
        public bool Holds(uint held) => Bit == 0 || (held & Bit) != 0;
    }
}

/// <summary>In which of the records that an actor sees it sees a field: always, or where one of some questions holds.</summary>
internal readonly record struct FieldSight(bool IsAlways, uint Bits)
{
    public static FieldSight Never => default;

    public bool IsNever => !IsAlways && Bits == 0;

    public bool Holds(uint held) => IsAlways || (held & Bits) != 0;
}
