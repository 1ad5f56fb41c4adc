using System.Buffers;
using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests;

/// <summary>Short ways to plans, predicates and steps.</summary>
internal static class Some
{
    public static Guid Id() => Guid.CreateVersion7();

    public static DateOnly Day(int year, int month = 1, int day = 1) => new(year, month, day);

    public static Operand Op(ModelField field, object? value) => value is null ? Operand.Null
        : field.Builtin == Builtin.Id ? new(new EntityId((Guid)value), JsonValue.Quote(((Guid)value).ToString("D")))
        : new(value, JsonValue.Write(field.Shape, value));

    public static Predicate.Compare Where(RecordType type, string field, Comparison how, params object?[] values) =>
        new(type.ByName[field], how, [.. values.Select(v => Op(type.ByName[field], v))]);

    public static byte[] Set(RecordType type, params (string Field, object? Value)[] values)
    {
        var writer = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in values.OrderBy(v => type.ByName[v.Field].Ordinal))
        {
            var field = type.ByName[name];
            FieldSet.Append(writer, field.Ordinal, value is null ? default : JsonValue.Write(field.Shape, value, field.IsMany));
        }
        return writer.WrittenSpan.ToArray();
    }

    public static RecordEdit Create(ModelType type, Guid id, params (string Field, object? Value)[] values) => new(ChangeKind.Created, type, id, Set(type, values));

    public static RecordEdit Update(ModelType type, Guid id, params (string Field, object? Value)[] values) => new(ChangeKind.Updated, type, id, Set(type, values));

    public static RecordEdit Delete(ModelType type, Guid id) => new(ChangeKind.Deleted, type, id, default);

    public static RecordEdit Relate(ModelRelationship type, Guid id, Guid source, Guid target, Period period = default, params (string Field, object? Value)[] values) =>
        new(ChangeKind.Related, type, id, Set(type, values)) { Source = source, Target = target, Period = period };

    public static RecordEdit Unrelate(ModelRelationship type, Guid id) => new(ChangeKind.Unrelated, type, id, default);

    public static WritePlan Plan(params RecordEdit[] edits) => new(Id(), "tester", edits, []);

    public static ReadStep.List List(ModelType type, Predicate? where = null, Selection? selection = null) =>
        new() { Views = [new(type, where, [])], Selection = selection ?? new() { Counts = true } };

    public static ReadStep.ById ById(ModelType type, params Guid[] ids) => new([.. ids]) { Views = [TypeView.Of(type)] };

    public static string? Text(this Row row, ModelType type, string field) =>
        row.Entity.TryGet(type.ByName[field].Ordinal, out var json) ? JsonValue.Text(json) : null;
}
