using System.Buffers;

namespace Xrm.Host.Operations;

/// <summary>A file that goes to whoever waits for an operation, in pieces.</summary>
/// <param name="receiver">Given the pieces.</param>
/// <param name="stopped">Ends when nobody wants it any more.</param>
internal sealed class ReceiverStream(IReceiver receiver, CancellationToken stopped) : Stream
{
    private const int Piece = 1 << 16;

    private readonly ArrayBufferWriter<byte> _piece = new(Piece);

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var some = buffer[..Math.Min(buffer.Length, Piece - _piece.WrittenCount)];
            _piece.Write(some.Span);
            buffer = buffer[some.Length..];
            if (_piece.WrittenCount == Piece)
                await FlushAsync(cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Archives and the like are written this way; an operation is one of few, so that the thread may wait.
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count), stopped).AsTask().GetAwaiter().GetResult();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_piece.WrittenCount == 0)
            return;
        stopped.ThrowIfCancellationRequested();
        await receiver.Bytes(_piece.WrittenMemory, cancellationToken);
        _piece.ResetWrittenCount();
    }

    public override void Flush() => FlushAsync(stopped).GetAwaiter().GetResult();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
