using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Benchmarks;

/// <summary>A built program that serves an empty folder of its own, for as long as it is measured.</summary>
internal sealed class ServedHost : IAsyncDisposable
{
    private readonly string _program;
    private readonly string _data;
    private readonly Process _host;

    private ServedHost(string program, string data, Process host) => (_program, _data, _host) = (program, data, host);

    public string Address { get; private set; } = "";

    public string Token { get; private set; } = "";

    /// <summary>Starts it and takes a token.</summary>
    public static async Task<ServedHost> Start(string program)
    {
        var data = Directory.CreateTempSubdirectory("xrm-measured-").FullName;
        var served = new ServedHost(program, data, Run(program, "serve --urls http://127.0.0.1:0", data));
        while (await served._host.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("Now serving", StringComparison.Ordinal)) { }
        _ = served._host.StandardOutput.ReadToEndAsync();
        _ = served._host.StandardError.ReadToEndAsync();
        served.Address = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data, "host.json")))!["urls"]![0]!.GetValue<string>();
        served.Token = (await served.Give("token create --name measured")).Trim();
        return served;
    }

    /// <summary>Gives it a command; answers what it said.</summary>
    public async Task<string> Give(string arguments)
    {
        using var process = Run(_program, arguments, _data);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"xrm {arguments}: {output} {await error}");
    }

    /// <summary>Makes so many persons with different names.</summary>
    public async Task Fill(int persons)
    {
        for (var from = 0; from < persons; from += 500)
        {
            var edits = new JsonArray([.. Enumerable.Range(from, 500).Select(i => (JsonNode)new JsonObject
            {
                ["create"] = new JsonObject { ["type"] = "Person", ["values"] = new JsonObject { ["familyName"] = $"NOM{i}", ["givenName"] = $"Prénom {i}" } },
            })]);
            await Mutate("mutation($i: CommitInput!) { commit(input: $i) { commit { id } } }", new JsonObject { ["i"] = new JsonObject { ["id"] = Guid.CreateVersion7().ToString(), ["edits"] = edits } });
        }
    }

    /// <summary>Asks for a change and fails when it was refused.</summary>
    public async Task Mutate(string query, JsonObject? variables)
    {
        using var client = Client();
        using var body = new StringContent(new JsonObject { ["query"] = query, ["variables"] = variables }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("/graphql", UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        if (text.Contains("\"errors\"", StringComparison.Ordinal))
            throw new InvalidOperationException(text);
    }

    /// <summary>A client with the token.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = new Uri(Address) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _host.Kill();
        await _host.WaitForExitAsync();
        _host.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static Process Run(string program, string arguments, string data) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["XRM_DATA"] = data, ["LANG"] = "en_US.UTF-8", ["XRM_LOG"] = "none" },
    })!;
}
