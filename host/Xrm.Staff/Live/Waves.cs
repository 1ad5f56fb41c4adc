using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Xrm.Sdk;
using Xrm.Staff.Door;

namespace Xrm.Staff.Live;

/// <summary>Tells that something of some types changed, however much at once: an import of a hundred thousand things is told a few times, not once for each.</summary>
internal static class Waves
{
    /// <summary>How long after a first change the others are let pass.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(600);

    /// <summary>How long until what was asked of the server holds there.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMilliseconds(150);

    /// <summary>The same where nothing is asked by this connection yet.</summary>
    public static readonly TimeSpan Connecting = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    /// <summary>One item for each wave, until told to stop. What is read after an item has all changes of its wave in it; a change after that makes another.</summary>
    /// <param name="types">Names of entity and relationship types.</param>
    /// <param name="isLate">Whether what is shown was read before: then there is a first item once changes are heard.</param>
    public static async IAsyncEnumerable<int> Of(IDoor door, ImmutableArray<string> types, bool isLate, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var count = 0;
        var watch = door.Changes(types, cancellation).GetAsyncEnumerator(cancellation);
        var next = watch.MoveNextAsync();
        if (isLate)
        {
            await Task.Delay(Connecting, time, cancellation);
            yield return count;
        }
        while (true)
        {
            var pause = Length;
            try
            {
                if (!await next)
                    pause = AfterTrouble;
            }
            catch (Exception e) when (e is Problem or ServerGoneException)
            {
                pause = AfterTrouble;
            }
            await watch.DisposeAsync();
            await Task.Delay(pause, time, cancellation);
            watch = door.Changes(types, cancellation).GetAsyncEnumerator(cancellation);
            next = watch.MoveNextAsync();
            await Task.Delay(OnItsWay, time, cancellation);
            yield return ++count;
        }
    }
}
