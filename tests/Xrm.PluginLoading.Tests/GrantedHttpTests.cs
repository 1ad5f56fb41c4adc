using System.Net;
using Xrm.Sdk;

namespace Xrm.PluginLoading.Tests;

public sealed class GrantedHttpTests
{
    [Fact]
    public async Task A_host_that_a_plugin_did_not_ask_for_is_refused()
    {
        var asked = new Asked();
        using var http = GrantedHttp.For("harbour", ["tides.example.org", "*.example.net"], asked);
        foreach (var host in (string[])["example.net", "tides.example.org.example.com", "evilexample.net", "other.example.org", "127.0.0.1"])
        {
            var refused = await Should.ThrowAsync<Problem>(() => http.GetAsync(new Uri($"https://{host}/"), TestContext.Current.CancellationToken));
            (refused.Code, refused.Faults.Single().Field, refused.Faults.Single().Rule).ShouldBe((ProblemCode.Forbidden, host, "permission"));
        }
        foreach (var host in (string[])["tides.example.org", "TIDES.Example.org", "a.example.net", "b.a.example.net"])
            await http.GetAsync(new Uri($"https://{host}/"), TestContext.Current.CancellationToken);

        asked.Hosts.ShouldBe(["tides.example.org", "tides.example.org", "a.example.net", "b.a.example.net"]);
    }

    [Fact]
    public async Task A_redirect_is_answered_and_not_followed()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var serving = Serve(listener);
        using var http = GrantedHttp.For("harbour", ["127.0.0.1"]);

        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"), TestContext.Current.CancellationToken);

        (answer.StatusCode, answer.Headers.Location?.Host).ShouldBe((HttpStatusCode.Found, "elsewhere.example.org"));
        await serving;
    }

    private static async Task Serve(System.Net.Sockets.TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[4096], 1);
        await stream.WriteAsync("HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example.org/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
    }

    private sealed class Asked : HttpMessageHandler
    {
        public List<string> Hosts { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Hosts.Add(request.RequestUri!.IdnHost);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }
}
