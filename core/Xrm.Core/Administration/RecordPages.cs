using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>Runs a step on one state of the data.</summary>
internal delegate ValueTask<Rows> ReadRows(ReadStep step, CancellationToken cancellation);

/// <summary>Goes through all records of a type, some at a time, on one state of the data: nothing is locked, and no more is held than a page.</summary>
internal sealed class RecordPages(ReadRows read)
{
    private const int Page = 500;
    /// <summary>Of one thing's relationships so many are taken at once.</summary>
    private const int LinkPage = 2_000;

    /// <summary>How many things of a type there are; nothing is looked at.</summary>
    public async ValueTask<int> Count(ModelType type, CancellationToken cancellation)
    {
        var rows = await read(new ReadStep.List { Views = [TypeView.Of(type)], Selection = new() { Counts = true, WantsRows = false } }, cancellation);
        return checked((int)rows.Counts[0]);
    }

    /// <summary>All things of a type, by id.</summary>
    public async IAsyncEnumerable<Row[]> Things(ModelType type, [EnumeratorCancellation] CancellationToken cancellation)
    {
        SortPosition? after = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = await read(new ReadStep.List { Views = [TypeView.Of(type)], Selection = new() { First = Page, After = after } }, cancellation);
            if (rows.Items.Length > 0)
                yield return rows.Items;
            if (!rows.HasNext[0] || rows.Items.Length == 0)
                yield break;
            after = new([], rows.Items[^1].Entity.Id);
        }
    }

    /// <summary>The relationships at an end of all things that may stand there, whatever their period, with the things beyond; those of one thing come one after the other, and in several runs when they are many.</summary>
    public async IAsyncEnumerable<LinkRun> Links(ModelEnd end, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var type in end.Types)
            await foreach (var things in Things(type, cancellation))
            {
                ImmutableArray<Guid> ids = [.. things.Select(t => t.Entity.Id)];
                var rows = await read(Step(end, ids, null), cancellation);
                for (var i = 0; i < ids.Length; i++)
                {
                    var run = rows.Run(i).ToArray();
                    var hasNext = rows.HasNext[i];
                    if (run.Length > 0)
                        yield return new(ids[i], type, run);
                    while (hasNext)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        var more = await read(Step(end, [ids[i]], new([], run[^1].Entity.Id) { Link = run[^1].Link.Id }), cancellation);
                        run = more.Items;
                        hasNext = more.HasNext[0] && run.Length > 0;
                        if (run.Length > 0)
                            yield return new(ids[i], type, run);
                    }
                }
            }
    }

    /// <summary>Each relationship of a type once.</summary>
    public async IAsyncEnumerable<LinkRun> Once(ModelRelationship type, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var run in Links(type.Source, cancellation))
            if (!type.IsSymmetric)
                yield return run;
            else if (run.Rows.Where(r => r.Link.Source == run.Thing).ToArray() is { Length: > 0 } own)
                yield return run with { Rows = own };
    }

    private static ReadStep.Related Step(ModelEnd end, ImmutableArray<Guid> ids, SortPosition? after) => new(end, ids)
    {
        Views = [.. end.Far.Select(TypeView.Of)],
        During = Period.Always,
        DatesNodes = false,
        Selection = new() { First = LinkPage, After = after },
    };
}

/// <summary>Some relationships of a thing, with the things beyond.</summary>
internal readonly record struct LinkRun(Guid Thing, ModelType Type, Row[] Rows);
