using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Xml;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>A scalar of the schema's text with readers of the test's own.</summary>
internal sealed class PlainScalar : ScalarGraphType
{
    private readonly Func<string, object> _read;

    private PlainScalar(string name, Func<string, object> read)
    {
        Name = name;
        _read = read;
    }

    public static IEnumerable<PlainScalar> All =>
    [
        new("Date", text => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture)),
        new("DateTime", text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
        new("Decimal", text => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
        new("Duration", text => XmlConvert.ToTimeSpan(text)),
        new("JSON", text => text),
    ];

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLNullValue => null,
        GraphQLStringValue text => _read((string)text.Value),
        GraphQLIntValue or GraphQLFloatValue when Name == "Decimal" => _read(((IHasValueNode)value).Value.ToString()),
        _ => ThrowLiteralConversionError(value),
    };

    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        string text => _read(text),
        int or long or decimal or double when Name == "Decimal" => _read(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        _ => ThrowValueConversionError(value),
    };

    public override object? Serialize(object? value) => Told(value);

    /// <summary>A value as answers tell it.</summary>
    public static object? Told(object? value) => value switch
    {
        decimal number => number == 0 ? "0" : number.ToString("0.############################", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        TimeSpan length => XmlConvert.ToString(length),
        string or JsonElement or null => value,
        IEnumerable many => many.Cast<object>().Select(Told).ToArray(),
        _ => value,
    };
}
