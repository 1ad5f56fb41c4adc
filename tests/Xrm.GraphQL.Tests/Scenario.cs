using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests;

/// <summary>A request and the answer to it.</summary>
/// <param name="Query">The document.</param>
/// <param name="Answer">The whole answer; <c>#n</c> in a string stands for the id of number n.</param>
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
        if (!JsonNode.DeepEquals(answer, expected))
            answer.ToJsonString(Plain).ShouldBe(expected!.ToJsonString(Plain));
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    private static string Ids(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\"#(\\d+)\"", m => $"\"{TownServer.Id(int.Parse(m.Groups[1].Value))}\"");
}
