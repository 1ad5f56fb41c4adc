using System.Buffers;
using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Checks a value against all that a model says of its field.</summary>
internal static class FieldValue
{
    /// <summary>Checks a value and answers it as it is to be kept.</summary>
    /// <param name="value">Not null; of a field with many values an array of objects.</param>
    public static bool Check(ModelField field, object value, out object kept, out ValueFault refusal)
    {
        kept = value;
        if (!field.IsMany)
            return CheckOne(field, value, out kept, out refusal);
        if (value is not ImmutableArray<object> { IsDefault: false } values)
        {
            refusal = new(Label.Of("Une liste de valeurs est attendue.", "A list of values is expected."), "shape");
            return false;
        }
        var all = ImmutableArray.CreateBuilder<object>(values.Length);
        foreach (var item in values)
        {
            if (item is null)
            {
                refusal = new(Label.Of("Une liste n'a pas de valeur vide.", "A list has no empty value."), "shape");
                return false;
            }
            if (!CheckOne(field, item, out var one, out refusal))
                return false;
            all.Add(one);
        }
        kept = all.MoveToImmutable();
        refusal = default;
        return true;
    }

    /// <summary>Whether a kept value counts as none: a text without characters, a list without values.</summary>
    public static bool IsEmpty(object kept) => kept is "" or ImmutableArray<object> { IsEmpty: true };

    /// <summary>The canonical JSON of a kept value.</summary>
    public static byte[] Json(ModelField field, object kept) => JsonValue.Write(field.Shape, kept, field.IsMany);

    /// <summary>The same, behind what a buffer holds.</summary>
    public static void WriteJson(ModelField field, object kept, IBufferWriter<byte> writer) => JsonValue.Write(field.Shape, kept, field.IsMany, writer);

    private static bool CheckOne(ModelField field, object value, out object kept, out ValueFault refusal)
    {
        kept = value;
        var type = field.Description.Type;
        if (!ShapeValues.Conform(type.Shape, ref value))
        {
            var expected = ShapeValues.Named(type.Shape);
            refusal = new(Label.Of($"Ici est attendu : {expected.Fr}.", $"Expected here: {expected.En}."), "shape");
            return false;
        }
        kept = type.Check(value, out var fault);
        if (fault is not null)
        {
            refusal = new(fault, type.Name);
            return false;
        }
        refusal = field.Limits.Fault(kept, field.Written) ?? default;
        return refusal.Message is null;
    }
}
