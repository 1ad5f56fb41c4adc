using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>How operations are written down between a command and a serving host: JSON lines, each with one of <c>progress</c>, <c>data</c>, <c>bytes</c> (base64), <c>result</c>, <c>faults</c>, <c>stopped</c>.</summary>
internal static class Wire
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = false };

    public static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    public static JsonObject Of(Label label) => new() { ["fr"] = label.Fr, ["en"] = label.En };

    public static Label Label(JsonNode? node) => node is JsonObject label
        ? Sdk.Label.Of(label["fr"]?.GetValue<string>() ?? "", label["en"]?.GetValue<string>() ?? "")
        : Sdk.Label.Of("", "");

    public static JsonObject Of(Fault fault)
    {
        var json = new JsonObject { ["code"] = Code(fault.Code), ["message"] = Of(fault.Message) };
        if (fault.Field is not null)
            json["field"] = fault.Field;
        if (fault.Rule is not null)
            json["rule"] = fault.Rule;
        if (fault.Edit is { } edit)
            json["edit"] = edit;
        return json;
    }

    public static JsonArray Of(IEnumerable<Fault> faults) => new([.. faults.Select(f => (JsonNode)Of(f))]);

    public static Problem Problem(JsonArray faults) => new(faults.OfType<JsonObject>().Select(f => new Fault(
        Enum.TryParse<ProblemCode>(f["code"]?.GetValue<string>() ?? "", ignoreCase: true, out var code) ? code : ProblemCode.Internal,
        Label(f["message"]),
        f["field"]?.GetValue<string>(),
        f["rule"]?.GetValue<string>())
    { Edit = f["edit"]?.GetValue<int>() }));

    public static JsonObject Of(ImportProgress progress) => new() { ["rows"] = progress.Rows, ["what"] = Of(progress.What) };

    public static ImportProgress Progress(JsonNode node) => new(node["rows"]?.GetValue<int>() ?? 0, Label(node["what"]));

    /// <summary>A member named so that its value is one of the line.</summary>
    public static byte[] Line(string name, JsonNode value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WritePropertyName(name);
            value.WriteTo(writer);
            writer.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>As clients read it: <c>NOT_FOUND</c>.</summary>
    public static string Code(ProblemCode code) => code switch
    {
        ProblemCode.NotFound => "NOT_FOUND",
        _ => code.ToString().ToUpperInvariant(),
    };
}
