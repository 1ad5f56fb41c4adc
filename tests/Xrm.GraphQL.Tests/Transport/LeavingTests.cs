using System.Text;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>A client that goes away before it is answered.</summary>
public sealed class LeavingTests
{
    [Theory]
    [InlineData("""{"query":"{ a: persons { nodes { mandates { nodes { id } } } } b: persons { nodes { id } } }"}""")]
    [InlineData("""[{"query":"{ persons { nodes { mandates { nodes { id } } } } }"},{"query":"{ persons { nodes { id } } }"}]""")]
    public async Task Nothing_more_is_read_for_it(string body)
    {
        await using var server = await TransportServer.Of(new());
        using var leaving = new CancellationTokenSource();
        var (begun, aborted) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Aborted = aborted.SetResult;
        server.Town.Store.Reads = 0;
        server.Town.Store.BeforeRead = _ =>
        {
            begun.TrySetResult();
            return aborted.Task;
        };
        using var content = new StringContent(body, Encoding.UTF8, TransportCalls.Json);
        var asked = server.Client.PostAsync(server.Address, content, leaving.Token);
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
        await aborted.Task.WaitAsync(TestContext.Current.CancellationToken);
        // It is stopped behind us; whoever asks next is answered, and by then one read alone was made for who left.
        await server.Stop();
        server.Town.Store.Reads.ShouldBe(1);
    }
}
