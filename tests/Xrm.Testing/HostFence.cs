using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>Lets a plugin call the hosts that it asked for, and answers in their place as the test says.</summary>
internal sealed class HostFence(string plugin, ImmutableArray<string> hosts, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? answer) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri!.Host;
        if (!hosts.Any(h => Covers(h, host)))
            throw new Problem(ProblemCode.Forbidden, Label.Of(
                $"Le module {plugin} n'a pas demandé à appeler {host} (Permissions, dans Describe).",
                $"Plugin {plugin} did not ask to call {host} (Permissions, in Describe)."), host, "permission");
        return answer is null
            ? throw new HttpRequestException($"No test answers for {host}: TestOptions.Http does.")
            : answer(request, cancellationToken);
    }

    private static bool Covers(string granted, string host) => granted.StartsWith("*.", StringComparison.Ordinal)
        ? host.EndsWith(granted[1..], StringComparison.OrdinalIgnoreCase)
        : host.Equals(granted, StringComparison.OrdinalIgnoreCase);
}
