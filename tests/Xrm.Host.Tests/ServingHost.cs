using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Host.Tests;

/// <summary>A host that serves a data folder on a free port.</summary>
internal sealed partial class ServingHost : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();

    private ServingHost(Process process, string data, string start)
    {
        _process = process;
        Data = data;
        Greeting = start;
        Address = new Uri(JsonNode.Parse(File.ReadAllText(Path.Combine(data, "host.json")))!["urls"]![0]!.GetValue<string>());
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public string Data { get; }
    public Uri Address { get; }
    public HttpClient Http { get; }
    public int Pid => _process.Id;
    /// <summary>What it said on standard output until it served.</summary>
    public string Greeting { get; }
    public string Error
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    public static async Task<ServingHost> Start(string data, string arguments = "serve --urls http://127.0.0.1:0", params (string Name, string Value)[] environment)
    {
        var process = Command.Start(data, arguments, false, environment);
        var said = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.AppendLine(line);
            if (line.StartsWith("Now serving", StringComparison.Ordinal) || line.StartsWith("À l'écoute", StringComparison.Ordinal))
            {
                var host = new ServingHost(process, data, said.ToString());
                _ = host.Listen();
                return host;
            }
        }
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.Dispose();
        throw new InvalidOperationException($"The host did not start.\n{said}\n{error}");
    }

    /// <summary>Makes a token and uses it from now on.</summary>
    public async Task<string> SignIn(string arguments = "token create --name test")
    {
        var token = (await Command.Run(Data, arguments)).ShouldBeDone().Out.Trim();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return token;
    }

    public async Task<JsonNode> Ask(string query, JsonObject? variables = null)
    {
        using var content = new StringContent(new JsonObject { ["query"] = query, ["variables"] = variables }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(new Uri("/graphql", UriKind.Relative), content, TestContext.Current.CancellationToken);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Presses Ctrl-C on a process.</summary>
    public static void Interrupt(Process process) => Kill(process.Id, 2).ShouldBe(0);

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Stop()
    {
        Kill(Pid, 15).ShouldBe(0);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            await Kill();
        _process.Dispose();
    }

    private async Task Listen()
    {
        _ = _process.StandardOutput.ReadToEndAsync();
        while (await _process.StandardError.ReadLineAsync() is { } line)
            lock (_error)
                _error.AppendLine(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
