using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Xrm.Sdk;

namespace Xrm.Staff.Door;

/// <summary>Values between JSON and the CLR form of their shape (see <see cref="Shape"/>).</summary>
internal static class ShapeJson
{
    /// <summary>Reads a value; null when there is none.</summary>
    /// <param name="isMany">Whether it is a list of values: then an <see cref="ImmutableArray{T}"/> of object.</param>
    public static object? Read(Shape shape, bool isMany, JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return null;
        return isMany && json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().Select(v => One(shape, v)).ToImmutableArray() : One(shape, json);
    }

    /// <summary>Writes a value; null stands for none.</summary>
    public static JsonNode? Write(object? value) => value switch
    {
        null => null,
        ImmutableArray<object> many => new JsonArray([.. many.Select(Write)]),
        string text => JsonValue.Create(text),
        bool yes => JsonValue.Create(yes),
        int number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
        DateOnly day => JsonValue.Create(Day(day)),
        DateTimeOffset moment => JsonValue.Create(moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
        TimeSpan span => JsonValue.Create(XmlConvert.ToString(span)),
        EntityId id => JsonValue.Create(id.ToString()),
        JsonElement json => JsonNode.Parse(json.GetRawText()),
        _ => throw new ArgumentException($"{value.GetType()} is the form of no shape.", nameof(value)),
    };

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateOnly? Day(JsonElement json) => json.ValueKind == JsonValueKind.String ? DateOnly.ParseExact(json.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    public static DateTimeOffset Moment(JsonElement json) => json.GetDateTimeOffset();

    private static object One(Shape shape, JsonElement json) => shape switch
    {
        Shape.Boolean => json.GetBoolean(),
        Shape.Integer => json.GetInt32(),
        Shape.Decimal => json.ValueKind == JsonValueKind.Number ? json.GetDecimal() : decimal.Parse(json.GetString()!, CultureInfo.InvariantCulture),
        Shape.Date => Day(json)!.Value,
        Shape.DateTime => Moment(json),
        Shape.Duration => XmlConvert.ToTimeSpan(json.GetString()!),
        Shape.Json => json.Clone(),
        _ => json.GetString()!,
    };
}
