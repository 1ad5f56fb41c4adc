using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Xml;

namespace Xrm.Sdk;

/// <summary>Filters and values, each value with its kind.</summary>
internal sealed partial class ModelJsonWriter
{
    private void Write(string name, Filter? filter)
    {
        if (filter is null)
            return;
        json.WritePropertyName(name);
        Write(filter);
    }

    private void Write(Filter filter)
    {
        json.WriteStartObject();
        switch (filter)
        {
            case Filter.Compare compare:
                json.WriteString("field", compare.Field);
                json.WriteString("how", compare.How.ToString());
                json.WritePropertyName("value");
                Write(compare.Value);
                break;
            case Filter.And and:
                Each("and", and.Filters, Write, always: true);
                break;
            case Filter.Or or:
                Each("or", or.Filters, Write, always: true);
                break;
            case Filter.Not not:
                Write("not", not.Filter);
                break;
            case Filter.Through through:
                json.WriteString("through", through.End);
                json.WriteString("how", through.How.ToString());
                Write("node", through.Node);
                Write("link", through.Link);
                if (through.During is { } during)
                {
                    json.WriteStartObject("during");
                    Value("from", during.From);
                    Value("to", during.To);
                    json.WriteEndObject();
                }
                break;
            case Filter.OfType ofType:
                Each("ofType", ofType.Types, t => json.WriteStringValue(t), always: true);
                break;
        }
        json.WriteEndObject();
    }

    private void Value(string name, object? value)
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        Write(value);
    }

    /// <summary>A value with its kind: read back it has the CLR form that it had.</summary>
    private void Write(object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool yes:
                json.WriteBooleanValue(yes);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case ImmutableArray<object> many:
                json.WriteStartArray();
                foreach (var item in many)
                    Write(item);
                json.WriteEndArray();
                break;
            case JsonElement element:
                json.WriteStartObject();
                json.WritePropertyName("json");
                element.WriteTo(json);
                json.WriteEndObject();
                break;
            default:
                var (kind, written) = value switch
                {
                    decimal number => ("decimal", number.ToString("0.############################", CultureInfo.InvariantCulture)),
                    DateOnly day => ("date", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                    DateTimeOffset at => ("dateTime", at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
                    TimeSpan length => ("duration", XmlConvert.ToString(length)),
                    EntityId id => ("id", id.ToString()),
                    _ => throw new ArgumentException($"A {value.GetType().Name} is no value of a field."),
                };
                json.WriteStartObject();
                json.WriteString(kind, written);
                json.WriteEndObject();
                break;
        }
    }
}
