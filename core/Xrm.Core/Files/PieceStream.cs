namespace Xrm.Core.Files;

/// <summary>Reads a content from its shelf, one piece in memory at a time.</summary>
internal sealed class PieceStream(IFileShelf shelf, KeptFile file) : Stream
{
    private byte[] _piece = [];
    private int _number = -1;
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => file.Size;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _position >= file.Size)
            return 0;
        var (number, at) = Math.DivRem(_position, KeptFile.PieceSize);
        if (number != _number)
        {
            var piece = shelf.Read(file.Hash, (int)number);
            if (piece.Length != Math.Min(KeptFile.PieceSize, file.Size - number * KeptFile.PieceSize))
                throw new IOException($"Piece {number} of the file {file.Hash} has {piece.Length} bytes.");
            (_piece, _number) = (piece, (int)number);
        }
        var count = Math.Min(buffer.Length, _piece.Length - (int)at);
        _piece.AsSpan((int)at, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => file.Size + offset,
    };

    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
