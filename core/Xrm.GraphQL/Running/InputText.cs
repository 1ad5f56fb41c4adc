using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Xrm.Core.Plans;
using Xrm.GraphQL.Documents;

namespace Xrm.GraphQL.Running;

/// <summary>Inputs as text that is the same for the same input and another for another: what cursors are bound to.</summary>
internal static class InputText
{
    public static string Of(ImmutableArray<Sort> order) => string.Join(',', order.Select(s => s.Field.Name + (s.Descending ? "-" : "+")));

    public static string Of(InputObject? input)
    {
        if (input is null)
            return "";
        var text = new StringBuilder();
        Write(text, input);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append('~');
                break;
            case InputObject input:
                text.Append('{');
                // Null counts as not given but for comparisons, and the order in which fields are written says nothing.
                foreach (var (name, field) in input.Fields.OrderBy(f => f.Key, StringComparer.Ordinal))
                {
                    text.Append(name).Append(':');
                    Write(text, field);
                    text.Append(' ');
                }
                text.Append('}');
                break;
            case object?[] items:
                text.Append('[');
                foreach (var item in items)
                {
                    Write(text, item);
                    text.Append(' ');
                }
                text.Append(']');
                break;
            case JsonElement json:
                text.Append(json.GetRawText());
                break;
            case string plain:
                text.Append(CultureInfo.InvariantCulture, $"{plain.Length}\"{plain}");
                break;
            case DateOnly or DateTimeOffset:
                text.Append(CultureInfo.InvariantCulture, $"{value:O}");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
        }
    }
}
