using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xrm.Host.Connections;

namespace Xrm.Host.Tests;

/// <summary>Kestrel over the connections of the host: what goes in comes out whole, however fast and however many, and nobody holds up another.</summary>
public sealed class ConnectionTests
{
    private const string ThreadName = "Xrm requests";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_many_clients_send_at_once_comes_back_to_each_whole()
    {
        await using var server = await Server.Start(Echo);
        await Parallel.ForEachAsync(Enumerable.Range(0, 32), Cancellation, async (seed, _) =>
        {
            var random = new Random(seed);
            using var client = server.Client();
            for (var i = 0; i < 60; i++)
            {
                var bytes = new byte[random.Next(4) == 0 ? random.Next(300_000) : random.Next(3_000)];
                random.NextBytes(bytes);
                using var content = new ByteArrayContent(bytes);
                using var answer = await client.PostAsync(server.Address, content, Cancellation);
                (await answer.Content.ReadAsByteArrayAsync(Cancellation)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
            }
        });
    }

    [Fact]
    public async Task Requests_sent_ahead_on_one_connection_are_answered_in_turn()
    {
        await using var server = await Server.Start(context => context.Response.WriteAsync($"<{context.Request.Path}>", Cancellation));
        using var client = await server.Connect();
        var all = string.Concat(Enumerable.Range(0, 500).Select(i => $"GET /{i} HTTP/1.1\r\nHost: here\r\n{(i == 499 ? "Connection: close\r\n" : "")}\r\n"));
        // In pieces that end anywhere.
        foreach (var piece in Encoding.ASCII.GetBytes(all).Chunk(997))
            await client.GetStream().WriteAsync(piece, Cancellation);

        var text = await new StreamReader(client.GetStream()).ReadToEndAsync(Cancellation);

        string.Concat(Enumerable.Range(0, 500).Select(i => $"</{i}>")).ShouldBe(string.Concat(text.Split('\n').Where(l => l.StartsWith('<') || l.Contains("</", StringComparison.Ordinal)).Select(l => l[l.IndexOf('<', StringComparison.Ordinal)..(l.IndexOf('>', StringComparison.Ordinal) + 1)])));
    }

    [Fact]
    public async Task A_client_that_reads_slowly_gets_all_and_the_server_waits_for_it()
    {
        const int Size = 48 << 20;
        var written = 0;
        await using var server = await Server.Start(async context =>
        {
            var bytes = new byte[1 << 16];
            for (; written < Size; written += bytes.Length)
            {
                bytes.AsSpan().Fill((byte)(written >> 16));
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            }
        });
        using var client = await server.Connect();
        await client.GetStream().WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), Cancellation);
        await Task.Delay(300, Cancellation);
        var waiting = Volatile.Read(ref written);
        waiting.ShouldBeLessThan(Size / 2);

        var got = new MemoryStream();
        await client.GetStream().CopyToAsync(got, Cancellation);

        var body = got.ToArray().AsSpan()[^Size..];
        for (var at = 0; at < Size; at += 1 << 16)
            body.Slice(at, 1 << 16).IndexOfAnyExcept((byte)(at >> 16)).ShouldBe(-1);
    }

    [Fact]
    public async Task What_comes_faster_than_it_is_read_waits_and_comes_whole()
    {
        const int Size = 24 << 20;
        await using var server = await Server.Start(async context =>
        {
            var buffer = new byte[100_000];
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var count = 0L;
            for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0; count += read)
            {
                hash.AppendData(buffer, 0, read);
                if (count >> 20 != (count + read) >> 20)
                    await Task.Delay(5, context.RequestAborted);
            }
            await context.Response.WriteAsync(Convert.ToHexString(hash.GetHashAndReset()), context.RequestAborted);
        });
        var bytes = new byte[Size];
        new Random(7).NextBytes(bytes);
        using var client = server.Client();
        using var content = new ByteArrayContent(bytes);

        using var answer = await client.PostAsync(server.Address, content, Cancellation);

        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBe(Convert.ToHexString(SHA256.HashData(bytes)));
    }

    [Fact]
    public async Task A_client_that_leaves_is_noticed_while_its_request_keeps_a_thread_busy()
    {
        var begun = new TaskCompletionSource();
        var noticed = new TaskCompletionSource<bool>();
        await using var server = await Server.Start(context =>
        {
            begun.SetResult();
            noticed.SetResult(context.RequestAborted.WaitHandle.WaitOne(TimeSpan.FromSeconds(20)));
            return Task.CompletedTask;
        });
        using (var client = await server.Connect())
        {
            await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: here\r\n\r\n"u8.ToArray(), Cancellation);
            await begun.Task;
        }
        (await noticed.Task).ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_that_leaves_as_soon_as_it_asked_is_noticed()
    {
        var noticed = 0;
        await using var server = await Server.Start(async context =>
        {
            if (context.Request.Path != "/leave")
                return;
            var left = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(left.SetResult);
            await left.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
            Interlocked.Increment(ref noticed);
        });
        for (var i = 0; i < 30; i++)
        {
            using var client = await server.Connect();
            var stream = client.GetStream();
            // From the second on, threads of ours read.
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: here\r\n\r\n"u8.ToArray(), Cancellation);
            (await stream.ReadAsync(new byte[1000], Cancellation)).ShouldBeGreaterThan(0);
            client.Client.Send("GET /leave HTTP/1.1\r\nHost: here\r\n\r\n"u8);
            client.Client.Shutdown(SocketShutdown.Send);
            (await stream.ReadAsync(new byte[1000], Cancellation)).ShouldBe(0);
        }
        await Until(() => Volatile.Read(ref noticed) == 30);
    }

    [Fact]
    public async Task Requests_that_hold_up_their_threads_hold_up_nobody_else_and_leave_no_threads_behind()
    {
        var held = Environment.ProcessorCount * 8;
        using var goOn = new ManualResetEventSlim();
        using var begun = new CountdownEvent(held);
        await using var server = await Server.Start(context =>
        {
            if (context.Request.Path == "/held")
            {
                begun.Signal();
                goOn.Wait(TimeSpan.FromSeconds(60), Cancellation).ShouldBeTrue();
            }
            return context.Response.WriteAsync("done", Cancellation);
        });
        using var client = server.Client();
        // Kestrel begins a connection on a thread of the pool; what comes on it later is ours.
        var connections = await Task.WhenAll(Enumerable.Range(0, held).Select(_ => server.Connect()));
        foreach (var connection in connections)
            await Ask(connection, "/");
        var waiting = connections.Select(c => Ask(c, "/held")).ToArray();
        begun.Wait(TimeSpan.FromSeconds(60), Cancellation).ShouldBeTrue();

        (await client.GetStringAsync(server.Address, Cancellation)).ShouldBe("done");
        Threads().ShouldBeGreaterThan(held);

        goOn.Set();
        (await Task.WhenAll(waiting)).ShouldAllBe(a => a.EndsWith("done\r\n0\r\n\r\n", StringComparison.Ordinal));
        await Until(() => Threads() == Environment.ProcessorCount);
        (await client.GetStringAsync(server.Address, Cancellation)).ShouldBe("done");
        foreach (var connection in connections)
            connection.Dispose();

        static async Task<string> Ask(TcpClient connection, string path)
        {
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n"), Cancellation);
            var answer = new byte[1000];
            var length = 0;
            while (!answer.AsSpan(0, length).EndsWith("0\r\n\r\n"u8))
                length += await connection.GetStream().ReadAsync(answer.AsMemory(length), Cancellation);
            return Encoding.ASCII.GetString(answer, 0, length);
        }
    }

    [Fact]
    public async Task A_server_that_ended_keeps_neither_threads_nor_descriptors()
    {
        var before = Descriptors();
        for (var i = 0; i < 3; i++)
        {
            await using var server = await Server.Start(Echo);
            var clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.Connect()));
            await clients[0].GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: here\r\n\r\n"u8.ToArray(), Cancellation);
            (await clients[0].GetStream().ReadAsync(new byte[16], Cancellation)).ShouldBe(16);
            foreach (var client in clients)
                client.Dispose();
        }
        await Until(() => Threads() == 0);
        await Until(() => Descriptors() <= before + 4);
    }

    [Fact]
    public async Task What_was_waited_for_is_run_on_the_threads_of_requests_held_up_or_not_and_elsewhere_once_they_are_gone()
    {
        var threads = new ReadyThreads(NullLogger.Instance);
        var held = Environment.ProcessorCount * 4;
        using var goOn = new ManualResetEventSlim();
        using var begun = new CountdownEvent(held);
        for (var i = 0; i < held; i++)
            threads.Post(new Work(() =>
            {
                begun.Signal();
                goOn.Wait(TimeSpan.FromSeconds(60), Cancellation).ShouldBeTrue();
            }));
        begun.Wait(TimeSpan.FromSeconds(60), Cancellation).ShouldBeTrue();
        (await Post()).ShouldBe(ThreadName);
        goOn.Set();

        var names = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var all = new List<string?>();
            for (var i = 0; i < 20_000; i++)
                all.Add(await Post());
            return all;
        }, Cancellation)));
        names.ShouldAllBe(all => all.All(n => n == ThreadName));

        threads.Dispose();
        await Until(() => Threads() == 0);
        (await Post()).ShouldNotBe(ThreadName);

        Task<string?> Post()
        {
            var ran = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            threads.Post(new Work(() => ran.SetResult(Thread.CurrentThread.Name)));
            return ran.Task;
        }
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_ends_its_request_and_no_other()
    {
        var ended = new TaskCompletionSource<Exception?>();
        await using var server = await Server.Start(async context =>
        {
            if (context.Request.Path != "/broken")
                return;
            try
            {
                await context.Request.Body.CopyToAsync(Stream.Null, Cancellation);
                ended.SetResult(null);
            }
            catch (Exception e)
            {
                ended.SetResult(e);
                throw;
            }
        });
        using var client = await server.Connect();
        await client.GetStream().WriteAsync("POST /broken HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n\r\nsome"u8.ToArray(), Cancellation);
        client.LingerState = new(true, 0);
        await Task.Delay(50, Cancellation);
        client.Dispose();

        (await ended.Task).ShouldBeAssignableTo<IOException>();
        using var other = server.Client();
        (await other.GetAsync(server.Address, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TLS_with_HTTP_2_goes_over_it()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        await using var server = await Server.Start(Echo, listen => listen.UseHttps(certificate));
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() } };
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var bytes = new byte[2_000_000];
        new Random(3).NextBytes(bytes);

        await Parallel.ForEachAsync(Enumerable.Range(0, 8), Cancellation, async (_, _) =>
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var answer = await client.PostAsync(server.Address, content, Cancellation);
            answer.Version.ShouldBe(HttpVersion.Version20);
            (await answer.Content.ReadAsByteArrayAsync(Cancellation)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        });
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        await using var server = await Server.Start(Echo);
        (await Should.ThrowAsync<IOException>(() => Server.Start(Echo, port: server.Address.Port))).InnerException.ShouldBeOfType<AddressInUseException>();
    }

    // What is sent back while it still comes in would wait for a client that sends all before it reads.
    private static async Task Echo(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Count(t =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(t, "comm")).Trim() == ThreadName;
        }
        catch (IOException)
        {
            return false;
        }
    });

    // Sockets and what waits for them; .NET keeps some of its own.
    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Count(f => new FileInfo(f).LinkTarget is { } to && (to.StartsWith("socket:", StringComparison.Ordinal) || to.StartsWith("anon_inode:", StringComparison.Ordinal)));

    private static async Task Until(Func<bool> holds)
    {
        for (var i = 0; i < 300 && !holds(); i++)
            await Task.Delay(50, Cancellation);
        holds().ShouldBeTrue();
    }

    private sealed class Work(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }

    private sealed class Server(WebApplication app) : IAsyncDisposable
    {
        public Uri Address { get; } = new(app.Urls.Single());

        public static async Task<Server> Start(RequestDelegate answer, Action<ListenOptions>? listening = null, int port = 0)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IConnectionListenerFactory, EpollTransport>();
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Listen(IPAddress.Loopback, port, listening ?? (_ => { }));
            });
            var app = builder.Build();
            app.Run(answer);
            try
            {
                await app.StartAsync(Cancellation);
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
            return new(app);
        }

        public HttpClient Client() => new() { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };

        public async Task<TcpClient> Connect()
        {
            var client = new TcpClient();
            await client.ConnectAsync(Address.Host, Address.Port, Cancellation);
            return client;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
