using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Host.Tests.Plugins;

namespace Xrm.Host.Tests;

/// <summary><c>/files</c>, seen from outside: what is sent, what is saved, who gets it back.</summary>
public sealed class FileTests : IAsyncLifetime
{
    private const long Largest = 3_000_000;

    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, .. RandomNumberGenerator.GetBytes(2_500_000)];

    private readonly TemporaryFolder _folder = new();
    private ServingHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await Start();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_is_sent_saved_in_a_record_and_comes_back_as_it_was_after_the_host_was_killed_too()
    {
        await Ready();
        var (status, sent) = await Send(Pdf, "Procès-verbal n° 3.pdf", "application/octet-stream");
        status.ShouldBe(HttpStatusCode.Created, sent.ToJsonString());
        JsonNode.DeepEquals(sent, JsonNode.Parse($$"""{"hash":"{{Sha256(Pdf)}}","name":"Procès-verbal n° 3.pdf","mediaType":"application/pdf","size":{{Pdf.Length}}}""")).ShouldBeTrue(sent.ToJsonString());
        // Nobody names it yet: it is nobody's to read, not even his who sent it.
        (await Get(Sha256(Pdf))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await _host.Kill();
        await _host.DisposeAsync();
        var token = _host.Http.DefaultRequestHeaders.Authorization;
        _host = await Start();
        _host.Http.DefaultRequestHeaders.Authorization = token;
        await Save(sent);
        using var answer = await Get(Sha256(Pdf));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync(Cancellation)).AsSpan().SequenceEqual(Pdf).ShouldBeTrue();
        var headers = answer.Content.Headers;
        headers.ContentType!.ToString().ShouldBe("application/pdf");
        headers.ContentLength.ShouldBe(Pdf.Length);
        headers.ContentDisposition!.DispositionType.ShouldBe("inline");
        headers.ContentDisposition.FileNameStar.ShouldBe("Procès-verbal n° 3.pdf");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");

        (await _host.Stop()).ShouldBe(0);
        var report = JsonNode.Parse((await Command.Run(_folder.Path, "check --json")).ShouldBeDone().Out)!;
        (report["files"]!.GetValue<int>(), report["ok"]!.GetValue<bool>()).ShouldBe((1, true));
    }

    [Fact]
    public async Task A_part_is_asked_for_and_what_is_known_already_is_not_sent_again()
    {
        await Ready();
        await Save((await Send(Pdf, "plan.pdf")).Told);
        using (var answer = await Get(Sha256(Pdf), r => r.Headers.Range = new(1_048_570, 1_048_589)))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
            answer.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes 1048570-1048589/{Pdf.Length}");
            (await answer.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(Pdf[1_048_570..1_048_590]);
        }
        using (var answer = await Get(Sha256(Pdf), r => r.Headers.Range = new(Pdf.Length, null)))
            answer.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        using (var answer = await Get(Sha256(Pdf), r => r.Method = HttpMethod.Head))
            (answer.StatusCode, answer.Content.Headers.ContentLength).ShouldBe((HttpStatusCode.OK, Pdf.Length));
        using (var answer = await Get(Sha256(Pdf), r => r.Headers.IfNoneMatch.Add(new($"\"{Sha256(Pdf)}\""))))
            answer.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task What_a_browser_could_run_is_saved_and_never_shown_whatever_its_sender_says_it_is()
    {
        await Ready();
        foreach (var (bytes, said, kept, disposition) in ((byte[], string, string, string)[])[
            ("<script>alert(1)</script>"u8.ToArray(), "text/html", "application/octet-stream", "attachment"),
            ("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray(), "image/svg+xml", "application/octet-stream", "attachment"),
            ("<html>"u8.ToArray(), "application/pdf", "application/octet-stream", "attachment"),
            ("a;b\n"u8.ToArray(), "text/csv; charset=utf-8", "text/csv", "attachment"),
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1], "text/html", "image/png", "inline"),
            ([.. "PK"u8, 3, 4, 9], "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text", "attachment"),
            ([.. "PK"u8, 3, 4, 8], "text/html", "application/zip", "attachment"),
            ([], "text/plain", "text/plain", "attachment")])
        {
            var (status, sent) = await Send(bytes, "page.html", said);
            status.ShouldBe(HttpStatusCode.Created);
            sent["mediaType"]!.GetValue<string>().ShouldBe(kept, said);
            // What stands in the record is its writer's word, and no better.
            sent["mediaType"] = said;
            await Save(sent);
            using var answer = await Get(Sha256(bytes));
            answer.Content.Headers.ContentType!.ToString().ShouldBe(kept);
            answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe(disposition);
            answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox; default-src 'none'"]);
        }
    }

    [Fact]
    public async Task Somebody_elses_file_is_neither_named_nor_read_by_its_hash()
    {
        await Ready("integrator");
        var mine = (await Send(Pdf, "mine.pdf")).Told;
        using var other = await Another("integrator");
        (await Saved(mine, other)).ShouldContain("was not sent by you");
        await Save(mine);
        // A role that sees the organisation but not the field.
        using var reader = await Another("executive");
        (await Get(Sha256(Pdf), client: reader)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Administrator("""mutation { relabelCustomField(input: { type: "Organisation", name: "minutes", sensitivity: P3 }) { plan { hash } } }""");
        using var refused = await Get(Sha256(Pdf), client: reader);
        using var unknown = await Get(new string('a', 64), client: reader);
        (refused.StatusCode, unknown.StatusCode).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.NotFound));
        (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldBe(await unknown.Content.ReadAsStringAsync(Cancellation));
        refused.Headers.Select(h => h.Key).ShouldBe(unknown.Headers.Select(h => h.Key));
        (await Send(Pdf, "mine.pdf", client: reader)).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Fact]
    public async Task What_cannot_be_taken_is_told_with_where_and_what_to_do()
    {
        (await Send(Pdf, "a.pdf")).ShouldBeRefused(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        await _host.SignIn();
        (await Send(Pdf, "a.pdf")).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
        await Ready();
        (await Send(Pdf, "")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID").Single().ShouldContain("?name=");
        (await Send(Pdf, new string('a', 256))).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID");
        (await Send(Pdf, "a.pdf", "multipart/form-data")).ShouldBeRefused(HttpStatusCode.UnsupportedMediaType, "INVALID");
        (await Send(new byte[Largest + 1], "a.pdf")).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, "LIMIT").Single().ShouldContain("3000000 bytes");
        (await Send(new byte[Largest + 1], "a.pdf", isChunked: true)).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, "LIMIT");
        (await Send(new byte[Largest], "a.pdf", isChunked: true)).Status.ShouldBe(HttpStatusCode.Created);
        (await Send(Pdf, "../../etc/./a\u202Efdp.pdf")).Told["name"]!.GetValue<string>().ShouldBe("afdp.pdf");
        using (var answer = await _host.Http.GetAsync(new Uri("/files", UriKind.Relative), Cancellation))
            (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBe($$"""{"largest":{{Largest}}}""");
        using (var answer = await _host.Http.DeleteAsync(new Uri("/files/" + Sha256(Pdf), UriKind.Relative), Cancellation))
            answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        foreach (var path in (string[])["/files/", "/files/abc", "/files/..%2F..%2Fsecret.key", "/files/" + Sha256(Pdf).ToUpperInvariant()])
            using (var answer = await _host.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation))
                answer.StatusCode.ShouldBe(path == "/files/" ? HttpStatusCode.OK : HttpStatusCode.NotFound, path);
    }

    [Fact]
    public async Task With_a_session_only_a_page_of_ours_sends_a_file_and_a_link_leads_to_where_one_signs_in()
    {
        await Ready();
        var link = new Uri(_host.Greeting.Split('\n').First(l => l.Contains("/sign-in", StringComparison.Ordinal)).Split(' ')[^1].Trim());
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = _host.Address };
        using (var answer = await Get(Sha256(Pdf), r => r.Headers.Add("Sec-Fetch-Mode", "navigate"), browser))
            answer.Headers.Location!.OriginalString.ShouldBe($"/sign-in?returnUrl=%2Ffiles%2F{Sha256(Pdf)}");
        (await browser.GetAsync(link, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await Send(Pdf, "a.pdf", client: browser)).Status.ShouldBe(HttpStatusCode.Forbidden);
        browser.DefaultRequestHeaders.Add("X-Xrm", "1");
        (await Send(Pdf, "a.pdf", client: browser)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_file_that_breaks_off_leaves_nothing_and_the_host_goes_on()
    {
        await Ready();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, _host.Address.Port, Cancellation);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /files?name=a.pdf HTTP/1.1\r\nHost: here\r\nAuthorization: {_host.Http.DefaultRequestHeaders.Authorization}\r\nContent-Length: {Pdf.Length}\r\n\r\n"), Cancellation);
            await client.GetStream().WriteAsync(Pdf.AsMemory(0, 2_000_000), Cancellation);
            client.Client.LingerState = new(true, 0);
        }
        await Save((await Send("whole"u8.ToArray(), "b.txt", "text/plain")).Told);
        await _host.Stop();
        JsonNode.Parse((await Command.Run(_folder.Path, "check --json")).ShouldBeDone().Out)!["files"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Check_names_the_record_whose_file_has_no_content_or_another()
    {
        await Ready();
        var lost = (await Send("lost"u8.ToArray(), "lost.txt", "text/plain")).Told;
        var bent = (await Send(Encoding.UTF8.GetBytes(new string('y', 100_000)), "bent.txt", "text/plain")).Told;
        var id = await Save(lost);
        await Save(bent);
        await _host.Stop();
        using (var journal = Storage.LiteDb.LiteDbJournal.Open(_folder.Path))
            journal.Files.Drop(lost["hash"]!.GetValue<string>());
        var path = Path.Combine(_folder.Path, "store.db");
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[bytes.AsSpan().IndexOf("yyyyyyyyyyyyyyyy"u8)] = (byte)'z';
        await File.WriteAllBytesAsync(path, bytes, Cancellation);

        var run = await Command.Run(_folder.Path, "check --json");
        run.ExitCode.ShouldBe(1);
        var faults = JsonNode.Parse(run.Out)!["faults"]!.AsArray().Select(f => f!["en"]!.GetValue<string>()).ToArray();
        faults.Length.ShouldBe(2);
        faults.ShouldContain(f => f.Contains(id, StringComparison.Ordinal) && f.Contains(lost["hash"]!.GetValue<string>(), StringComparison.Ordinal));
        faults.ShouldContain(f => f.Contains(bent["hash"]!.GetValue<string>(), StringComparison.Ordinal) && f.Contains("checksum", StringComparison.Ordinal));
    }

    private Task<ServingHost> Start() => ServingHost.Start(_folder.Path, environment: ("XRM_LIMIT_FILE", $"{Largest}"));

    /// <summary>Adds a field of files to organisations, and goes on in a role.</summary>
    private async Task Ready(string role = "administrator")
    {
        await Administrator("""mutation { addCustomField(input: { type: "Organisation", name: "minutes", fieldType: "file", labelFr: "Compte rendu", labelEn: "Minutes", sensitivity: P2 }) { plan { hash } } }""");
        await _host.SignIn($"token create --name {role} --role {role}");
    }

    private async Task Administrator(string mutation)
    {
        var before = _host.Http.DefaultRequestHeaders.Authorization;
        await _host.SignIn($"token create --name admin-{Guid.NewGuid()}");
        (await _host.Ask(mutation))["errors"].ShouldBeNull();
        _host.Http.DefaultRequestHeaders.Authorization = before;
    }

    private async Task<HttpClient> Another(string role)
    {
        var token = (await Command.Run(_folder.Path, $"token create --name other-{role} --role {role}")).ShouldBeDone().Out.Trim();
        return new() { BaseAddress = _host.Address, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
    }

    private async Task<string> Save(JsonNode reference)
    {
        var answer = JsonNode.Parse(await Saved(reference, _host.Http))!;
        answer["errors"].ShouldBeNull(answer.ToJsonString());
        return answer["data"]!["createOrganisation"]!["organisation"]!["id"]!.GetValue<string>();
    }

    private static async Task<string> Saved(JsonNode reference, HttpClient client)
    {
        using var content = new StringContent(new JsonObject
        {
            ["query"] = "mutation($file: JSON) { createOrganisation(input: { preferredLabel: \"Conseil\", classification: \"association\", x_minutes: $file }) { organisation { id } } }",
            ["variables"] = new JsonObject { ["file"] = reference.DeepClone() },
        }.ToJsonString(), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = content };
        request.Headers.AcceptLanguage.Add(new("en"));
        using var answer = await client.SendAsync(request, Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<(HttpStatusCode Status, JsonNode Told)> Send(byte[] bytes, string name, string type = "application/octet-stream", HttpClient? client = null, bool isChunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/files?name=" + Uri.EscapeDataString(name)) { Content = new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } } };
        request.Headers.AcceptLanguage.Add(new("en"));
        request.Headers.TransferEncodingChunked = isChunked;
        using var answer = await (client ?? _host.Http).SendAsync(request, Cancellation);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!);
    }

    private async Task<HttpResponseMessage> Get(string hash, Action<HttpRequestMessage>? with = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/files/" + hash);
        with?.Invoke(request);
        return await (client ?? _host.Http).SendAsync(request, Cancellation);
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
