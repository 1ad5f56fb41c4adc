using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Walks a record back through the log.</summary>
internal sealed class Chronicle(ILog log)
{
    /// <summary>The changes of a record behind a place, newest first, each with the record as that change left it and as it found it.</summary>
    /// <param name="now">As it is after <paramref name="last"/>.</param>
    /// <param name="last">The place of its last change.</param>
    public async ValueTask<List<Step>> Back(State now, Cursor last, Cursor after, CancellationToken cancellation)
    {
        var steps = new List<Step>();
        var place = last;
        var state = now;
        while (place > after && place != Cursor.Start)
        {
            var change = await log.At(place, cancellation);
            var before = change.Previous == Cursor.Start ? null : state.Before(change, await At(change.Previous, cancellation));
            // One that came back after it was deleted has a past, and was nothing just before.
            steps.Add(new(change, change.Kind is ChangeKind.Created or ChangeKind.Related ? null : before, state));
            if (before is null)
                break;
            state = before;
            place = change.Previous;
        }
        return steps;
    }

    /// <summary>A record as it was known at a time; null when it was not there.</summary>
    public async ValueTask<(State State, Cursor Place)?> AsOf(State now, Cursor last, DateTimeOffset at, CancellationToken cancellation)
    {
        var place = last;
        var state = now;
        var change = await log.At(place, cancellation);
        while (change.At > at)
        {
            if (change.Previous == Cursor.Start)
                return null;
            var previous = await log.At(change.Previous, cancellation);
            // Before it was made it was not there, whatever became of what is known of the change before.
            if (change.Kind is ChangeKind.Created or ChangeKind.Related && previous.At <= at)
                return null;
            state = state.Before(change, previous.At);
            (place, change) = (change.Previous, previous);
        }
        return change.Kind is ChangeKind.Deleted or ChangeKind.Unrelated ? null : (state, place);
    }

    private async ValueTask<DateTimeOffset> At(Cursor place, CancellationToken cancellation) => (await log.At(place, cancellation)).At;

    /// <summary>One change of a record.</summary>
    /// <param name="Before">As the change found it; null when it made it.</param>
    /// <param name="After">As the change left it.</param>
    internal readonly record struct Step(RecordChange Change, State? Before, State After);
}
