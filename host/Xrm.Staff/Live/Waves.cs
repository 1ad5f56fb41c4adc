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

    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    /// <summary>
    /// One item for each wave, until told to stop: true where a change was told. False where one may have been missed: at once, since what is shown may have been read a while ago, and after the connection was lost.
    /// What is read after an item has all changes of its wave in it; a change after that makes another.
    /// </summary>
    /// <param name="types">Names of entity and relationship types.</param>
    public static async IAsyncEnumerable<bool> Of(IDoor door, ImmutableArray<string> types, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var isTold = false;
        while (true)
        {
            // What is read from here on holds what lies before this place; what lies behind it is told.
            var place = await Place(door, time, cancellation);
            yield return isTold;
            isTold = await Change(door, types, place, time, cancellation);
        }
    }

    private static async Task<string> Place(IDoor door, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
            try
            {
                return await door.Place(cancellation);
            }
            catch (Exception e) when (e is Problem or ServerGoneException)
            {
                await Task.Delay(AfterTrouble, time, cancellation);
            }
    }

    /// <summary>Ends a while after the first change behind a place; false when it is one that may have been missed.</summary>
    private static async Task<bool> Change(IDoor door, ImmutableArray<string> types, string place, TimeProvider time, CancellationToken cancellation)
    {
        var (pause, isTold) = (Length, false);
        try
        {
            await using var watch = door.Changes(types, place, cancellation).GetAsyncEnumerator(cancellation);
            isTold = await watch.MoveNextAsync();
        }
        catch (Exception e) when (e is Problem or ServerGoneException)
        {
            pause = AfterTrouble;
        }
        await Task.Delay(pause, time, cancellation);
        return isTold;
    }
}
