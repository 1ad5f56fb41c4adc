using Xrm.Sdk;

namespace Xrm.Host.Graph;

/// <summary>Waits for clients to take what they are sent, and not for ever.</summary>
/// <param name="limit">How long.</param>
/// <param name="time">The clock.</param>
internal sealed class Patience(TimeSpan limit, TimeProvider time)
{
    /// <summary>What a client that is too slow is told.</summary>
    public Fault TooSlow { get; } = new(ProblemCode.Limit, Label.Of(
        $"Ce client a mis plus de {limit.TotalSeconds:0.###} s à lire un message : la connexion est coupée. Reprenez au dernier curseur, et lisez plus vite.",
        $"This client took more than {limit.TotalSeconds:0.###} s to read a message: the connection is cut. Go on from the last cursor, and read faster."), null, "patience");

    /// <summary>Waits until what is being sent is taken.</summary>
    /// <returns>False when that took longer than the limit: the client can be told so now.</returns>
    /// <exception cref="TimeoutException">It took longer than twice the limit: the client does not read, and cannot be told.</exception>
    public async ValueTask<bool> Taken(ValueTask sending)
    {
        if (sending.IsCompletedSuccessfully)
        {
            await sending;
            return true;
        }
        var taken = sending.AsTask();
        await taken.WaitAsync(limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var isInTime = taken.IsCompleted;
        await taken.WaitAsync(limit, time);
        return isInTime;
    }
}
