using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>What a record is at some moment that is not the store's present: as a commit would leave it, or as it was.</summary>
/// <param name="Fields">A <see cref="FieldSet"/>.</param>
internal sealed record State(RecordType Type, Guid Id, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, Period Period, byte[] Fields)
{
    public static State Of(Record record, RecordType type) =>
        new(type, record.Id, record.Version, record.CreatedAt, record.UpdatedAt, record.Period, record.Fields.ToArray());

    /// <summary>As a commit would leave it.</summary>
    public static State Of(Draft draft, DateTimeOffset now) =>
        new(draft.Type, draft.Id, draft.IsNew ? 1 : draft.Before.Version + 1, draft.IsNew ? now : draft.Before.CreatedAt, now, draft.Period, draft.FieldBytes());

    /// <summary>As it was before its last change.</summary>
    /// <param name="change">That change; not the first.</param>
    /// <param name="updatedAt">When the change before that was recorded.</param>
    public State Before(RecordChange change, DateTimeOffset updatedAt)
    {
        var fields = new System.Buffers.ArrayBufferWriter<byte>();
        FieldSet.Merge(Fields, change.Before, fields);
        return this with { Version = change.Version - 1, UpdatedAt = updatedAt, Period = change.PeriodBefore, Fields = fields.WrittenSpan.ToArray() };
    }

    /// <summary>Whether a comparison holds.</summary>
    public bool Holds(Predicate.Compare compare) => compare.How switch
    {
        Comparison.Equal => IsOne(compare),
        Comparison.NotEqual => !IsOne(compare),
        Comparison.In => IsOne(compare),
        Comparison.NotIn => !IsOne(compare),
        _ => compare.Operands is [{ Value: { } operand }] && Value(compare.Field) is { } value && Ordered(compare, value, operand),
    };

    private bool IsOne(Predicate.Compare compare)
    {
        var json = Json(compare.Field);
        foreach (var operand in compare.Operands)
            if (json.AsSpan().SequenceEqual(operand.Json))
                return true;
        return false;
    }

    private static bool Ordered(Predicate.Compare compare, object value, object operand)
    {
        if (compare.How is Comparison.Contains or Comparison.StartsWith or Comparison.EndsWith)
        {
            var (text, part) = (TextKey.Fold((string)value), TextKey.Fold((string)operand));
            return compare.How switch
            {
                Comparison.Contains => text.Contains(part, StringComparison.Ordinal),
                Comparison.StartsWith => text.StartsWith(part, StringComparison.Ordinal),
                _ => text.EndsWith(part, StringComparison.Ordinal),
            };
        }
        var order = compare.Field.Builtin == Builtin.Id ? ((EntityId)value).CompareTo((EntityId)operand) : ShapeValues.Order(compare.Field.Shape, value, operand);
        return compare.How switch
        {
            Comparison.Greater => order > 0,
            Comparison.GreaterOrEqual => order >= 0,
            Comparison.Less => order < 0,
            _ => order <= 0,
        };
    }

    /// <summary>A field's value; null when it has none.</summary>
    public object? Value(ModelField field) => field.Builtin switch
    {
        Builtin.None => FieldSet.TryGet(Fields, field.Ordinal, out var json) && json.Length > 0 ? ShapeValues.Read(field, json) : null,
        Builtin.Id => new EntityId(Id),
        Builtin.Version => Version,
        Builtin.CreatedAt => CreatedAt,
        Builtin.UpdatedAt => UpdatedAt,
        Builtin.ValidFrom => Period.From,
        _ => Period.To,
    };

    private byte[] Json(ModelField field)
    {
        if (field.Builtin == Builtin.None)
            return FieldSet.TryGet(Fields, field.Ordinal, out var json) ? json.ToArray() : [];
        return Value(field) is not { } value ? [] : value is EntityId id ? JsonValue.Quote(id.ToString()) : JsonValue.Write(field.Shape, value);
    }
}
