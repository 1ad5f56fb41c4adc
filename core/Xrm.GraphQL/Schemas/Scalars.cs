using System.Globalization;
using System.Text.Json;
using System.Xml;
using GraphQL.Types;
using GraphQLParser.AST;
using Xrm.Sdk;

namespace Xrm.GraphQL.Schemas;

/// <summary>The scalars of one schema, each once.</summary>
internal sealed class Scalars
{
    public readonly ScalarGraphType Id = new IdGraphType();
    public readonly ScalarGraphType Text = new StringGraphType();
    public readonly ScalarGraphType Integer = new IntGraphType();
    public readonly ScalarGraphType Boolean = new BooleanGraphType();
    public readonly ScalarGraphType Date = new DateScalar();
    public readonly ScalarGraphType DateTime = new DateTimeScalar();
    public readonly ScalarGraphType Decimal = new DecimalScalar();
    public readonly ScalarGraphType Duration = new DurationScalar();
    public readonly ScalarGraphType Json = new JsonScalar();

    /// <summary>The scalar of values of a shape.</summary>
    public ScalarGraphType Of(Shape shape) => shape switch
    {
        Shape.Text => Text,
        Shape.Boolean => Boolean,
        Shape.Integer => Integer,
        Shape.Decimal => Decimal,
        Shape.Date => Date,
        Shape.DateTime => DateTime,
        Shape.Duration => Duration,
        _ => Json,
    };
}

/// <summary>A scalar written as a string in JSON.</summary>
internal abstract class TextScalar : ScalarGraphType
{
    /// <summary>The value of a text.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    protected abstract object Read(string text);

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLStringValue text => Read((string)text.Value),
        GraphQLNullValue => null,
        _ => ThrowLiteralConversionError(value),
    };

    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        string text => Read(text),
        _ => ThrowValueConversionError(value),
    };

    public override object? Serialize(object? value) => value?.ToString();
}

internal sealed class DateScalar : TextScalar
{
    public DateScalar()
    {
        Name = "Date";
        Description = "Un jour, AAAA-MM-JJ. / A day, yyyy-MM-dd.";
    }

    protected override object Read(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

internal sealed class DateTimeScalar : TextScalar
{
    private static readonly string[] Forms =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    public DateTimeScalar()
    {
        Name = "DateTime";
        Description = "Un instant, RFC 3339 ; sans décalage : UTC. / A moment, RFC 3339; without offset: UTC.";
    }

    protected override object Read(string text) =>
        DateTimeOffset.ParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}

internal sealed class DecimalScalar : TextScalar
{
    public DecimalScalar()
    {
        Name = "Decimal";
        Description = "Un nombre décimal exact, en chaîne : \"12.50\". / An exact decimal number as a string: \"12.50\".";
    }

    protected override object Read(string text) =>
        decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLIntValue number => Read((string)number.Value),
        GraphQLFloatValue number => decimal.Parse(number.Value.Span, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => base.ParseLiteral(value),
    };

    public override object? ParseValue(object? value) => value switch
    {
        int number => (decimal)number,
        long number => (decimal)number,
        decimal number => number,
        _ => base.ParseValue(value),
    };
}

internal sealed class DurationScalar : TextScalar
{
    public DurationScalar()
    {
        Name = "Duration";
        Description = "Une durée ISO 8601 : \"P1DT2H\". / A length of time of ISO 8601: \"P1DT2H\".";
    }

    protected override object Read(string text) => XmlConvert.ToTimeSpan(text);
}

internal sealed class JsonScalar : ScalarGraphType
{
    public JsonScalar()
    {
        Name = "JSON";
        Description = "Du JSON tel quel. / JSON as it is.";
    }

    public override object? ParseLiteral(GraphQLValue value)
    {
        if (value is GraphQLNullValue)
            return null;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, value);
        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        JsonElement json => json,
        _ => ThrowValueConversionError(value),
    };

    public override object? Serialize(object? value) => value;

    private static void Write(Utf8JsonWriter writer, GraphQLValue value)
    {
        switch (value)
        {
            case GraphQLNullValue:
                writer.WriteNullValue();
                break;
            case GraphQLBooleanValue boolean:
                writer.WriteBooleanValue(boolean.BoolValue);
                break;
            case GraphQLIntValue number:
                writer.WriteRawValue(number.Value.Span);
                break;
            case GraphQLFloatValue number:
                writer.WriteRawValue(number.Value.Span);
                break;
            case GraphQLStringValue text:
                writer.WriteStringValue(text.Value.Span);
                break;
            case GraphQLEnumValue name:
                writer.WriteStringValue(name.Name.Value.Span);
                break;
            case GraphQLListValue list:
                writer.WriteStartArray();
                foreach (var item in list.Values ?? [])
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case GraphQLObjectValue entries:
                writer.WriteStartObject();
                foreach (var field in entries.Fields ?? [])
                {
                    writer.WritePropertyName(field.Name.Value.Span);
                    Write(writer, field.Value);
                }
                writer.WriteEndObject();
                break;
            default:
                throw new FormatException("A variable cannot stand inside a JSON literal; give the whole JSON as a variable.");
        }
    }
}
