using System.Security.Cryptography;
using Xrm.Storage.LiteDb;
using static Xrm.Storage.Tests.LiteDb.JournalTests;

namespace Xrm.Storage.Tests.LiteDb;

public sealed class BlobTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_048_576)]
    [InlineData(9_000_001)]
    public void A_file_is_read_by_the_hash_of_what_it_holds_also_after_opening_anew(int length)
    {
        var bytes = Bytes(length, length);
        byte[] hash;
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            journal.Blobs.Exists(SHA256.HashData(bytes)).ShouldBeFalse();
            journal.Blobs.Open(SHA256.HashData(bytes)).ShouldBeNull();
            hash = journal.Blobs.Put(new MemoryStream(bytes));
            hash.ShouldBe(SHA256.HashData(bytes));
        }
        using (var journal = LiteDbJournal.Open(_folder.Path))
        {
            journal.Blobs.Exists(hash).ShouldBeTrue();
            using var stream = journal.Blobs.Open(hash).ShouldNotBeNull();
            stream.Length.ShouldBe(length);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.ToArray().AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        }
    }

    [Fact]
    public void The_same_bytes_are_kept_once()
    {
        using var journal = LiteDbJournal.Open(_folder.Path);
        var bytes = Bytes(5_000_000, 1);
        var first = journal.Blobs.Put(new MemoryStream(bytes));
        for (var i = 0; i < 5; i++)
            journal.Blobs.Put(new MemoryStream(bytes)).ShouldBe(first);
        journal.Dispose();
        new FileInfo(_folder.File(LiteDbJournal.DataFile)).Length.ShouldBeLessThan(12_000_000);
    }

    [Fact]
    public void A_file_that_breaks_off_leaves_nothing()
    {
        using var journal = LiteDbJournal.Open(_folder.Path);
        Should.Throw<IOException>(() => journal.Blobs.Put(new BrokenStream(new MemoryStream(Bytes(6_000_000, 1))))).Message.ShouldBe("broken off");
        journal.Append(1, Bytes(1, 1), []);
        journal.Blobs.Put(new MemoryStream(Bytes(3_000_000, 2)));
        journal.Dispose();
        new FileInfo(_folder.File(LiteDbJournal.DataFile)).Length.ShouldBeLessThan(5_000_000);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Ends in an error after 4.5 MB, as an upload does when the line drops.</summary>
    private sealed class BrokenStream(MemoryStream inner) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) =>
            inner.Position < 4_500_000 ? inner.Read(buffer, offset, Math.Min(count, 500_000)) : throw new IOException("broken off");
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
