using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Core.Files;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>The store that answers from memory and keeps the truth in a journal. Alone, on a <see cref="MemoryJournal"/>, it is the store of tests.</summary>
internal sealed class ImageStore : IStore
{
    /// <summary>About so much is kept aside in one go: others, who write meanwhile, wait so long.</summary>
    private const int BytesAtOnce = 2 << 20;

    private readonly IJournal _journal;
    private readonly ImageStoreOptions _options;
    private readonly IdMap _map;
    private readonly BlockLog _log;
    private readonly ImageWriter _writer;
    private readonly Pasts _pasts;
    private readonly FileStore _files;
    private readonly SemaphoreSlim _room;
    private readonly HashSet<(int Type, string What)> _wanted = [];
    private volatile Action<IThreadPoolWorkItem> _resume = OnPool;
    private volatile ImageSnapshot _current;
    private bool _closed;
    /// <summary>The model that it was made ready for last; touched on the writer's thread.</summary>
    private CompiledModel? _prepared;
    private FrozenDictionary<int, string> _names = FrozenDictionary<int, string>.Empty;

    private ImageStore(IJournal journal, ImageStoreOptions options)
    {
        _journal = journal;
        _options = options;
        _map = new();
        _room = new(options.QueueLimit);
        var commits = new CommitIndex();
        var loader = new ImageLoader(journal, commits);
        var root = loader.Load(_map);
        _log = new(journal);
        _log.Advance(root.Head, root.ModelChange);
        _pasts = new(_log, _map, options.Time);
        _current = new(root, _map, Want, _pasts) { WantWords = WantWords, WantAnswers = Want };
        _writer = new(journal, _log, _map, commits, loader, options, root, next => _current = _current.At(next), o => _names.GetValueOrDefault(o, ""));
        _files = new(journal, _writer, _log, options.Time);
    }

    /// <summary>Opens what a journal holds; the store owns the journal from then on.</summary>
    /// <exception cref="Problem">Unavailable: a block or segment is damaged or newer than this program.</exception>
    public static ImageStore Open(IJournal journal, ImageStoreOptions? options = null) => new(journal, options ?? new());

    public ILog Log => _log;

    public IFiles Files => _files;

    /// <summary>On which threads whoever waits for a write goes on, from now on; null = on the thread pool. What it is given it runs soon, and not before it returns.</summary>
    public void ResumeOn(Action<IThreadPoolWorkItem>? threads) => _resume = threads ?? OnPool;

    internal Root Current => _current.Root;

    public async ValueTask Prepare(CompiledModel model, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await _writer.Between(() =>
        {
            var names = model.Catalog.Types.ToDictionary(t => t.Value, t => t.Key);
            foreach (var type in model.ByOrdinal.Values)
                names[type.Ordinal] = type.Name;
            _names = names.ToFrozenDictionary();
            var root = _writer.Root;
            var batch = new Batch(root, _map);
            // Requests that are still on the model before find by its keys: they go with the model after the next.
            foreach (var type in model.Types)
                if (Wanted(type, _prepared) is var wanted && !SameKeys(root.Type(type.Ordinal), wanted))
                    batch.Type(type.Ordinal).Keep([.. wanted.Select(k => k.Fields.Select(f => new Column(f)).ToImmutableArray())]);
            foreach (var type in model.ByOrdinal.Values)
                if (Naming(type, _prepared) is var naming && root.Type(type.Ordinal)?.Files is var files && !(files?.IsOf(naming) ?? naming.IsEmpty))
                    batch.Type(type.Ordinal).IndexFiles(naming);
            // An index of words in other fields than are searched now; the next search has it built anew.
            foreach (var state in root.Types)
                if (state?.Words is { } words && !words.IsOf(Searched(model, state.Ordinal)))
                    batch.Type(state.Ordinal).IndexWords([]);
            // Roles may ask other questions now; those that are still asked are answered anew.
            foreach (var state in root.Types)
                if (state?.Answers is not null)
                    batch.Type(state.Ordinal).DropAnswers();
            _prepared = model;
            // The model in force changes with a plan that says so; the first after opening, and any before one was ever written, are in force at once.
            if (batch.PreparedVersion is null || root.ModelChange == Cursor.Start)
                batch.ModelVersion = model.Version;
            batch.PreparedVersion = model.Version;
            _writer.Root = batch.Freeze(root.Block, root.Hash, root.At);
            _pasts.Forget(root.Block);
        }).ConfigureAwait(false);
    }

    public ISnapshot Snapshot() => _current;

    public async ValueTask<WriteOutcome> Write(WritePlan plan, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var job = new WriteJob(plan, _resume);
            if (plan.Edits.Count > _options.StageEdits)
                job.Staged = await Stage(plan, cancellation).ConfigureAwait(false);
            if (!_writer.TryEnqueue(job))
                throw StoreFaults.Closed();
            return await job.Answer.ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Completes when all that was asked of the writer before is done.</summary>
    public Task Settle() => _writer.Between(() => { });

    /// <summary>Writes a checkpoint now.</summary>
    /// <param name="whole">Everything anew, so that no segment holds a superseded record.</param>
    public Task Checkpoint(bool whole = false) => _writer.Between(() => _writer.Checkpoint(whole));

    /// <summary>Takes the values of some changes out of the log for good; the chain still proves their order. The records themselves must have been changed by a commit before.</summary>
    public Task Erase(IReadOnlyCollection<Cursor> places) => _writer.Between(() =>
    {
        _writer.Checkpoint(whole: true);
        // What else the log names of it, the next sweep finds out.
        _files.Forget(places.Select(_log.Find));
        LogErasure.Erase(_journal, places);
        _pasts.Forget(_writer.Root.Block);
    });

    /// <summary>What differs between this image and one made from the log alone; records with an erased change are not compared.</summary>
    public async Task<IReadOnlyList<string>> Compare()
    {
        Root current = null!;
        Root rebuilt = null!;
        var map = new IdMap();
        await _writer.Between(() =>
        {
            current = _writer.Root;
            rebuilt = new ImageLoader(_journal, new()).Rebuild(map);
        }).ConfigureAwait(false);
        return ImageComparison.Differences(current, _map, rebuilt, map, _log);
    }

    public ValueTask DisposeAsync()
    {
        if (_closed)
            return ValueTask.CompletedTask;
        _closed = true;
        _writer.Close();
        _pasts.Dispose();
        _journal.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void OnPool(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);

    /// <summary>Encodes a large plan on all cores, some 1 MB at a time, and keeps the parts aside in order while the next are encoded.</summary>
    private async Task<StagedChanges> Stage(WritePlan plan, CancellationToken cancellation)
    {
        var root = Current;
        var staged = new StagedChanges { Checksums = new ulong[plan.Edits.Count] };
        var ahead = new Queue<Task<List<(byte[] Bytes, BlockPartName Name)>>>();
        var keeping = Task.CompletedTask;
        for (var from = 0; from < plan.Edits.Count || ahead.Count > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            for (; from < plan.Edits.Count && ahead.Count <= Environment.ProcessorCount; from = EndOfRun(plan, from))
            {
                var first = from;
                ahead.Enqueue(Task.Run(() => Encode(plan, first, EndOfRun(plan, first), root, staged.Checksums), cancellation));
            }
            var parts = await ahead.Dequeue().ConfigureAwait(false);
            await keeping.ConfigureAwait(false);
            keeping = Keep(parts, staged);
        }
        await keeping.ConfigureAwait(false);
        return staged;
    }

    /// <summary>How far edits go that fill about as many parts as are kept aside in one go.</summary>
    private static int EndOfRun(WritePlan plan, int from)
    {
        // Ids, salt, digest, versions, period.
        const int others = 128;
        var bytes = 0L;
        while (from < plan.Edits.Count && bytes < BytesAtOnce)
            bytes += others + plan.Edits[from++].Set.Length;
        return from;
    }

    /// <summary>The parts that some edits of a plan come to.</summary>
    private List<(byte[] Bytes, BlockPartName Name)> Encode(WritePlan plan, int from, int to, Root root, ulong[] checksums)
    {
        var encoder = new EditEncoder();
        var change = new System.Buffers.ArrayBufferWriter<byte>();
        var part = new PartBuilder();
        var parts = new List<(byte[] Bytes, BlockPartName Name)>();
        for (var i = from; i < to; i++)
        {
            var edit = plan.Edits[i];
            var old = _map.Find(edit.Id, root.Space) is var slot and >= 0 ? root.Space[slot] : default;
            change.ResetWrittenCount();
            // What does not fit will fail its guard when its turn comes.
            if (!EditEncoder.Fits(edit, old) || !encoder.TryEncode(edit, old, change))
                continue;
            if (!plan.MakesAnew || !EditEncoder.IsFresh(edit))
                checksums[i] = StagedChanges.Checksum(change.WrittenSpan);
            if (!part.HasRoom(change.WrittenCount))
                Close();
            part.Add(change.WrittenSpan);
        }
        if (part.Count > 0)
            Close();
        return parts;

        void Close() => parts.Add((part.Close(out var name), name));
    }

    private async Task Keep(List<(byte[] Bytes, BlockPartName Name)> parts, StagedChanges staged)
    {
        if (parts.Count == 0)
            return;
        IReadOnlyList<long> kept = [];
        try
        {
            await _writer.Between(() => kept = _journal.Stage([.. parts.Select(p => (ReadOnlyMemory<byte>)p.Bytes)])).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFaults.CannotWrite(e);
        }
        for (var i = 0; i < parts.Count; i++)
        {
            staged.Parts.Add((new(default, kept[i]), parts[i].Name));
            staged.Bytes += parts[i].Bytes.Length;
        }
    }

    private void Want(int type, IndexOrder order) =>
        Want(type, order.Name, state => state?.Index(order) is null && state?.HasRoom != false, work => work.AddIndex(order));

    private void Want(Predicate.Standing question)
    {
        // A past state lacks what the present has by now.
        if (IsLacking(Current.Type(question.Type)))
            Want(question.Type, "? " + question.Name, IsLacking, work =>
            {
                if (new ConditionCompiler(Root.Empty, _map).Compile(question.Part) is { } condition)
                    work.Answer(question.Name, condition);
            });

        bool IsLacking(TypeState? state) => state?.Answers is not { } answers || answers.HasRoom && answers.Find(question.Name) is null;
    }

    /// <summary>There is one index of words for all fields of a type.</summary>
    private void WantWords(int type) => Want(type, "words", state => state?.Words is null, work => work.IndexWords(_prepared is null ? [] : Searched(_prepared, type)));

    /// <summary>A reader would have liked something to be kept of a type: it is built between blocks, and the reads after find it.</summary>
    private void Want(int type, string what, Func<TypeState?, bool> isLacking, Action<TypeWork> build)
    {
        if (Tree.CountOf(Current.Type(type)?.Extent) < _options.IndexFrom)
            return;
        var wanted = (type, what);
        lock (_wanted)
            if (!_wanted.Add(wanted))
                return;
        _ = _writer.TryBetween(() =>
        {
            var root = _writer.Root;
            if (isLacking(root.Type(type)))
            {
                var batch = new Batch(root, _map);
                build(batch.Type(type));
                _writer.Root = batch.Freeze(root.Block, root.Hash, root.At);
            }
            // It may be wanted again, after another model.
            lock (_wanted)
                _wanted.Remove(wanted);
        });
    }

    private static ModelKey[] Wanted(ModelType type, CompiledModel? before) =>
        [.. type.Keys, .. before?.Type(type.Name) is { } old && old.Ordinal == type.Ordinal ? old.Keys.Where(k => type.Keys.All(n => n.Name != k.Name)) : []];

    private static ImmutableArray<Column> Searched(CompiledModel model, int ordinal) =>
        model.ByOrdinal.GetValueOrDefault(ordinal) is ModelType type ? [.. Plans.Searched.FieldsOf(type).Select(f => new Column(f))] : [];

    private static ImmutableArray<Column> Naming(RecordType type, CompiledModel? before) =>
        [.. type.Fields.Concat(before?.ByOrdinal.GetValueOrDefault(type.Ordinal)?.Fields ?? []).Where(FileMentions.IsFile).DistinctBy(f => f.Ordinal).OrderBy(f => f.Ordinal).Select(f => new Column(f))];

    private static bool SameKeys(TypeState? state, ModelKey[] wanted) =>
        (state?.Keys.Length ?? 0) == wanted.Length && wanted.All(k => state!.Keys.Any(t => t.IsFor(k)));
}
