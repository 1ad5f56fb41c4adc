using LiteDB;
using LiteDB.Engine;

namespace Xrm.Storage.LiteDb;

/// <summary>A piece of content: its collection, its number there, and into how many documents it is cut.</summary>
internal readonly record struct Content(string Collection, long Id, int Pieces);

/// <summary>Bytes of any length, cut into documents of at most <see cref="PieceSize"/>: <c>_id</c> = number &lt;&lt; 20 | piece, <c>n</c> the whole length (first piece), <c>x</c> checksum, <c>b</c> bytes.</summary>
/// <remarks>
/// Content is written in transactions of a few pieces, so that none is large. Until its owner names it, it stands in the list of loose
/// content in <c>meta</c>, which changes in the same transactions: what a crash leaves over is found there and dropped at the next start.
/// Several threads may write and drop, each its own.
/// </remarks>
internal sealed class Contents(Database database)
{
    /// <summary>Small enough that a piece, which is read and written whole, is no large object to the collector. Content of an earlier version has pieces of 1 MB.</summary>
    public const int PieceSize = 1 << 16;

    /// <summary>Pieces in one transaction: 4 MB, as much as LiteDB then keeps in memory.</summary>
    private const int AtOnce = 64;

    /// <summary>Pieces that are read in one turn: 1 MB.</summary>
    private const int InTurn = 16;

    private const int PieceBits = 20;
    private const string LooseId = "loose";

    private readonly Dictionary<string, long> _last = [];
    /// <summary>Locked with the numbers.</summary>
    private readonly List<Content> _loose = [];

    /// <summary>Reads where numbering stands and drops what no one names.</summary>
    public void Open()
    {
        foreach (var collection in (string[])[Documents.Parts, Documents.Segments])
            _last[collection] = database.Read(engine => engine.LastId(collection)) >> PieceBits;
        var list = database.Read(engine => engine.Find(Documents.Meta, LooseId));
        if (list is null)
            return;
        _loose.AddRange(list["l"].AsArray.Select(l => new Content(l["c"].AsString, l["i"].AsInt64, l["n"].AsInt32)));
        foreach (var content in _loose)
            _last[content.Collection] = Math.Max(_last[content.Collection], content.Id);
        Drop([.. _loose]);
    }

    /// <summary>Writes some contents that nothing names yet: small ones in one transaction, several of which would each be written to disk.</summary>
    public IReadOnlyList<Content> Write(string collection, IReadOnlyList<ReadOnlyMemory<byte>> all)
    {
        if (all.Sum(b => PiecesOf(b.Length)) > AtOnce)
            return [.. all.Select(b => Write(collection, b))];
        Content[] contents = [.. all.Select(b => New(collection, b.Length))];
        lock (_loose)
            _loose.AddRange(contents);
        database.Write(engine =>
        {
            SaveLoose(engine);
            engine.Add(collection, contents.SelectMany((c, i) => Cut(c, all[i], 0, c.Pieces)));
        }, durable: false);
        return contents;
    }

    /// <summary>Writes content that nothing names yet.</summary>
    public Content Write(string collection, ReadOnlyMemory<byte> bytes)
    {
        var content = New(collection, bytes.Length);
        lock (_loose)
            _loose.Add(content);
        for (var piece = 0; piece < content.Pieces; piece += AtOnce)
        {
            var from = piece;
            database.Write(engine =>
            {
                if (from == 0)
                    SaveLoose(engine);
                engine.Add(collection, Cut(content, bytes, from, Math.Min(from + AtOnce, content.Pieces)));
            }, durable: false);
        }
        return content;
    }

    /// <summary>Writes content within a transaction that names it.</summary>
    public Content Write(LiteEngine engine, string collection, ReadOnlyMemory<byte> bytes)
    {
        var content = New(collection, bytes.Length);
        engine.Add(collection, Cut(content, bytes, 0, content.Pieces));
        return content;
    }

    /// <summary>Whether it was written and nothing names it.</summary>
    public bool IsLoose(string collection, long id)
    {
        lock (_loose)
            return _loose.Exists(c => c.Collection == collection && c.Id == id);
    }

    /// <summary>Runs a transaction that begins to name some loose content and ceases to name other content.</summary>
    public void Write(Action<LiteEngine> work, Func<Content, bool> named, IReadOnlyCollection<Content> unnamed)
    {
        List<Content> taken;
        lock (_loose)
        {
            taken = _loose.FindAll(c => named(c));
            _loose.RemoveAll(taken.Contains);
            _loose.AddRange(unnamed);
        }
        try
        {
            database.Write(engine =>
            {
                work(engine);
                if (taken.Count > 0 || unnamed.Count > 0)
                    SaveLoose(engine);
            });
        }
        catch
        {
            lock (_loose)
            {
                _loose.RemoveAll(unnamed.Contains);
                _loose.AddRange(taken);
            }
            throw;
        }
    }

    /// <summary>Takes loose content away; LiteDB overwrites its pages with zeros.</summary>
    public void Drop(IReadOnlyCollection<Content> contents)
    {
        foreach (var content in contents)
            for (var piece = 0; piece < content.Pieces; piece += AtOnce)
            {
                var from = piece;
                var isLast = from + AtOnce >= content.Pieces;
                var ids = Enumerable.Range(from, Math.Min(AtOnce, content.Pieces - from)).Select(p => new BsonValue(IdOf(content.Id, p)));
                if (isLast)
                    lock (_loose)
                        _loose.Remove(content);
                database.Write(engine =>
                {
                    engine.Delete(content.Collection, ids);
                    SaveLoose(engine);
                }, durable: false);
            }
    }

    /// <summary>Takes loose content away if that can be done now; if not, it stays loose and the next start does it.</summary>
    public void Abandon(IReadOnlyCollection<Content> contents)
    {
        try
        {
            Drop(contents);
        }
        catch (StoreFault)
        {
            // The list of loose content on disk still has it, and whatever made this fail is told to the next write.
        }
    }

    /// <summary>Takes content away within a transaction.</summary>
    public static void Drop(LiteEngine engine, Content content) =>
        engine.Delete(content.Collection, Enumerable.Range(0, content.Pieces).Select(p => new BsonValue(IdOf(content.Id, p))));

    /// <summary>All bytes of a content, the caller's own.</summary>
    /// <exception cref="InvalidDataException">It is not there whole.</exception>
    public static byte[] Read(LiteEngine engine, string collection, long id) => Join((from, rest) => Pieces(engine, collection, id, from, rest));

    /// <summary>The same of a content that nobody takes away meanwhile: others have their turn between some pieces and the next, for putting them together takes as long as reading them.</summary>
    /// <exception cref="StoreFault">It is not there whole.</exception>
    public static byte[] ReadInTurns(Database database, string collection, long id) =>
        Join((from, rest) => database.Read(engine => Pieces(engine, collection, id, from, rest)));

    private static byte[] Join(Func<int, int?, (int Length, List<byte[]> Pieces)> next)
    {
        byte[]? all = null;
        var at = 0;
        for (var piece = 0; all is null || at < all.Length; piece += InTurn)
        {
            var (length, pieces) = next(piece, all?.Length - at);
            all ??= GC.AllocateUninitializedArray<byte>(length);
            foreach (var bytes in pieces)
            {
                bytes.CopyTo(all, at);
                at += bytes.Length;
            }
        }
        return all;
    }

    /// <summary>Some pieces of a content, proven.</summary>
    /// <param name="rest">How many bytes there are from the first of them on; null when they are from the beginning, where it is written.</param>
    private static (int Length, List<byte[]> Pieces) Pieces(LiteEngine engine, string collection, long id, int from, int? rest)
    {
        var pieces = new List<byte[]>(InTurn);
        var number = IdOf(id, from);
        var read = 0;
        foreach (var document in engine.Between(collection, number, number + InTurn - 1))
        {
            if (document["_id"].AsInt64 != number)
                throw Missing(collection, id);
            rest ??= checked((int)document["n"].AsInt64);
            var bytes = document["b"].AsBinary;
            read += bytes.Length;
            if ((uint)document["x"].AsInt32 != Checksum.Of(number, bytes) || read > rest)
                throw new InvalidDataException($"{collection} {id}: checksum");
            pieces.Add(bytes);
            number++;
        }
        return rest is { } length && (read == length || pieces.Count == InTurn) ? (length, pieces) : throw Missing(collection, id);
    }

    /// <summary>A content by its number, with its pieces counted.</summary>
    public static Content Find(LiteEngine engine, string collection, long id) =>
        new(collection, id, PiecesOf((engine.Find(collection, IdOf(id, 0)) ?? throw Missing(collection, id))["n"].AsInt64));

    private Content New(string collection, int length)
    {
        lock (_loose)
            return new(collection, ++_last[collection], PiecesOf(length));
    }

    private void SaveLoose(LiteEngine engine)
    {
        BsonArray list;
        lock (_loose)
            list = new(_loose.Select(c => new BsonDocument { ["c"] = c.Collection, ["i"] = c.Id, ["n"] = c.Pieces }));
        engine.Put(Documents.Meta, new BsonDocument { ["_id"] = LooseId, ["l"] = list });
    }

    private static IEnumerable<BsonDocument> Cut(Content content, ReadOnlyMemory<byte> bytes, int from, int to)
    {
        // LiteDB has written a document when it asks for the next: whole pieces lie in the same bytes one after the other.
        byte[]? room = null;
        for (var piece = from; piece < to; piece++)
        {
            var rest = bytes[(piece * PieceSize)..];
            byte[] slice;
            if (rest.Length > PieceSize)
                rest.Span[..PieceSize].CopyTo(slice = room ??= new byte[PieceSize]);
            else
                slice = Documents.Bytes(rest);
            var id = IdOf(content.Id, piece);
            var document = new BsonDocument { ["_id"] = id, ["x"] = (int)Checksum.Of(id, slice), ["b"] = slice };
            if (piece == 0)
                document["n"] = (long)bytes.Length;
            yield return document;
        }
    }

    private static int PiecesOf(long length) => (int)Math.Max(1, (length + PieceSize - 1) / PieceSize);

    private static long IdOf(long content, int piece) => content << PieceBits | (long)piece;

    private static InvalidDataException Missing(string collection, long id) => new($"{collection} {id}: missing");
}
