using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>Short ways to ask a server.</summary>
internal static class TransportCalls
{
    public const string Json = "application/json";
    public const string GraphQL = "application/graphql-response+json";

    /// <summary>Posts JSON.</summary>
    public static async Task<(int Status, JsonNode Json)> Post(this TransportServer server, string body, string accept = GraphQL, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent(body, Encoding.UTF8, Json) };
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        request.Headers.AcceptLanguage.ParseAdd("en");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    public static async Task<(int Status, JsonNode Json)> Get(this TransportServer server, params (string Name, string Value)[] query)
    {
        var text = string.Join('&', query.Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}"));
        using var answer = await server.Client.GetAsync(new Uri(server.Address, "/graphql?" + text), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    /// <summary>The code of an answer's first error.</summary>
    public static string? Code(this JsonNode answer) => answer["errors"]?[0]?["extensions"]?["code"]?.GetValue<string>();

    public static string? Rule(this JsonNode answer) => answer["errors"]?[0]?["extensions"]?["rule"]?.GetValue<string>();
}
