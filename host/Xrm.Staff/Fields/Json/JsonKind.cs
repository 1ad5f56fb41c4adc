using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.Staff.Fields;

internal sealed class JsonKind() : FieldKind<JsonView, JsonInput>("json")
{
    public override string Show(FieldScope scope, object value) => ((JsonElement)value).GetRawText();

    public override string Write(FieldScope scope, object value) => Spread((JsonElement)value);

    public override object? Read(FieldScope scope, string text, out Label? fault) => Parse(text, out fault);

    /// <summary>Over several lines, letters as they are.</summary>
    public static string Spread(JsonElement json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }))
            json.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The JSON that a text is; null with a fault that tells where it stops being some.</summary>
    public static object? Parse(string text, out Label? fault)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            fault = null;
            return json.RootElement.Clone();
        }
        catch (JsonException e)
        {
            var line = (e.LineNumber + 1 ?? 1).ToString(CultureInfo.InvariantCulture);
            fault = Label.Of($"Ce n'est pas du JSON : voir la ligne {line}.", $"This is not JSON: see line {line}.");
            return null;
        }
    }
}
