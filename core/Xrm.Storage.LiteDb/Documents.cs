using System.Runtime.InteropServices;
using LiteDB;
using LiteDB.Engine;

namespace Xrm.Storage.LiteDb;

/// <summary>Reading documents by id, without LiteDB's mapper.</summary>
internal static class Documents
{
    public const string Meta = "meta";
    public const string Blocks = "blocks";
    public const string Segments = "segments";
    public const string Parts = "parts";
    public const string Blobs = "blobs";

    private const string Id = "_id";

    /// <summary>The document of an id; null when there is none.</summary>
    public static BsonDocument? Find(this LiteEngine engine, string collection, BsonValue id)
    {
        var query = new Query { Limit = 1 };
        query.Where.Add(BsonExpression.Create("_id = @0", id));
        return First(engine, collection, query);
    }

    /// <summary>The documents of the ids from one up to and including another, in their order.</summary>
    public static IEnumerable<BsonDocument> Between(this LiteEngine engine, string collection, BsonValue first, BsonValue last)
    {
        var query = new Query();
        query.Where.Add(BsonExpression.Create("_id BETWEEN @0 AND @1", first, last));
        using var reader = engine.Query(collection, query);
        while (reader.Read())
            yield return reader.Current.AsDocument;
    }

    /// <summary>Some documents whose ids are greater than one, in their order.</summary>
    public static IEnumerable<BsonDocument> Behind(this LiteEngine engine, string collection, BsonValue id, int most)
    {
        var query = new Query { Limit = most, OrderBy = BsonExpression.Create(Id), Order = Query.Ascending };
        query.Where.Add(BsonExpression.Create("_id > @0", id));
        using var reader = engine.Query(collection, query);
        while (reader.Read())
            yield return reader.Current.AsDocument;
    }

    /// <summary>The greatest id of a collection with numbers as ids; 0 when it is empty.</summary>
    public static long LastId(this LiteEngine engine, string collection) =>
        First(engine, collection, new Query { OrderBy = BsonExpression.Create(Id), Order = Query.Descending, Limit = 1 })?[Id].AsInt64 ?? 0;

    public static void Put(this LiteEngine engine, string collection, BsonDocument document) =>
        engine.Upsert(collection, [document], BsonAutoId.Int64);

    public static void Add(this LiteEngine engine, string collection, IEnumerable<BsonDocument> documents) =>
        engine.Insert(collection, documents, BsonAutoId.Int64);

    /// <summary>Bytes as a document holds them, an array of their length: the very one that they lie in, where they fill it.</summary>
    public static byte[] Bytes(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var whole) && whole.Array!.Length == bytes.Length ? whole.Array : bytes.ToArray();

    private static BsonDocument? First(LiteEngine engine, string collection, Query query)
    {
        using var reader = engine.Query(collection, query);
        return reader.Read() ? reader.Current.AsDocument : null;
    }
}
