using System.Collections.Immutable;
using LiteDB;
using Xrm.Core.Files;

namespace Xrm.Storage.LiteDb;

/// <summary>Contents of files by the SHA-256 of what they hold. <c>blobs</c>: <c>_id</c> the hash, <c>n</c> length, <c>c</c> the numbers of the contents in <c>parts</c> that hold it in order, <c>b</c> block, <c>s</c> who sent it when, <c>l</c> whether the log names it.</summary>
internal sealed class LiteDbFiles(Database database, Contents contents) : IFileShelf
{
    private const int Page = 500;
    private const int HashBytes = 32;

    public void Add(KeptFile file, IReadOnlyList<long> pieces)
    {
        var document = DocumentOf(file, new(pieces.Select(p => new BsonValue(p))));
        contents.Write(
            engine => engine.Add(Documents.Blobs, [document]),
            named: c => c.Collection == Documents.Parts && pieces.Contains(c.Id),
            unnamed: []);
    }

    public void Abandon(IReadOnlyList<long> pieces) => contents.Abandon(Parts(pieces));

    public void Note(KeptFile file)
    {
        var pieces = Document(file.Hash)?["c"].AsArray ?? throw new IOException($"There is no file {file.Hash}.");
        database.Write(engine => engine.Put(Documents.Blobs, DocumentOf(file, pieces)));
    }

    public void Drop(string hash)
    {
        if (Document(hash) is not { } document)
            return;
        var parts = Parts([.. document["c"].AsArray.Select(c => c.AsInt64)]);
        contents.Write(engine => engine.Delete(Documents.Blobs, [document["_id"]]), named: _ => false, unnamed: parts);
        contents.Abandon(parts);
    }

    public KeptFile? Find(string hash) => Document(hash) is { } document ? FileOf(document) : null;

    public IReadOnlyList<KeptFile> Behind(string? after) => database.Read(engine =>
        engine.Behind(Documents.Blobs, after is null ? BsonValue.MinValue : Convert.FromHexString(after), Page).Select(FileOf).ToList());

    public byte[] Read(string hash, int piece) => database.Read(engine =>
        Contents.Read(engine, Documents.Parts, (engine.Find(Documents.Blobs, Convert.FromHexString(hash)) ?? throw new FileNotFoundException(hash))["c"].AsArray[piece].AsInt64));

    private BsonDocument? Document(string hash)
    {
        Span<byte> bytes = stackalloc byte[HashBytes];
        if (hash.Length != 2 * HashBytes || Convert.FromHexString(hash, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return null;
        var id = bytes.ToArray();
        return database.Read(engine => engine.Find(Documents.Blobs, id));
    }

    private Content[] Parts(IReadOnlyList<long> pieces) => database.Read(engine => pieces.Select(p => Contents.Find(engine, Documents.Parts, p)).ToArray());

    private static BsonDocument DocumentOf(KeptFile file, BsonArray pieces) => new()
    {
        ["_id"] = Convert.FromHexString(file.Hash),
        ["n"] = file.Size,
        ["c"] = pieces,
        ["b"] = file.Block,
        ["s"] = new BsonArray(file.Sendings.Select(s => new BsonDocument { ["a"] = s.Actor, ["t"] = s.At.ToUnixTimeMilliseconds() })),
        ["l"] = file.IsNamed,
    };

    private static KeptFile FileOf(BsonDocument document) => new(
        Convert.ToHexStringLower(document["_id"].AsBinary), document["n"].AsInt64, document["b"].AsInt64,
        [.. document["s"].AsArray.Select(s => new FileSending(s["a"].AsString, DateTimeOffset.FromUnixTimeMilliseconds(s["t"].AsInt64)))],
        document["l"].AsBoolean);
}
