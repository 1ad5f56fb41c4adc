using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>The form in which two answers are compared: the data with its keys in their order, then the errors by path, without their words.</summary>
internal static class AnswerText
{
    private static readonly JsonWriterOptions Plain = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="isRefused">Nothing was run.</param>
    public static string Of(JsonElement? data, IEnumerable<ToldError> errors, bool isRefused, Func<string, string>? plain = null)
    {
        using var json = new MemoryStream();
        if (data is { } element)
        {
            using var writer = new Utf8JsonWriter(json, Plain);
            Write(writer, element, plain);
        }
        var text = new StringBuilder(isRefused ? "refused" : Encoding.UTF8.GetString(json.ToArray())).Append('\n');
        foreach (var error in errors.OrderBy(e => e.Path, StringComparer.Ordinal).ThenBy(e => e.Code, StringComparer.Ordinal))
            text.Append(error.Code).Append(" at ").Append(isRefused && error.Code == "INVALID" ? "" : error.Path + " " + error.Locations).Append('\n');
        return text.ToString();
    }

    /// <summary>An answer of ours.</summary>
    public static string Of(JsonElement answer, Func<string, string> plain)
    {
        var errors = answer.TryGetProperty("errors", out var told) ? told.EnumerateArray().Select(Error) : [];
        return answer.TryGetProperty("data", out var data) ? Of(data, errors, isRefused: false, plain) : Of(null, errors.Take(1), isRefused: true);
    }

    private static ToldError Error(JsonElement error) => new(
        error.GetProperty("extensions").GetProperty("code").GetString()!,
        error.TryGetProperty("path", out var path) ? string.Join('.', path.EnumerateArray()) : "",
        error.TryGetProperty("locations", out var places) ? string.Join(' ', places.EnumerateArray().Select(p => $"{p.GetProperty("line")}:{p.GetProperty("column")}")) : "");

    private static void Write(Utf8JsonWriter writer, JsonElement element, Func<string, string>? plain)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, plain);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, item, plain);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when plain is not null:
                writer.WriteStringValue(plain(element.GetString()!));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
