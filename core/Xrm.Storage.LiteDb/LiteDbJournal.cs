using LiteDB;
using LiteDB.Engine;
using Xrm.Core.Files;
using Xrm.Core.Log;
using Xrm.Storage.LiteDb.Tail;

namespace Xrm.Storage.LiteDb;

/// <summary>Blocks, segments and the checkpoint in a LiteDB file of one data folder, the newest small blocks in two files beside it (<see cref="TailLog"/>).</summary>
/// <remarks>
/// <c>blocks</c>: one document for each, <c>_id</c> number, <c>h</c> head, <c>p</c> parts (bytes, or the number of a content in
/// <c>parts</c>), <c>x</c> checksum. <c>segments</c> and <c>parts</c>: <see cref="Contents"/>. <c>meta</c>: <c>store</c> (format),
/// <c>checkpoint</c>, <c>loose</c>. Only <c>_id</c> is indexed.
/// </remarks>
internal sealed class LiteDbJournal : IJournal
{
    public const string DataFile = "store.db";
    public const string LogFile = "store.log";
    public const string FirstTail = "store.1.log";
    public const string SecondTail = "store.2.log";

    /// <summary>Bytes in a tail file from which on its blocks go to LiteDB: in one transaction, so no more than LiteDB carries well.</summary>
    public const int TailBytes = 2 * 1024 * 1024;

    /// <summary>What this version writes and the newest it reads.</summary>
    public const int Format = 1;

    /// <summary>Up to this length a part lies in the block's document.</summary>
    private const int InlinePart = 64 * 1024;

    /// <summary>Up to this length together.</summary>
    private const int InlineParts = 4 * 1024 * 1024;

    /// <summary>A longer block goes to LiteDB itself.</summary>
    private const int TailBlockBytes = 512 * 1024;

    private const string StoreId = "store";
    private const string CheckpointId = "checkpoint";

    private readonly Database _database;
    private readonly Contents _contents;
    private readonly TailLog _tail;
    private readonly FolderLock _lock;
    private readonly string _path;
    private readonly int _tailBytes;
    private long _lastBlock;
    private volatile Checkpoint? _checkpoint;

    private LiteDbJournal(Database database, TailFile first, TailFile second, FolderLock held, string path, int tailBytes)
    {
        _database = database;
        _contents = new(database);
        _tail = new(first, second, tailBytes, Keep);
        _lock = held;
        _path = path;
        _tailBytes = tailBytes;
        Files = new LiteDbFiles(database, _contents);
        CheckFormat();
        _contents.Open();
        _lastBlock = _tail.Open(database.Read(engine => engine.LastId(Documents.Blocks)), path);
        _checkpoint = database.Read(ReadCheckpoint);
        if (_checkpoint?.Block > _lastBlock)
            throw StoreFault.Damaged(path, $"block {_checkpoint.Block}");
    }

    public long LastBlock => Volatile.Read(ref _lastBlock);

    public Checkpoint? LastCheckpoint => _checkpoint;

    public IFileShelf Files { get; }

    /// <summary>Opens the journal of a folder, made when it is not there. The folder is this process's until it is disposed of.</summary>
    /// <param name="open">Opens a file by its path; null = on disk.</param>
    /// <param name="logPages">Pages of LiteDB's log from which on it is emptied.</param>
    /// <param name="tailBytes">Bytes of a tail file from which on it is; 0 = each block goes to LiteDB itself.</param>
    /// <exception cref="StoreFault">It is in use, cannot be written, is damaged, or of a newer version; nothing was changed.</exception>
    public static LiteDbJournal Open(string folder, Func<string, IStoreFile>? open = null, int logPages = Database.LogPages, int tailBytes = TailBytes)
    {
        folder = Path.GetFullPath(folder);
        var path = Path.Combine(folder, DataFile);
        var undo = new Stack<IDisposable>();
        try
        {
            var held = FolderLock.Take(folder);
            undo.Push(held);
            open ??= file => new DiskFile(file);
            var logPath = Path.Combine(folder, LogFile);
            string[] tails = [Path.Combine(folder, FirstTail), Path.Combine(folder, SecondTail)];
            if (!File.Exists(path))
            {
                if (tails.Append(logPath).Any(f => File.Exists(f) && new FileInfo(f).Length > 0))
                    throw StoreFault.Damaged(path, "0 bytes");
                Make(path, open);
            }
            var data = open(path);
            undo.Push(data);
            var log = open(logPath);
            undo.Push(log);
            var database = new Database(path, data, log, logPages);
            undo.Push(database);
            var files = tails.Select(t => new TailFile(open(t), t)).ToArray();
            foreach (var file in files)
                undo.Push(file);
            return new(database, files[0], files[1], held, path, tailBytes);
        }
        catch (Exception e)
        {
            while (undo.TryPop(out var opened))
                opened.Dispose();
            throw e is UnauthorizedAccessException ? StoreFault.NotWritable(folder, e) : StoreFault.OfRead(path, e);
        }
    }

    public IReadOnlyList<long> Stage(IReadOnlyList<ReadOnlyMemory<byte>> parts) => [.. _contents.Write(Documents.Parts, parts).Select(c => c.Id)];

    public void Append(long number, ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts)
    {
        if (number != LastBlock + 1)
            throw new ArgumentException($"Block {number} cannot follow block {LastBlock}.", nameof(number));
        if (parts.FirstOrDefault(p => p.Staged != 0 && !_contents.IsLoose(Documents.Parts, p.Staged)) is { Staged: not 0 } unknown)
            throw new ArgumentException($"No part was kept aside as {unknown.Staged}.", nameof(parts));
        if (IsForTail(head, parts))
            _tail.Append(number, head, parts);
        else
        {
            // Blocks stand there in order: the ones before go first.
            _tail.Drain();
            _contents.Write(
                engine => engine.Add(Documents.Blocks, [BlockOf(engine, number, head, parts)]),
                named: c => c.Collection == Documents.Parts && parts.Any(p => p.Staged == c.Id),
                unnamed: []);
        }
        Volatile.Write(ref _lastBlock, number);
    }

    public byte[]? ReadHead(long number) =>
        number < 1 || number > LastBlock ? null
        : _tail.Find(number) is { } block ? block.Head.ToArray()
        : _database.Read(engine => Block(engine, number)["h"].AsBinary);

    public byte[] ReadPart(long number, int part)
    {
        if (number < 1 || number > LastBlock)
            throw new ArgumentOutOfRangeException(nameof(number), number, "No such block.");
        if (_tail.Find(number) is { } block)
            return block.Parts[part].Bytes.ToArray();
        // In one turn: erasure may replace it.
        return _database.Read(engine =>
        {
            var value = Block(engine, number)["p"].AsArray[part];
            return value.IsBinary ? value.AsBinary : Contents.Read(engine, Documents.Parts, value.AsInt64);
        });
    }

    /// <inheritdoc/>
    /// <remarks>The old bytes are overwritten in the data file, and the files that may hold them are emptied.</remarks>
    public void ReplacePart(long number, int part, ReadOnlyMemory<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, LastBlock);
        _tail.Wipe();
        var block = _database.Read(engine => Block(engine, number));
        var parts = block["p"].AsArray;
        var old = parts[part];
        _database.Write(engine =>
        {
            if (!old.IsBinary)
                Contents.Drop(engine, Contents.Find(engine, Documents.Parts, old.AsInt64));
            // Taken away and put back rather than updated: what is taken away is overwritten with zeros.
            engine.Delete(Documents.Blocks, [number]);
            parts[part] = bytes.Length <= InlinePart ? bytes.ToArray() : _contents.Write(engine, Documents.Parts, bytes).Id;
            block["x"] = SumOf(number, block);
            engine.Add(Documents.Blocks, [block]);
        });
        _database.EmptyLog();
    }

    public byte[] ReadSegment(long segment) => Contents.ReadInTurns(_database, Documents.Segments, segment);

    public void WriteCheckpoint(long block, IReadOnlyList<long> kept, IEnumerable<ReadOnlyMemory<byte>> segments, ReadOnlyMemory<byte> meta)
    {
        List<Content> written = [];
        try
        {
            foreach (var segment in segments)
                written.Add(_contents.Write(Documents.Segments, segment));
        }
        catch
        {
            _contents.Abandon(written);
            throw;
        }
        var checkpoint = new Checkpoint(block, [.. kept, .. written.Select(c => c.Id)], meta.ToArray());
        Content[] dropped = _database.Read(engine => (_checkpoint?.Segments ?? [])
            .Where(s => !kept.Contains(s)).Select(s => Contents.Find(engine, Documents.Segments, s)).ToArray());
        _contents.Write(
            engine => engine.Put(Documents.Meta, DocumentOf(checkpoint)),
            named: c => c.Collection == Documents.Segments && written.Contains(c),
            unnamed: dropped);
        _checkpoint = checkpoint;
        _contents.Abandon(dropped);
    }

    public void Dispose()
    {
        _tail.Dispose();
        _database.Dispose();
        _lock.Dispose();
    }

    /// <summary>Makes an empty store under another name and renames it, so that a data file is never there half-made.</summary>
    private static void Make(string path, Func<string, IStoreFile> open)
    {
        var (data, log) = (path + ".new", path + ".new.log");
        File.Delete(data);
        File.Delete(log);
        using (var database = new Database(path, open(data), open(log), isNew: true))
        {
            database.Prepare();
            database.Write(engine => engine.Put(Documents.Meta, new BsonDocument { ["_id"] = StoreId, ["format"] = Format }));
            database.EmptyLog();
        }
        File.Delete(log);
        File.Move(data, path);
    }

    private void CheckFormat()
    {
        var store = _database.Read(engine => engine.Find(Documents.Meta, StoreId))
            ?? throw StoreFault.Damaged(_path, "meta");
        if (store["format"].AsInt64 > Format)
            throw StoreFault.Newer(_path, store["format"].AsInt64, Format);
    }

    private bool IsForTail(ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts) =>
        TailBlock.LengthOf(head, parts) <= Math.Min(TailBlockBytes, _tailBytes) && parts.All(p => p.Staged == 0 && p.Bytes.Length <= InlinePart);

    private void Keep(IReadOnlyList<TailBlock> blocks) => _database.Write(engine =>
        engine.Add(Documents.Blocks, blocks.Select(b => BlockOf(engine, b.Number, b.Head, b.Parts))));

    private BsonDocument BlockOf(LiteEngine engine, long number, ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts)
    {
        var list = new BsonArray();
        var inline = 0;
        foreach (var part in parts)
            if (part.Staged != 0)
                list.Add(part.Staged);
            else if (part.Bytes.Length > InlinePart || inline + part.Bytes.Length > InlineParts)
                list.Add(_contents.Write(engine, Documents.Parts, part.Bytes).Id);
            else
            {
                inline += part.Bytes.Length;
                list.Add(Documents.Bytes(part.Bytes));
            }
        var document = new BsonDocument { ["_id"] = number, ["h"] = Documents.Bytes(head), ["p"] = list };
        document["x"] = SumOf(number, document);
        return document;
    }

    private static BsonDocument Block(LiteEngine engine, long number)
    {
        var document = engine.Find(Documents.Blocks, number) ?? throw new InvalidDataException($"blocks {number}: missing");
        return document["x"].AsInt32 == SumOf(number, document) ? document : throw new InvalidDataException($"blocks {number}: checksum");
    }

    private static int SumOf(long number, BsonDocument block)
    {
        var sum = Checksum.Of(number, block["h"].AsBinary);
        foreach (var part in block["p"].AsArray)
            sum = Checksum.Add(sum, part.IsBinary ? part.AsBinary : BitConverter.GetBytes(part.AsInt64));
        return (int)sum;
    }

    private static BsonDocument DocumentOf(Checkpoint checkpoint) => new()
    {
        ["_id"] = CheckpointId,
        ["b"] = checkpoint.Block,
        ["s"] = new BsonArray(checkpoint.Segments.Select(s => new BsonValue(s))),
        ["m"] = checkpoint.Meta,
        ["x"] = SumOf(checkpoint),
    };

    private static int SumOf(Checkpoint checkpoint) => (int)checkpoint.Segments.Aggregate(
        Checksum.Of(checkpoint.Block, checkpoint.Meta), (sum, segment) => Checksum.Add(sum, BitConverter.GetBytes(segment)));

    private static Checkpoint? ReadCheckpoint(LiteEngine engine)
    {
        if (engine.Find(Documents.Meta, CheckpointId) is not { } document)
            return null;
        var checkpoint = new Checkpoint(document["b"].AsInt64, [.. document["s"].AsArray.Select(s => s.AsInt64)], document["m"].AsBinary);
        return document["x"].AsInt32 == SumOf(checkpoint)
            ? checkpoint : throw new InvalidDataException("checkpoint: checksum");
    }
}
