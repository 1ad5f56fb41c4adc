using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Xrm.Core.Log;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>The one thread that writes: takes the plans that wait, makes one block of them, and answers when it is durable.</summary>
internal sealed class ImageWriter
{
    private const int CompactFrom = 16 << 20;

    private readonly IJournal _journal;
    private readonly BlockLog _log;
    private readonly IdMap _map;
    private readonly CommitIndex _commits;
    private readonly ImageStoreOptions _options;
    private readonly Checkpointer _checkpointer;
    private readonly BlockingCollection<object> _queue = [];
    private readonly Thread _thread;
    private readonly Action<Root> _publish;
    private readonly Func<int, string> _nameOf;
    private readonly Func<string, bool> _hasFile;
    private Root _root;
    private readonly Gathering _gathering = new();
    private readonly PartBuilder _part = new();
    private Thread? _checkpointing;
    private long _tailBytes;

    public ImageWriter(IJournal journal, BlockLog log, IdMap map, CommitIndex commits, ImageLoader loader, ImageStoreOptions options, Root root, Action<Root> publish, Func<int, string> nameOf)
    {
        _journal = journal;
        _log = log;
        _map = map;
        _commits = commits;
        _options = options;
        _root = root;
        _publish = publish;
        _nameOf = nameOf;
        _hasFile = hash => journal.Files.Find(hash) is not null;
        _tailBytes = loader.TailBytes;
        _checkpointer = new(journal, commits, loader.SegmentBytes);
        _thread = new(Run) { IsBackground = true, Name = "xrm store writer" };
        _thread.Start();
    }

    /// <summary>False once closed.</summary>
    public bool TryEnqueue(WriteJob job) => TryAdd(job);

    /// <summary>Does something on the writer's thread, between blocks.</summary>
    /// <exception cref="Problem">Unavailable: the store is closed.</exception>
    public Task Between(Action action)
    {
        // Whoever waits for it must not go on in the writer's thread.
        var task = new Task(action, TaskCreationOptions.RunContinuationsAsynchronously);
        return TryAdd(task) ? task : throw StoreFaults.Closed();
    }

    /// <summary>The same, unless the store is closed.</summary>
    public bool TryBetween(Action action) => TryAdd(new Task(action));

    /// <summary>The root in force, for actions on the writer's thread; setting it publishes it.</summary>
    public Root Root
    {
        get => _root;
        set
        {
            _root = value;
            _publish(value);
        }
    }

    /// <summary>Writes a checkpoint, after one that is being written.</summary>
    public void Checkpoint(bool whole)
    {
        _checkpointing?.Join();
        _checkpointer.Take(_root, whole)?.Invoke();
        _tailBytes = 0;
    }

    /// <summary>Lets what waits be written, then ends.</summary>
    public void Close()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _checkpointing?.Join();
        _queue.Dispose();
        // Everything anew may take longer than whoever stops a server waits for it.
        if (_tailBytes >= _options.TailBytesAtClose && !_checkpointer.IsRewriteDue(_root) && _checkpointer.Take(_root, whole: false) is { } write)
            Checkpoint(write);
    }

    private bool TryAdd(object item)
    {
        try
        {
            return _queue.TryAdd(item);
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Run()
    {
        while (Serve()) { }
    }

    /// <summary>Waits for something to do and does it; false when there will be nothing more. What it did is no local of a thread that waits, so a large plan is not kept until the next comes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Serve()
    {
        if (!_queue.TryTake(out var next, Timeout.Infinite))
            return false;
        if (next is WriteJob first)
        {
            var group = new List<WriteJob> { first };
            next = null;
            _gathering.Begin(1 + _queue.Count);
            while (group.Count < _options.GroupLimit && next is null && (_queue.TryTake(out next) || _gathering.MayWait(group.Count)))
                if (next is WriteJob more)
                {
                    group.Add(more);
                    next = null;
                }
            _gathering.End(group.Count);
            WriteGroup(group);
        }
        (next as Task)?.RunSynchronously();
        return true;
    }

    private void WriteGroup(List<WriteJob> jobs)
    {
        try
        {
            while (jobs.Count > 0 && !TryWrite(jobs)) { }
        }
        catch (Exception e)
        {
            // The working root is dropped; nothing of the group was written, and the store goes on.
            var problem = e is IOException or UnauthorizedAccessException ? StoreFaults.CannotWrite(e) : e;
            foreach (var job in jobs)
                job.Fail(problem);
            return;
        }
        Tidy();
    }

    /// <summary>Writes a group; false when one of its plans cannot be applied: then the others are to be tried again without it.</summary>
    private bool TryWrite(List<WriteJob> jobs)
    {
        var batch = new Batch(_root, _map);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_options.Time.GetUtcNow().ToUnixTimeMilliseconds());
        _part.Clear();
        var block = new BlockBuilder(batch, _root, now < _root.At ? _root.At : now, _part);
        var entered = new Dictionary<Guid, WriteJob>(jobs.Count);
        for (var i = 0; i < jobs.Count; i++)
        {
            var job = jobs[i];
            try
            {
                Enter(job, batch, block, entered);
            }
            catch (StaleStageException)
            {
                job.Staged = null;
                return false;
            }
            catch (Exception e)
            {
                jobs.RemoveAt(i);
                job.Fail(e);
                return false;
            }
        }
        if (!block.IsEmpty)
        {
            var head = block.Close(out var parts);
            var root = batch.Freeze(block.Number, BlockHead.HashOf(head), block.At);
            _gathering.Append(() => _journal.Append(block.Number, head, parts));
            for (var i = 0; i < block.Commits.Count; i++)
                _commits.Add(block.Commits[i].Id, block.Number, i);
            _log.Times.Add(block.Number, new(block.At.ToUnixTimeMilliseconds(), block.Changes, parts.Count));
            _tailBytes += head.Length + block.Bytes;
            Root = root;
            _log.Advance(root.Head, root.ModelChange);
        }
        foreach (var job in jobs)
            job.Done();
        return true;
    }

    private void Enter(WriteJob job, Batch batch, BlockBuilder block, Dictionary<Guid, WriteJob> entered)
    {
        var plan = job.Plan;
        if (entered.TryGetValue(plan.CommitId, out var twin))
        {
            if (twin.Plan.Actor != plan.Actor)
                throw StoreFaults.OtherActor();
            job.Outcome = new(twin.Outcome!.Receipt! with { IsReplay = true }, []);
            return;
        }
        if (_commits.TryGet(plan.CommitId, out var place))
        {
            job.Outcome = new(Again(plan, place), []);
            return;
        }
        var failed = GuardCheck.Failed(plan, batch, _hasFile);
        if (failed.Length > 0)
        {
            job.Outcome = new(null, failed);
            return;
        }
        job.Outcome = new(block.Add(plan, job.Staged), []);
        if (plan.Model is not null)
            batch.ModelVersion = batch.PreparedVersion ?? batch.ModelVersion;
        entered.Add(plan.CommitId, job);
    }

    private Receipt Again(WritePlan plan, (long Block, int Index) place)
    {
        var head = _log.ReadHead(place.Block);
        var commit = head.Commits[place.Index];
        if (commit.Actor != plan.Actor)
            throw StoreFaults.OtherActor();
        var end = head.Commits.Take(place.Index + 1).Sum(c => c.Changes);
        var written = commit.Changes == 0 ? [] : _log.OfCommit(place.Block, place.Index)
            .Where(c => c.Kind != ChangeKind.Model)
            .Select(c => new Written(c.Kind, _nameOf(c.TypeOrdinal), new(c.Id), c.Version))
            .ToImmutableArray();
        return new(new(plan.CommitId), end > 0 ? new(place.Block, end - 1) : LastBefore(place.Block), head.At, commit.Actor, written, IsReplay: true);
    }

    private Cursor LastBefore(long block)
    {
        while (--block > 0)
            if (_log.ReadHead(block).Changes is var changes and > 0)
                return new(block, changes - 1);
        return Cursor.Start;
    }

    /// <summary>Between blocks: a checkpoint when the tail is long, and room made where superseded records outweigh the live ones.</summary>
    private void Tidy()
    {
        if (_tailBytes >= _options.TailBytes && _checkpointing is not { IsAlive: true } && _checkpointer.Take(_root, whole: false) is { } write)
        {
            _tailBytes = 0;
            _checkpointing = new(() => Checkpoint(write)) { IsBackground = true, Name = "xrm checkpoint" };
            _checkpointing.Start();
        }
        var space = _root.Space;
        if (space.SlabBytes < CompactFrom || space.LiveBytes > space.SlabBytes / 2)
            return;
        var batch = new Batch(_root, _map);
        foreach (var slab in Enumerable.Range(0, space.SlabCount)
            .Where(s => !space.IsTail(s) && space.Slab(s) is { IsEmpty: false } bytes && space.LiveIn(s) < bytes.Length / 2)
            .OrderBy(space.LiveIn).Take(8))
            batch.Compact(slab);
        Root = batch.Freeze(_root.Block, _root.Hash, _root.At);
    }

    private void Checkpoint(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e)
        {
            // The blocks are all there; the checkpoint is tried again when the tail has grown as much again.
            _options.CheckpointFailed?.Invoke(e);
        }
    }
}
