using System.Buffers;
using Xrm.Host.Operations;

namespace Xrm.Host.Exporting;

/// <summary>Gathers what is written and hands it on in pieces that end where a record ends.</summary>
internal sealed class Chunks(IReceiver receiver) : IAsyncDisposable
{
    private const int Size = 1 << 16;

    private readonly ArrayBufferWriter<byte> _buffer = new(2 * Size);

    public IBufferWriter<byte> Writer => _buffer;

    /// <summary>Hands on what there is when it is worth a piece; between records only.</summary>
    public ValueTask Flush(CancellationToken cancellation) => _buffer.WrittenCount >= Size ? Send(cancellation) : ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => Send(CancellationToken.None);

    private async ValueTask Send(CancellationToken cancellation)
    {
        if (_buffer.WrittenCount == 0)
            return;
        await receiver.Data(_buffer.WrittenMemory, cancellation);
        _buffer.ResetWrittenCount();
    }
}
