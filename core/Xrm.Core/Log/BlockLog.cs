using System.Runtime.CompilerServices;
using Xrm.Core.Image;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Log;

/// <summary>The log as readers see it, over a journal. Where the journal cannot be read, its members throw an Unavailable problem.</summary>
internal sealed class BlockLog : ILog
{
    private readonly IJournal _journal;
    private readonly Lock _gate = new();
    private Cursor _head;
    private Cursor _lastModel;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BlockLog(IJournal journal)
    {
        _journal = journal;
        Times = new(this);
    }

    /// <summary>When its blocks were written.</summary>
    public BlockTimes Times { get; }

    public Cursor Head
    {
        get
        {
            lock (_gate)
                return _head;
        }
    }

    public Cursor LastModel
    {
        get
        {
            lock (_gate)
                return _lastModel;
        }
    }

    /// <summary>There is more, up to here.</summary>
    public void Advance(Cursor head, Cursor lastModel)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            _lastModel = lastModel;
            if (head <= _head)
                return;
            _head = head;
            news = _news;
            _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        news.SetResult();
    }

    public async IAsyncEnumerable<RecordChange> Read(Cursor after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var change in Behind(after, cancellation))
            yield return change;
    }

    /// <summary>The same at once.</summary>
    public IEnumerable<RecordChange> Behind(Cursor after, CancellationToken cancellation)
    {
        var head = Head;
        for (var number = Math.Max(1, after.Block); number <= head.Block; number++)
        {
            var block = ReadHead(number);
            var first = 0;
            for (var part = 0; part < block.Parts.Length; part++)
            {
                var count = block.Parts[part].Changes;
                if (number > after.Block || first + count > after.Index + 1)
                    foreach (var change in Decode(block, part, first, after))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        yield return change;
                    }
                first += count;
            }
        }
    }

    public ValueTask<RecordChange> At(Cursor place, CancellationToken cancellation) => new(Find(place));

    /// <summary>A record's changes from its last one back, up to its first or one whose values were erased.</summary>
    public IEnumerable<RecordChange> HistoryOf(Cursor last)
    {
        for (var place = last; place != Cursor.Start;)
        {
            var change = Find(place);
            yield return change;
            place = change.Previous;
        }
    }

    /// <summary>The change at a place.</summary>
    public RecordChange Find(Cursor place)
    {
        var block = ReadHead(place.Block);
        var first = 0;
        for (var part = 0; part < block.Parts.Length; part++)
        {
            var count = block.Parts[part].Changes;
            if (place.Index < first + count)
            {
                var bytes = new BlockPart(ReadPart(block.Number, part)).Change(place.Index - first);
                return ToChange(bytes, place, CommitOf(block, place.Index), block.At);
            }
            first += count;
        }
        throw new ArgumentOutOfRangeException(nameof(place), place, "There is no such place in the log.");
    }

    public Task Beyond(Cursor place, CancellationToken cancellation)
    {
        lock (_gate)
            return place < _head ? Task.CompletedTask : _news.Task.WaitAsync(cancellation);
    }

    /// <summary>What one commit wrote, erased changes left out.</summary>
    public IEnumerable<RecordChange> OfCommit(long number, int commit)
    {
        var block = ReadHead(number);
        var from = block.Commits.Take(commit).Sum(c => c.Changes);
        var to = from + block.Commits[commit].Changes;
        var first = 0;
        for (var part = 0; part < block.Parts.Length && first < to; part++)
        {
            var count = block.Parts[part].Changes;
            if (first + count > from)
                foreach (var change in Decode(block, part, first, Cursor.Start))
                    if (change.Place.Index >= from && change.Place.Index < to && !change.IsErased)
                        yield return change;
            first += count;
        }
    }

    public BlockHead ReadHead(long number)
    {
        byte[]? head;
        try
        {
            head = _journal.ReadHead(number);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFaults.CannotRead(e);
        }
        return BlockHead.Read(head ?? throw new ArgumentOutOfRangeException(nameof(number), number, "There is no such block in the log."));
    }

    /// <summary>A part of a block, from 0, as it lies there.</summary>
    public byte[] ReadPart(long number, int part)
    {
        try
        {
            return _journal.ReadPart(number, part);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFaults.CannotRead(e);
        }
    }

    private List<RecordChange> Decode(BlockHead block, int part, int first, Cursor after)
    {
        var changes = new List<RecordChange>(block.Parts[part].Changes);
        var index = first;
        var commit = 0;
        var commitEnd = block.Commits.Length > 0 ? block.Commits[0].Changes : 0;
        foreach (var salted in new BlockPart(ReadPart(block.Number, part)))
        {
            while (index >= commitEnd)
                commitEnd += block.Commits[++commit].Changes;
            var place = new Cursor(block.Number, index++);
            if (place > after)
                changes.Add(ToChange(salted.IsEmpty ? default : salted[BlockPart.SaltLength..], place, block.Commits[commit], block.At));
        }
        return changes;
    }

    private static BlockCommit CommitOf(BlockHead block, int index)
    {
        foreach (var commit in block.Commits)
            if ((index -= commit.Changes) < 0)
                return commit;
        throw new FormatException($"Block {block.Number} has a change that belongs to no commit.");
    }

    private static RecordChange ToChange(ReadOnlySpan<byte> bytes, Cursor place, in BlockCommit commit, DateTimeOffset at) => bytes.IsEmpty
        ? new() { Place = place, CommitId = commit.Id, At = at, Actor = commit.Actor, Kind = ChangeKind.Left, IsErased = true }
        : new ChangeView(bytes).ToChange(place, commit, at);
}
