using Xrm.Core.Storage;
using Xrm.GraphQL.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL.Subscriptions;

/// <summary>The log as an actor may see it: each change once, oldest first, from a place on.</summary>
internal sealed class ChangeFeed(CursorSeal seal, GraphQLLimits limits) : IFeed
{
    /// <summary>How many recorded changes are looked at with one reader.</summary>
    private const int Most = 16 * 1024;

    /// <summary>How far was looked.</summary>
    private LogPosition? _from;
    /// <summary>How far was taken.</summary>
    private LogPosition _taken;
    private bool _wasAtEnd;

    public Cursor Place => _from!.Value.Before;

    public void GoBack() => _from = _taken;

    public async ValueTask<bool> Look(FeedLook look, CancellationToken cancellation)
    {
        var types = Types(look);
        if (_from is not { } from)
            _from = _taken = from = Start(look);
        if (_wasAtEnd && look.Head.Block - from.Before.Block is var behind && behind > limits.Streams.Behind)
            throw new Problem(ProblemCode.Limit, Label.Of(
                $"Cet abonnement a {behind} blocs du journal de retard ; {limits.Streams.Behind} au plus sont admis. Reprenez au dernier curseur, et lisez plus vite.",
                $"This subscription is {behind} blocks of the log behind; at most {limits.Streams.Behind} are allowed. Go on from the last cursor, and read faster."), rule: "behind");
        var facts = new FactWriter(look.Told.Buffer, new(look.Reader));
        var (looked, start) = (0, from);
        await foreach (var (recorded, changes) in look.Reader.Told(start.Before, Wants(look, types), cancellation))
        {
            if (recorded.Kind == ChangeKind.Model && recorded.Place > look.Model)
                // What comes behind it is told by that model, with another reader.
                return true;
            // Of what lies before a cursor more may be seen by now than then: it is not told late.
            var first = recorded.Place < start.Place ? changes.Count : recorded.Place == start.Place ? start.Seen : 0;
            for (var i = first; i < changes.Count; i++)
                if (types?.Contains(changes[i].Type) != false)
                    Write(look, facts, changes[i], new(from.Before, recorded.Place, i + 1));
            _from = from = new(recorded.Place, recorded.Place, 0);
            if (look.Told.Length >= limits.Streams.Ahead || ++looked >= Most)
                return true;
        }
        _wasAtEnd = true;
        if (!look.Told.IsEmpty)
            return true;
        _taken = from;
        return false;
    }

    private LogPosition Start(FeedLook look)
    {
        if (look.Argument("after") is not string cursor)
            return new(look.Head, look.Head, 0);
        return seal.OpenLog(LogPages.Log, cursor) ?? throw new FieldProblem(new Problem(ProblemCode.Invalid, PageInput.ForeignCursor, "after", "cursor"), look.Root.Place);
    }

    private void Write(FeedLook look, FactWriter facts, Change change, LogPosition position)
    {
        var buffer = look.Told.Buffer;
        buffer.Write("{\"data\":{"u8);
        buffer.Write(look.Root.Key);
        facts.Write(new ChangeFact(change, seal.Seal(LogPages.Log, position)), look.Root.Facts!);
        buffer.Write("}}"u8);
        look.Told.Add(() => _taken = position);
    }

    /// <summary>The names of the types asked for; null = all.</summary>
    private HashSet<string>? Types(FeedLook look)
    {
        if (look.Argument("types") is not object?[] given)
            return null;
        var types = given.Select(t => (string)t!).ToHashSet(StringComparer.Ordinal);
        // Later a type may go, and come again.
        if (_from is null && types.Where(t => !IsKnown(look, t)).ToArray() is { Length: > 0 } unknown)
            throw new FieldProblem(new Problem(unknown.Select(t => new Fault(ProblemCode.Invalid, Label.Of(
                $"« {t} » n'est pas un type de fiche ou de relation que vous voyez.", $"\"{t}\" is no type of entities or relationships that you see."), "types", "type"))), look.Root.Place);
        return types;
    }

    private static bool IsKnown(FeedLook look, string type) =>
        type == Core.Running.ChangeTeller.OfModel || look.Reader.Model.ByName.TryGetValue(type, out var known) && look.Reader.Sees(known);

    private static Func<RecordChange, bool>? Wants(FeedLook look, HashSet<string>? types)
    {
        if (types is null)
            return null;
        var ordinals = types.Select(t => look.Reader.Model.ByName.GetValueOrDefault(t)?.Ordinal).ToHashSet();
        return change => change.Kind == ChangeKind.Model || ordinals.Contains(change.TypeOrdinal);
    }
}
