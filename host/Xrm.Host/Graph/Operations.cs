using Xrm.GraphQL;
using Xrm.Sdk;

namespace Xrm.Host.Graph;

/// <summary>Takes what one operation tells, in the form of its transport. Each member answers when the client took it.</summary>
internal interface IReceiver
{
    ValueTask Next(ReadOnlyMemory<byte> body);

    /// <summary>Nothing was run, or a subscription goes on no more; nothing comes after it.</summary>
    ValueTask Refuse(GraphQLAnswer answer);

    /// <summary>Nothing comes after it.</summary>
    ValueTask Complete();
}

/// <summary>Runs operations of clients that stay connected.</summary>
internal static class Operations
{
    /// <summary>Runs one to its end.</summary>
    /// <returns>Why it was refused, or ended; null when it is complete.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<ProblemCode?> Run(GraphQLService service, GraphQLRequest request, Func<Actor> who, string language, IReceiver receiver, CancellationToken stop)
    {
        var (answer, subscription) = await service.Begin(request, who, language, stop);
        using (answer)
        using (subscription)
        {
            if (answer is { Refusal: not null })
                return await Refuse(answer, receiver);
            if (answer is not null)
                await receiver.Next(answer.Body);
            while (subscription is not null)
            {
                var told = await subscription.Next(stop);
                using var end = told.End;
                if (end is not null)
                    return await Refuse(end, receiver);
                stop.ThrowIfCancellationRequested();
                await receiver.Next(told.Body);
            }
            await receiver.Complete();
            return null;
        }
    }

    private static async Task<ProblemCode?> Refuse(GraphQLAnswer answer, IReceiver receiver)
    {
        await receiver.Refuse(answer);
        return answer.Refusal;
    }
}
