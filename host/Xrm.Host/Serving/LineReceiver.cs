using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>Writes what an operation tells as JSON lines; of progress told often only the newest, a few times a second.</summary>
internal sealed class LineReceiver : IReceiver, IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _end = new();
    private readonly PipeWriter _writer;
    private readonly Task _telling;
    private ImportProgress? _last;

    public LineReceiver(PipeWriter writer, TimeProvider time)
    {
        _writer = writer;
        _telling = Tell(time);
    }

    public void Progress(ImportProgress progress)
    {
        lock (_end)
            _last = progress;
    }

    public async ValueTask Data(ReadOnlyMemory<byte> utf8, CancellationToken cancellation) =>
        await Write(Wire.Line("data", JsonValue.Create(Encoding.UTF8.GetString(utf8.Span))), cancellation);

    public async ValueTask Bytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        await Write(Wire.Line("bytes", JsonValue.Create(Convert.ToBase64String(bytes.Span))), cancellation);

    /// <summary>The last line; no progress comes behind it.</summary>
    public async Task End(string name, JsonNode value)
    {
        await _end.CancelAsync();
        await _telling;
        await Write(Wire.Line(name, value), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _telling;
        _end.Dispose();
        _turn.Dispose();
    }

    private async Task Tell(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Pace, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                ImportProgress? progress;
                lock (_end)
                    (progress, _last) = (_last, null);
                if (progress is { } told)
                    await Write(Wire.Line("progress", Wire.Of(told)), _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The operation is over.
        }
    }

    private async Task Write(byte[] line, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _writer.Write(line);
            // A flush that is given up half way would break the stream of lines, so it is never cancelled.
            await _writer.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }
}
