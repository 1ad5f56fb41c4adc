using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>The wish for a plan as it comes over HTTP.</summary>
public sealed class ExplainRequestTests(TransportServer server) : IClassFixture<TransportServer>
{
    [Theory]
    [InlineData("""{ "explain": true }""", true)]
    [InlineData("""{ "explain": false }""", false)]
    [InlineData("""{ "explain": "yes" }""", false)]
    [InlineData("""{ "other": true }""", false)]
    [InlineData("null", false)]
    public async Task It_stands_in_the_extensions_of_a_posted_request(string extensions, bool isTold)
    {
        using var body = new StringContent($$"""{ "query": "{ persons { totalCount } }", "extensions": {{extensions}} }""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await server.Client.PostAsync(server.Address, body, TestContext.Current.CancellationToken);
        await Told(answer, isTold);
    }

    [Fact]
    public async Task And_of_one_by_get()
    {
        using var answer = await server.Client.GetAsync(new Uri(server.Address + "?query=" + Uri.EscapeDataString("{ persons { totalCount } }") + "&extensions=" + Uri.EscapeDataString("""{"explain":true}""")), TestContext.Current.CancellationToken);
        await Told(answer, isTold: true);
    }

    private static async Task Told(HttpResponseMessage answer, bool isTold)
    {
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        json["data"]!["persons"]!["totalCount"]!.GetValue<int>().ShouldBe(4);
        (json["extensions"] is not null).ShouldBe(isTold);
    }
}
