using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Benchmarks;

/// <summary>A host that serves while plugins come and go: clients ask without pause, and every answer is looked at. <c>swaps PROGRAM PACKAGE [clients] [swaps] [command|graphql]</c>.</summary>
internal static class Swaps
{
    private static readonly string[] Queries =
    [
        "{ persons(first: 50, order: [{ familyName: ASC }]) { totalCount nodes { id familyName givenName employers { totalCount } } } }",
        "{ me { id roles } persons(where: { familyName: { startsWith: \"nom1\" } }, first: 5) { nodes { displayName version } } }",
        "{ model { types { name fields { name } } } }",
    ];

    public static async Task<int> Run(string program, string package, int clients, int swaps, bool byCommand)
    {
        var data = Directory.CreateTempSubdirectory("xrm-swaps-").FullName;
        using var host = Start(program, "serve --urls http://127.0.0.1:0", data);
        try
        {
            while (await host.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("Now serving", StringComparison.Ordinal)) { }
            _ = host.StandardOutput.ReadToEndAsync();
            _ = host.StandardError.ReadToEndAsync();
            var address = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data, "host.json")))!["urls"]![0]!.GetValue<string>();
            var token = (await Give(program, "token create --name swaps", data)).Trim();
            await Fill(address, token);

            using var end = new CancellationTokenSource();
            var times = new ConcurrentBag<double>();
            var failures = new ConcurrentBag<string>();
            var asking = Enumerable.Range(0, clients).Select(i => Task.Run(() => Ask(address, token, i, times, failures, end.Token))).ToArray();
            await Task.Delay(TimeSpan.FromSeconds(2));
            times.Clear();
            var took = new List<double>();
            var id = JsonNode.Parse(await Give(program, $"plugin plan {package} --json", data))!["id"]!.GetValue<string>();
            for (var i = 0; i < swaps; i++)
            {
                var start = Stopwatch.GetTimestamp();
                if (byCommand)
                    await Give(program, i % 2 == 0 ? $"plugin install {package} --trust-once" : $"plugin remove {id}", data);
                else
                    await Mutate(address, token, i % 2 == 0 ? "mutation($p: String!) { installPlugin(content: $p, trustOnce: true) { plan { hash } } }" : $"mutation {{ removePlugin(id: \"{id}\") {{ plan {{ hash }} }} }}",
                        i % 2 == 0 ? new JsonObject { ["p"] = Convert.ToBase64String(await File.ReadAllBytesAsync(package)) } : null);
                took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            await end.CancelAsync();
            await Task.WhenAll(asking);
            Tell(byCommand ? "command" : "graphql", [.. times], [.. failures], took);
            return failures.IsEmpty ? 0 : 1;
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task Ask(string address, string token, int seed, ConcurrentBag<double> times, ConcurrentBag<string> failures, CancellationToken end)
    {
        using var client = Client(address, token);
        for (var i = seed; !end.IsCancellationRequested; i++)
        {
            using var body = new StringContent(new JsonObject { ["query"] = Queries[i % Queries.Length] }.ToJsonString(), Encoding.UTF8, "application/json");
            var start = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await client.PostAsync(new Uri("/graphql", UriKind.Relative), body, CancellationToken.None);
                var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if (!answer.IsSuccessStatusCode || text.Contains("\"errors\"", StringComparison.Ordinal))
                    failures.Add($"{(int)answer.StatusCode}: {text[..Math.Min(300, text.Length)]}");
            }
            catch (HttpRequestException e)
            {
                failures.Add(e.Message);
            }
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private static async Task Fill(string address, string token)
    {
        for (var from = 0; from < 5000; from += 500)
        {
            var edits = new JsonArray([.. Enumerable.Range(from, 500).Select(i => (JsonNode)new JsonObject
            {
                ["create"] = new JsonObject { ["type"] = "Person", ["values"] = new JsonObject { ["familyName"] = $"NOM{i}", ["givenName"] = $"Prénom {i}" } },
            })]);
            await Mutate(address, token, "mutation($i: CommitInput!) { commit(input: $i) { commit { id } } }", new JsonObject { ["i"] = new JsonObject { ["id"] = Guid.CreateVersion7().ToString(), ["edits"] = edits } });
        }
    }

    private static async Task Mutate(string address, string token, string query, JsonObject? variables)
    {
        using var client = Client(address, token);
        using var body = new StringContent(new JsonObject { ["query"] = query, ["variables"] = variables }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("/graphql", UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        if (text.Contains("\"errors\"", StringComparison.Ordinal))
            throw new InvalidOperationException(text);
    }

    private static HttpClient Client(string address, string token)
    {
        var client = new HttpClient { BaseAddress = new Uri(address) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<string> Give(string program, string arguments, string data)
    {
        using var process = Start(program, arguments, data);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"xrm {arguments}: {output} {await error}");
    }

    private static Process Start(string program, string arguments, string data) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["XRM_DATA"] = data, ["LANG"] = "en_US.UTF-8", ["XRM_LOG"] = "none" },
    })!;

    private static void Tell(string how, double[] times, string[] failures, List<double> took)
    {
        Array.Sort(times);
        took.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{how}: {took.Count} swaps, median {took[took.Count / 2]:0} ms, longest {took[^1]:0} ms; {times.Length} requests, {failures.Length} failed, median {times[times.Length / 2]:0.0} ms, p99 {times[times.Length * 99 / 100]:0.0} ms, slowest {times[^1]:0} ms"));
        foreach (var failure in failures.Distinct().Take(5))
            Console.WriteLine("  " + failure);
    }
}
