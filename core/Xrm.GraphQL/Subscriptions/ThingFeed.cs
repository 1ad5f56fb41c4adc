using System.Security.Cryptography;
using Xrm.Core.Storage;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL.Subscriptions;

/// <summary>One thing as an actor sees it: at once, and again when a commit changed it, or a relationship at an end of it that the selection reads, and it does not look the same.</summary>
/// <remarks>What the actor may not see makes no event: it makes no difference to what is shown. Commits that come faster than events are taken are told together.</remarks>
internal sealed class ThingFeed(CursorSeal seal, GraphQLLimits limits) : IFeed
{
    /// <summary>How many changes are looked through; where there are more, the thing is read instead, which is cheaper.</summary>
    private const int Most = 64;

    private Cursor? _place;
    private byte[] _shown = [];

    public Cursor Place => _place!.Value;

    public void GoBack() => _shown = [];

    public async ValueTask<bool> Look(FeedLook look, CancellationToken cancellation)
    {
        var isTouched = look.IsAnew || _shown.Length == 0;
        var id = Id(look);
        if (_place is { } place)
            isTouched |= await GoOn(look, id, place, cancellation);
        else
            _place = look.Head;
        if (!isTouched)
            return false;
        using var answer = await new QueryRun(look.Run, look.Reader, seal, limits, cancellation).Answer();
        var shown = SHA256.HashData(answer.Body.Span);
        if (shown.AsSpan().SequenceEqual(_shown))
            return false;
        _shown = shown;
        look.Told.Buffer.Write(answer.Body.Span);
        look.Told.Add();
        return true;
    }

    /// <summary>Whether something of the thing may have been written behind the place.</summary>
    private async ValueTask<bool> GoOn(FeedLook look, Guid id, Cursor place, CancellationToken cancellation)
    {
        if (look.Head.Block > place.Block + 1 || look.Head.Block > place.Block && look.Head.Index >= Most)
        {
            _place = look.Head;
            return true;
        }
        var ends = look.Root.Node!.Objects.SelectMany(o => o.Links).Select(l => l.End?.Relationship.Ordinal).ToHashSet();
        var isTouched = false;
        await foreach (var change in look.Log.Read(place, cancellation))
        {
            if (change.Place.Block > look.Reader.Block)
                break;
            _place = change.Place;
            isTouched |= change.Id == id || (change.Source == id || change.Target == id) && ends.Contains(change.TypeOrdinal);
        }
        return isTouched;
    }

    private static Guid Id(FeedLook look)
    {
        try
        {
            return Filters.Id(look.Argument("id")).Value;
        }
        catch (Problem problem)
        {
            throw new FieldProblem(problem, look.Root.Place);
        }
    }
}
