namespace Xrm.Storage.LiteDb;

/// <summary>What both streams that LiteDB is given have in common: whole pages at a position, and an end of life after which nothing reaches the file.</summary>
internal abstract class PageStream : Stream
{
    public const int PageSize = 8192;

    /// <summary>Where LiteDB writes whether a page of the log confirms its transaction.</summary>
    public const int ConfirmByte = 18;

    private volatile bool _isDetached;

    /// <summary>Whether the engine it belonged to was given up.</summary>
    protected bool IsDetached => _isDetached;

    /// <summary>From now on it reads nothing and writes nothing: a given-up engine may close itself without harm.</summary>
    public void Detach() => _isDetached = true;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => true;
    public override long Position { get; set; }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public sealed override int Read(byte[] buffer, int offset, int count)
    {
        ObjectDisposedException.ThrowIf(_isDetached, this);
        ReadPage(Position, buffer.AsSpan(offset, count));
        Position += count;
        return count;
    }

    public sealed override void Write(byte[] buffer, int offset, int count)
    {
        if (_isDetached)
            return;
        WritePage(Position, buffer.AsSpan(offset, count));
        Position += count;
    }

    protected abstract void ReadPage(long position, Span<byte> into);

    protected abstract void WritePage(long position, ReadOnlySpan<byte> page);
}
