using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests;

/// <summary>A request and the answer to it.</summary>
/// <param name="Query">The document.</param>
/// <param name="Answer">The whole answer; <c>#n</c> as a string stands for the id of number n, <c>*</c> for any text.</param>
internal sealed record Scenario(string Query, string Answer)
{
    /// <summary>JSON, with <c>#n</c> for ids.</summary>
    public string Variables { get; init; } = "{}";
    public string Language { get; init; } = "en";
    /// <summary>A reader of persons, mandates and constituencies only, in place of an administrator.</summary>
    public bool AsReader { get; init; }

    public async Task Hold(TownServer server)
    {
        var answer = await server.Ask(Ids(Query), Ids(Variables), AsReader ? TownServer.Reader : null, Language);
        var expected = JsonNode.Parse(Ids(Answer));
        Overlook(answer, expected);
        if (!JsonNode.DeepEquals(answer, expected))
            Assert.Fail($"{Query}\nanswered {answer.ToJsonString(Plain)}\nexpected {expected!.ToJsonString(Plain)}");
    }

    /// <summary>Where a <c>*</c> is expected, any text will do.</summary>
    private static void Overlook(JsonNode? answer, JsonNode? expected)
    {
        if (expected is JsonArray items && answer is JsonArray found)
            for (var i = 0; i < Math.Min(items.Count, found.Count); i++)
                Overlook(found[i], items[i]);
        else if (expected is JsonObject fields && answer is JsonObject given)
            foreach (var (name, value) in fields.ToList())
                if (value is JsonValue text && text.TryGetValue<string>(out var any) && any == "*" && given[name] is JsonValue)
                    fields[name] = given[name]!.DeepClone();
                else
                    Overlook(given[name], value);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Ids(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\"#(\\d+)\"", m => $"\"{TownServer.Id(int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))}\"");
}
