using System.Collections.Concurrent;
using System.Net;

namespace Xrm.Host.SignIn;

/// <summary>Counts tokens and codes that were none of ours, by address, and says when it is too many. What is valid passes always: it cannot be guessed, and one address may stand for a whole town hall.</summary>
internal sealed class FailedTries(TimeProvider time)
{
    /// <summary>How many are answered in a minute.</summary>
    public const int Most = 30;
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, (DateTimeOffset Since, int Count)> _tries = new();

    /// <summary>Counts one.</summary>
    /// <returns>How long to wait; null while there are not too many.</returns>
    public TimeSpan? Failed(IPAddress address)
    {
        var now = time.GetUtcNow();
        if (_tries.Count > MostAddresses)
            foreach (var (old, (since, _)) in _tries)
                if (now - since >= Window)
                    _tries.TryRemove(old, out _);
        var (start, count) = _tries.AddOrUpdate(address, (now, 1), (_, tried) => now - tried.Since >= Window ? (now, 1) : (tried.Since, tried.Count + 1));
        return count > Most ? start + Window - now : null;
    }
}
