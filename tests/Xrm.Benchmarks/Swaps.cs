using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
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
        await using var host = await ServedHost.Start(program);
        await host.Fill(5000);
        using var end = new CancellationTokenSource();
        var times = new ConcurrentBag<double>();
        var failures = new ConcurrentBag<string>();
        var asking = Enumerable.Range(0, clients).Select(i => Task.Run(() => Ask(host, i, times, failures, end.Token))).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(2));
        times.Clear();
        var took = new List<double>();
        var id = JsonNode.Parse(await host.Give($"plugin plan {package} --json"))!["id"]!.GetValue<string>();
        for (var i = 0; i < swaps; i++)
        {
            var start = Stopwatch.GetTimestamp();
            if (byCommand)
                await host.Give(i % 2 == 0 ? $"plugin install {package} --trust-once" : $"plugin remove {id}");
            else
                await host.Mutate(i % 2 == 0 ? "mutation($p: String!) { installPlugin(content: $p, trustOnce: true) { plan { hash } } }" : $"mutation {{ removePlugin(id: \"{id}\") {{ plan {{ hash }} }} }}",
                    i % 2 == 0 ? new JsonObject { ["p"] = Convert.ToBase64String(await File.ReadAllBytesAsync(package)) } : null);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        await end.CancelAsync();
        await Task.WhenAll(asking);
        Tell(byCommand ? "command" : "graphql", [.. times], [.. failures], took);
        return failures.IsEmpty ? 0 : 1;
    }

    private static async Task Ask(ServedHost host, int seed, ConcurrentBag<double> times, ConcurrentBag<string> failures, CancellationToken end)
    {
        using var client = host.Client();
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
