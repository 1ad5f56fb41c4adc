using Xrm.GraphQL;

namespace Xrm.Host.Graph.Events;

/// <summary>Sends what an operation tells as server-sent events.</summary>
/// <param name="id">The operation's; null where the whole response is one.</param>
internal sealed class EventReceiver(EventStream stream, string? id) : IReceiver
{
    public ValueTask Next(ReadOnlyMemory<byte> body) => stream.Send("next", id, body);

    /// <summary>By the protocol errors are an answer like any other.</summary>
    public async ValueTask Refuse(GraphQLAnswer answer)
    {
        await stream.Send("next", id, answer.Body);
        await Complete();
    }

    public ValueTask Complete() => stream.Send("complete", id, default);
}
