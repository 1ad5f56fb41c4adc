using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Host.Tests.Plugins;

/// <summary><c>POST /plugins</c>, seen from outside.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServingHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ServingHost.Start(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_administrator_sends_a_package_and_is_told_what_it_is_and_who_vouches_for_it()
    {
        await _host.SignIn();
        var (hello, other) = (Packages.Hello, Packages.OtherHello());

        var (status, told) = await Send(hello);
        status.ShouldBe(HttpStatusCode.OK);
        told.ToJsonString().ShouldBe($$"""{"package":"{{Packages.Sha256(hello)}}","id":"hello","version":"0.1.0","title":"Hello","trustedBy":"bundled"}""");
        (await Send(other)).Told["trustedBy"].ShouldBeNull();
        (await Command.Run(_folder.Path, $"plugin trust add {Packages.Sha256(other)}")).ShouldBeDone();
        (await Send(other)).Told["trustedBy"]!.GetValue<string>().ShouldBe("hash");

        var kept = Path.Combine(_folder.Path, "plugins", "incoming", Packages.Sha256(hello) + ".nupkg");
        (await File.ReadAllBytesAsync(kept, Cancellation)).ShouldBe(hello);
        File.GetUnixFileMode(kept).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Only_administrators_send_packages()
    {
        (await Send(Packages.Hello)).ShouldBeRefused(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        await _host.SignIn("token create --name portal --role integrator");
        (await Send(Packages.Hello)).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
        Directory.Exists(Path.Combine(_folder.Path, "plugins", "incoming")).ShouldBeFalse();
    }

    [Fact]
    public async Task With_a_session_only_a_page_of_ours_sends_a_package()
    {
        var link = new Uri(_host.Greeting.Split('\n').First(l => l.Contains("/sign-in", StringComparison.Ordinal)).Split(' ')[^1].Trim());
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = _host.Address };
        (await browser.GetAsync(link, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        (await Send(Packages.Hello, client: browser)).Status.ShouldBe(HttpStatusCode.Forbidden);
        browser.DefaultRequestHeaders.Add("X-Xrm", "1");
        (await Send(Packages.Hello, client: browser)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_no_package_of_a_plugin_is_refused_with_all_that_is_wrong_and_not_kept()
    {
        await _host.SignIn();

        (await Send("no package at all"u8.ToArray())).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID").Single().ShouldContain("not a package");
        (await Send([])).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID");
        var twice = Packages.Manifest(Packages.Hello, m => (m["id"], m["version"], m["assembly"]) = ("Not An Id", "one", "../out.dll"));
        (await Send(twice)).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID").Length.ShouldBeGreaterThanOrEqualTo(3);
        (await Send(Packages.With(Packages.Hello, "plugin/../../out.txt", "climbs out"))).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID").Single().ShouldContain("leads out of its folder");

        Directory.GetFileSystemEntries(Path.Combine(_folder.Path, "plugins", "incoming")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_method_media_type_or_too_large_a_body_is_told_what_to_send()
    {
        await _host.SignIn();

        using (var answer = await _host.Http.GetAsync(new Uri("/plugins", UriKind.Relative), Cancellation))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
            answer.Content.Headers.Allow.ShouldBe(["POST"]);
        }
        (await Send(Packages.Hello, "application/json")).ShouldBeRefused(HttpStatusCode.UnsupportedMediaType, "INVALID");
        var said = await SendHead($"Content-Type: application/octet-stream\r\nContent-Length: {(128 << 20) + 1}\r\n");
        said.ShouldStartWith("HTTP/1.1 413");
        said.ShouldContain("LIMIT");
    }

    private async Task<(HttpStatusCode Status, JsonNode Told)> Send(byte[] package, string type = "application/octet-stream", HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/plugins") { Content = new ByteArrayContent(package) { Headers = { ContentType = new MediaTypeHeaderValue(type) } } };
        request.Headers.AcceptLanguage.Add(new("en"));
        using var answer = await (client ?? _host.Http).SendAsync(request, Cancellation);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!);
    }

    private async Task<string> SendHead(string headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _host.Address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /plugins HTTP/1.1\r\nHost: here\r\nConnection: close\r\nAuthorization: {_host.Http.DefaultRequestHeaders.Authorization}\r\n{headers}\r\n"), Cancellation);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancellation);
    }
}

internal static class RefusedAnswers
{
    /// <summary>Refused with a status and a code.</summary>
    /// <returns>All messages.</returns>
    public static string[] ShouldBeRefused(this (HttpStatusCode Status, JsonNode Told) answer, HttpStatusCode status, string code)
    {
        answer.Status.ShouldBe(status, answer.Told.ToJsonString());
        var errors = answer.Told["errors"]!.AsArray();
        errors.ShouldAllBe(e => e!["extensions"]!["code"]!.GetValue<string>() == code);
        return [.. errors.Select(e => e!["message"]!.GetValue<string>())];
    }
}
