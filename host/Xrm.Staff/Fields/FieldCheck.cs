using System.Runtime.CompilerServices;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Fields;

/// <summary>What a value must be, as far as a browser can tell: the rules of the sdk's field type, then what the model says of the field, both by the same code as on the server.
/// A plugin's own field type is known to the server alone.</summary>
internal static class FieldCheck
{
    // A field is of one model; making its pattern each time somebody types would be slow.
    private static readonly ConditionalWeakTable<ModelField, FieldLimits> Known = [];

    /// <summary>The value that a text means, as it is to be kept; null with a fault, and for a text that holds nothing.</summary>
    public static object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var value = FieldKinds.Of(scope.Field).Read(scope, text, out fault);
        return fault is null && value is not null ? Check(scope, value, out fault) : null;
    }

    /// <summary>One value in the CLR form of the shape, as it is to be kept; null with a fault, and for a text that holds nothing.</summary>
    public static object? Check(FieldScope scope, object value, out Label? fault)
    {
        var field = scope.Field;
        fault = null;
        var kept = FieldTypes.Find(field.Type, field.MaxLength, field.Options, field.CodeList) is { } type ? type.Check(value, out fault) : value;
        if (kept is "")
            return null;
        fault ??= Known.GetValue(field, f => f.Limits(scope.Model)).Fault(kept, limit => FieldKinds.Of(field).Show(scope, limit))?.Message;
        return fault is null ? kept : null;
    }

    public static readonly Label Missing = Label.Of("Ce champ est obligatoire.", "This field is required.");
}
