using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Host.Graph.Documents;
using Xrm.Sdk;

namespace Xrm.Host.Tests;

/// <summary>A host that runs only the GraphQL documents on its list.</summary>
public sealed class TrustedDocumentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Others_are_refused_to_administrators_too_and_run_over_the_operator_socket()
    {
        Listed("portal.json", """{ "portal-me": "query Me { me { roles } }" }""");
        await using var host = await ServingHost.Start(_folder.Path, environment: [("XRM_GRAPHQL_DOCUMENTS", "listed"), ("XRM_GRAPHQL_INTROSPECTION", "0")]);
        await host.SignIn();

        (await host.Ask("query Me { me { roles } }"))["errors"].ShouldBeNull();
        var refused = await host.Ask("{ me { id } }");
        refused["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("trustedDocuments");
        (await host.Http.GetStringAsync(new Uri("/graphql?documentId=portal-me", UriKind.Relative), Cancellation)).ShouldBe("""{"data":{"me":{"roles":["administrator"]}}}""");

        (await ByTheSocket(host, "{ me { isAdministrator } __schema { queryType { name } } }")).ToJsonString()
            .ShouldBe("""{"data":{"me":{"isAdministrator":true},"__schema":{"queryType":{"name":"Query"}}}}""");
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_keeps_the_host_from_starting_and_says_why()
    {
        Listed("portal.json", "[]");
        Listed("broken.json", "{");
        (await Should.ThrowAsync<InvalidOperationException>(ServingHost.Start(_folder.Path)))
            .Message.ShouldSatisfyAllConditions(m => m.ShouldContain("portal.json: a JSON object is expected"), m => m.ShouldContain("broken.json: this is not readable JSON"));
    }

    [Fact]
    public void What_changes_in_the_folder_holds_a_moment_later_and_what_cannot_be_read_leaves_what_was_known()
    {
        var clock = new Clock();
        var folder = new TrustedFolder(Path.Combine(_folder.Path, "documents"), clock, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        folder.Open();
        folder.Now().Count.ShouldBe(0);

        Listed("one.graphql", "{ one }");
        folder.Now().Holds("{ one }").ShouldBeFalse();
        clock.Seconds += 3;
        folder.Now().Holds("{ one }").ShouldBeTrue();

        Listed("two.json", "{");
        clock.Seconds += 3;
        folder.Now().Holds("{ one }").ShouldBeTrue();
        Listed("two.json", """{ "two": "{ two }" }""");
        File.Delete(Path.Combine(_folder.Path, "documents", "one.graphql"));
        clock.Seconds += 3;
        folder.Now().ShouldSatisfyAllConditions(d => d.Holds("{ one }").ShouldBeFalse(), d => d.Holds("{ two }").ShouldBeTrue());
    }

    private void Listed(string name, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "documents"));
        File.WriteAllText(Path.Combine(folder.FullName, name), text);
    }

    private static async Task<JsonNode> ByTheSocket(ServingHost host, string query)
    {
        var path = JsonNode.Parse(File.ReadAllText(Path.Combine(host.Data, "host.json")))!["socket"]!.GetValue<string>();
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var content = new StringContent(new JsonObject { ["query"] = query }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("http://host/graphql"), content, Cancellation);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
    }

    /// <summary>Measures what a test says has passed.</summary>
    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
