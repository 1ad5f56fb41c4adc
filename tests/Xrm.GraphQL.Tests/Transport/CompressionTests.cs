using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>Answers made smaller for who asks for that.</summary>
public sealed class CompressionTests(TransportServer server) : IClassFixture<TransportServer>
{
    private const string Large = """{"query":"{ __schema { types { name description fields { name } } } }"}""";

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip;q=1.0, br;q=0.5", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("identity", null)]
    [InlineData("br;q=0", null)]
    [InlineData(null, null)]
    public async Task The_encoding_is_the_one_that_is_wanted_most_and_what_comes_out_is_the_same(string? accepted, string? encoding)
    {
        var plain = await Ask(Large, null);
        var (chosen, body) = await Ask(Large, accepted);
        chosen.ShouldBe(encoding);
        var text = Encoding.UTF8.GetString(Open(chosen, body));
        text.ShouldBe(Encoding.UTF8.GetString(plain.Body));
        if (encoding is not null)
            body.Length.ShouldBeLessThan(plain.Body.Length / 2);
    }

    [Fact]
    public async Task A_small_answer_is_left_as_it_is() =>
        (await Ask("""{"query":"{ me { id } }"}""", "br")).Encoding.ShouldBeNull();

    // A page elsewhere can make a browser send its cookie, choose a part of the answer and look at the length of the whole.
    [Theory]
    [InlineData("xrm_session=x", null, null, null)]
    [InlineData("xrm_session=x", null, "cross-site", null)]
    [InlineData("xrm_session=x", null, "none", null)]
    [InlineData("xrm_session=x", null, "same-origin", "br")]
    [InlineData("other=x", "Bearer xrm_x", null, "br")]
    public async Task With_a_cookie_it_is_done_only_for_our_own_pages(string cookie, string? authorization, string? site, string? encoding)
    {
        var (chosen, _) = await Ask(Large, "br", request =>
        {
            request.Headers.Add("Cookie", cookie);
            if (authorization is not null)
                request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
            if (site is not null)
                request.Headers.Add("Sec-Fetch-Site", site);
        });
        chosen.ShouldBe(encoding);
    }

    [Fact]
    public async Task A_batch_is_compressed_like_any_other_answer() => (await Ask($"[{Large},{Large}]", "br")).Encoding.ShouldBe("br");

    private async Task<(string? Encoding, byte[] Body)> Ask(string body, string? accepted, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent(body, Encoding.UTF8, TransportCalls.Json) };
        if (accepted is not null)
            request.Headers.Add("Accept-Encoding", accepted);
        with?.Invoke(request);
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false });
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Vary.ShouldContain("Accept-Encoding");
        return (answer.Content.Headers.ContentEncoding.SingleOrDefault(), await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static byte[] Open(string? encoding, byte[] body)
    {
        if (encoding is null)
            return body;
        using var bytes = new MemoryStream();
        using (Stream open = encoding == "br" ? new BrotliStream(new MemoryStream(body), CompressionMode.Decompress) : new GZipStream(new MemoryStream(body), CompressionMode.Decompress))
            open.CopyTo(bytes);
        return bytes.ToArray();
    }
}
