namespace Xrm.Storage.LiteDb;

/// <summary>Reads a file one content at a time.</summary>
internal sealed class BlobStream(Database database, long length, long[] contents) : Stream
{
    private byte[] _current = [];
    private int _at;
    private int _next;
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => length;
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        while (_at == _current.Length)
        {
            if (_next == contents.Length)
                return 0;
            _current = database.Read(engine => Contents.Read(engine, Documents.Parts, contents[_next]));
            _next++;
            _at = 0;
        }
        var count = Math.Min(buffer.Length, _current.Length - _at);
        _current.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
