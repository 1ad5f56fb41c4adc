using System.Collections.Immutable;
using Xrm.Core.Running;
using Xrm.GraphQL.Plans;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Reads pages of the log and of histories.</summary>
internal sealed class LogPages(Reader reader, CursorSeal seal, CancellationToken cancellation)
{
    /// <summary>What cursors of the log belong to.</summary>
    public const string Log = "changes";

    private string? _head;

    /// <summary>The cursor behind all that the state holds which is read.</summary>
    public string Head => _head ??= CursorOf(seal, reader.Head);

    /// <summary>The cursor behind a commit.</summary>
    public static string CursorOf(CursorSeal seal, Cursor place) => seal.Seal(Log, new LogPosition(place, place, 0));

    public ValueTask<ChangePage> Changes(LogWindow window, FieldPlace place) =>
        Read(Log, after => reader.Changes(after, cancellation), window, place);

    /// <summary>The history of each thing.</summary>
    public async ValueTask<IReadOnlyList<ChangePage>> Histories(ImmutableArray<Guid> ids, LogWindow window, FieldPlace place)
    {
        var pages = new List<ChangePage>(ids.Length);
        foreach (var id in ids)
            pages.Add(await Read($"history|{id:N}", after => reader.History(id, after, cancellation), window, place));
        return pages;
    }

    private async ValueTask<ChangePage> Read(string of, Func<Cursor, IAsyncEnumerable<Change>> read, LogWindow window, FieldPlace place)
    {
        var from = default(LogPosition);
        if (window.After is not null)
            from = seal.OpenLog(of, window.After) ?? throw new FieldProblem(new Problem(ProblemCode.Invalid, PageInput.ForeignCursor, "after", "cursor"), place);
        if (window.First == 0 && of == Log)
            // Whether anything lies behind that may be seen could take reading all of it.
            return new([], new(from.Before < reader.Head, window.After is not null, null, null), this);
        var items = new List<ChangeFact>();
        var (before, at, told) = (from.Before, from.Before, 0);
        var hasNext = false;
        await foreach (var change in read(from.Before))
        {
            if (change.Cursor != at || told == 0)
                (before, at, told) = (told == 0 ? before : at, change.Cursor, 0);
            told++;
            if (change.Cursor == from.Place && told <= from.Seen)
                continue;
            if (hasNext = items.Count == window.First)
                break;
            items.Add(new(change, seal.Seal(of, new LogPosition(before, at, told))));
        }
        return new(items, new(hasNext, window.After is not null, items.FirstOrDefault()?.Cursor, items.LastOrDefault()?.Cursor), this);
    }
}
