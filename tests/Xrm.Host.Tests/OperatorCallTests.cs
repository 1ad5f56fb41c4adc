using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Host.Operations;

namespace Xrm.Host.Tests;

/// <summary>What commands and a serving host say to each other, at the bottom; that they understand each other the tests of commands tell.</summary>
public sealed class OperatorCallTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _place;

    public OperatorCallTests()
    {
        _place = new(Path.Combine(_folder.Path, "s"));
        _listener.Bind(_place);
        _listener.Listen();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_goes_as_it_is_behind_its_arguments()
    {
        var file = Bytes(150_000);
        using var call = OperatorCall.Open(_place);
        using var host = await _listener.AcceptAsync(Cancel);

        var sending = Task.Run(() => call.Send("operator/import?run=1", new JsonObject { ["format"] = "csv" }, new MemoryStream(file)), Cancel);
        var (head, body) = await Sent(host, all => all.Length > file.Length && all.EndsWith(file.AsSpan(^16..)));
        await sending;

        head.ShouldBe(["POST /operator/import?run=1 HTTP/1.1", "Host: operator", "Content-Length: 150017"]);
        body.ShouldBe([.. "{\"format\":\"csv\"}\n"u8, .. file]);
    }

    [Fact]
    public async Task What_comes_from_a_pipe_goes_in_chunks()
    {
        var file = Bytes(150_000);
        using var call = OperatorCall.Open(_place);
        using var host = await _listener.AcceptAsync(Cancel);

        var sending = Task.Run(() => call.Send("operator/import?run=1", new JsonObject { ["format"] = "csv" }, PipeReader.Create(new MemoryStream(file)).AsStream()), Cancel);
        var (head, chunks) = await Sent(host, all => all.EndsWith("\r\n00000\r\n\r\n"u8));
        await sending;

        head.ShouldBe(["POST /operator/import?run=1 HTTP/1.1", "Host: operator", "Transfer-Encoding: chunked"]);
        Body(chunks).ShouldBe([.. "{\"format\":\"csv\"}\n"u8, .. file]);
    }

    [Fact]
    public async Task Of_a_file_that_ends_too_soon_the_host_is_told_by_an_end()
    {
        using var call = OperatorCall.Open(_place);
        using var host = await _listener.AcceptAsync(Cancel);

        Should.Throw<IOException>(() => call.Send("operator/import?run=1", [], new Cut(Bytes(10))));

        (await Sent(host, _ => false)).Body.Length.ShouldBeLessThan("{}\n".Length + 11);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Lines_are_whole_however_they_are_cut(int piece)
    {
        string[] lines = ["{\"progress\":1}", new string('é', 50_000), "", "{\"result\":{}}"];
        var body = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        using var call = OperatorCall.Open(_place);
        using var host = await _listener.AcceptAsync(Cancel);

        var answering = Task.Run(async () =>
        {
            var answer = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var at = 0; at < body.Length; at += piece)
            {
                var some = body.AsSpan(at, Math.Min(piece, body.Length - at));
                answer.Append(Invariant($"{some.Length:x}\r\n")).Append(Encoding.Latin1.GetString(some)).Append("\r\n");
            }
            await host.SendAsync(Encoding.Latin1.GetBytes(answer.Append("0\r\n\r\n").ToString()), Cancel);
        }, Cancel);

        call.ReadStatus().ShouldBe(HttpStatusCode.OK);
        foreach (var line in lines)
            call.ReadLine().ShouldBe(line);
        call.ReadLine().ShouldBeNull();
        await answering;
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"pr")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Enc")]
    [InlineData("something else\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nlines\n")]
    public async Task An_answer_that_breaks_off_or_is_none_is_told(string answer)
    {
        using var call = OperatorCall.Open(_place);
        using (var host = await _listener.AcceptAsync(Cancel))
            await host.SendAsync(Encoding.ASCII.GetBytes(answer), Cancel);

        Should.Throw<IOException>(() =>
        {
            call.ReadStatus();
            call.ReadLine();
        });
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    private static async Task<(string[] Head, byte[] Body)> Sent(Socket host, Func<ReadOnlySpan<byte>, bool> isAll)
    {
        var all = new MemoryStream();
        var some = new byte[4096];
        while (!isAll(all.GetBuffer().AsSpan(0, (int)all.Length)) && await host.ReceiveAsync(some, Cancel) is var read and > 0)
            all.Write(some, 0, read);
        var bytes = all.ToArray();
        var head = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        return (Encoding.ASCII.GetString(bytes, 0, head).Split("\r\n"), bytes[(head + 4)..]);
    }

    /// <summary>A file that is shorter than it was.</summary>
    private sealed class Cut(byte[] bytes) : MemoryStream(bytes)
    {
        public override long Length => base.Length + 1;
    }

    private static byte[] Body(ReadOnlySpan<byte> chunks)
    {
        var body = new MemoryStream();
        while (true)
        {
            var end = chunks.IndexOf((byte)'\n');
            var length = Convert.ToInt32(Encoding.ASCII.GetString(chunks[..end]).Trim(), 16);
            if (length == 0)
                return body.ToArray();
            body.Write(chunks.Slice(end + 1, length));
            chunks = chunks[(end + 1 + length + 2)..];
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
