using System.Security.Cryptography;
using LiteDB;

namespace Xrm.Storage.LiteDb;

/// <summary>Files by the SHA-256 of what they hold: the same bytes are kept once. <c>blobs</c>: <c>_id</c> the hash, <c>n</c> length, <c>c</c> the numbers of the contents in <c>parts</c> that hold it in order.</summary>
internal sealed class LiteDbBlobs(Database database, Contents contents)
{
    /// <summary>Bytes in one content, and in memory at a time.</summary>
    private const int ContentSize = 64 * Contents.PieceSize;

    /// <summary>Keeps what a stream holds; durable when it answers. On the writer's thread, so the stream should not keep it waiting.</summary>
    /// <returns>Its SHA-256, by which it is read.</returns>
    public byte[] Put(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        List<Content> written = [];
        long length = 0;
        try
        {
            var buffer = new byte[ContentSize];
            int read;
            while ((read = stream.ReadAtLeast(buffer, ContentSize, throwOnEndOfStream: false)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                length += read;
                written.Add(contents.Write(Documents.Parts, buffer.AsMemory(0, read)));
            }
            var key = hash.GetHashAndReset();
            if (Exists(key))
            {
                contents.Abandon(written);
                return key;
            }
            contents.Write(
                engine => engine.Add(Documents.Blobs,
                    [new() { ["_id"] = key, ["n"] = length, ["c"] = new BsonArray(written.Select(c => new BsonValue(c.Id))) }]),
                named: written.Contains,
                unnamed: []);
            return key;
        }
        catch
        {
            contents.Abandon(written);
            throw;
        }
    }

    public bool Exists(byte[] hash) => database.Read(engine => engine.Find(Documents.Blobs, hash)) is not null;

    /// <summary>A stream to read a file from, piece by piece; null when there is none of that hash. Any thread.</summary>
    public Stream? Open(byte[] hash) =>
        database.Read(engine => engine.Find(Documents.Blobs, hash)) is { } document
            ? new BlobStream(database, document["n"].AsInt64, [.. document["c"].AsArray.Select(c => c.AsInt64)])
            : null;
}
