using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Xrm.Host.Connections;

/// <summary>
/// One connection. What comes is read by whichever thread was told of it, which then answers it; what is answered is sent by whoever wrote it. One thread reads at a time, and it
/// lets go before it answers, so that another one notices meanwhile that the client left.
/// </summary>
internal sealed class EpollConnection : DefaultConnectionContext, IMemoryPoolFeature
{
    // As Kestrel's own transport: so much of what nobody has read yet, or has sent yet, is kept.
    private const int MostUnread = 1 << 20;
    private const int MostUnsent = 1 << 16;
    private const int SmallestRead = 2048;

    private readonly Socket _socket;
    private readonly ReadyThreads _threads;
    private readonly Handover _handover = new();
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _isClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _ending = new();
    private readonly Task _sending;
    private int _reading;
    private int _sendable;
    private volatile bool _hasLeft;
    private TaskCompletionSource? _room;
    private Exception? _reason;
    private bool _isShut;

    /// <exception cref="IOException">The system watches no more; the socket is left to the caller.</exception>
    public EpollConnection(string id, Socket socket, ReadyThreads threads, MemoryPool<byte> pool) : base(id)
    {
        _socket = socket;
        _threads = threads;
        MemoryPool = pool;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        _input = new(new PipeOptions(pool, _handover, PipeScheduler.ThreadPool, MostUnread, MostUnread / 2, useSynchronizationContext: false));
        _output = new(new PipeOptions(pool, PipeScheduler.Inline, PipeScheduler.ThreadPool, MostUnsent, MostUnsent / 2, useSynchronizationContext: false));
        Transport = new Ends(_input.Reader, _output.Writer);
        Features.Set<IMemoryPoolFeature>(this);
        _sending = Send();
        threads.Add(this);
    }

    public MemoryPool<byte> MemoryPool { get; }
    /// <summary>By which the threads know it.</summary>
    public long Key { get; set; }
    public SafeHandle Socket => _socket.SafeHandle;

    /// <summary>Reads what came and answers it.</summary>
    /// <param name="of">What the kernel told.</param>
    public void Ready(uint of)
    {
        if ((of & (Syscalls.Writable | Syscalls.Broken)) != 0)
            HasRoom();
        if ((of & (Syscalls.Left | Syscalls.Broken)) != 0)
            _hasLeft = true;
        if ((of & (Syscalls.Readable | Syscalls.Broken)) != 0 && MayRead())
            Read();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Shut(abortReason);
        _output.Reader.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _sending;
        // The kernel tells that the socket is shut, but perhaps nobody listens any more.
        if (MayRead())
            Read();
        await _isClosed.Task;
        _threads.Remove(this);
        _socket.Dispose();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Takes the right to read; whoever has it looks once more when this is refused.</summary>
    private bool MayRead()
    {
        while (true)
        {
            var seen = Volatile.Read(ref _reading);
            if (seen is Reading.Again or Reading.Over)
                return false;
            if (Interlocked.CompareExchange(ref _reading, seen == Reading.Nobody ? Reading.Somebody : Reading.Again, seen) == seen)
                return seen == Reading.Nobody;
        }
    }

    private void Read()
    {
        var waiting = default(Handover.Continuation);
        do
        {
            Volatile.Write(ref _reading, Reading.Somebody);
            var state = Receive(ref waiting);
            if (state == Received.All)
                continue;
            if (state == Received.Last)
                Volatile.Write(ref _reading, Reading.Over);
            break;
        }
        while (Interlocked.CompareExchange(ref _reading, Reading.Nobody, Reading.Somebody) != Reading.Somebody);
        waiting.Run();
    }

    private Received Receive(ref Handover.Continuation waiting)
    {
        while (true)
        {
            var into = _input.Writer.GetSpan(SmallestRead);
            var count = Syscalls.Receive(_socket.SafeHandle, into);
            if (count < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error == Syscalls.Interrupted)
                    continue;
                return error == Syscalls.NotReady ? Received.All : End(Lost(error), ref waiting);
            }
            if (count == 0)
                return End(null, ref waiting);
            _input.Writer.Advance(count);
            _handover.Open();
            var flushed = _input.Writer.FlushAsync();
            _handover.Close(ref waiting);
            if (!flushed.IsCompleted)
            {
                _ = GoOn(flushed);
                return Received.Enough;
            }
            if (flushed.Result.IsCompleted)
                return End(null, ref waiting);
            // That it left may have been told along with the last that it sent, and is not told again.
            if (count < into.Length && !_hasLeft)
                return Received.All;
        }
    }

    /// <summary>Whoever answers has read so much that there is room again.</summary>
    private async Task GoOn(ValueTask<FlushResult> flushed)
    {
        if (!(await flushed).IsCompleted)
        {
            Read();
            return;
        }
        var waiting = default(Handover.Continuation);
        End(null, ref waiting);
        Volatile.Write(ref _reading, Reading.Over);
        waiting.Run();
    }

    private Received End(Exception? why, ref Handover.Continuation waiting)
    {
        _handover.Open();
        _input.Writer.Complete(Volatile.Read(ref _reason) ?? why);
        _handover.Close(ref waiting);
        ThreadPool.UnsafeQueueUserWorkItem(static c => c.TellClosed(), this, preferLocal: false);
        return Received.Last;
    }

    private void TellClosed()
    {
        try
        {
            _closed.Cancel();
        }
        finally
        {
            _isClosed.SetResult();
        }
    }

    private async Task Send()
    {
        Exception? why = null;
        var reader = _output.Reader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync();
                if (read.IsCanceled)
                    break;
                var rest = read.Buffer;
                while (!rest.IsEmpty && why is null)
                {
                    var sent = Syscalls.Send(_socket.SafeHandle, rest);
                    if (sent >= 0)
                        rest = rest.Slice(sent);
                    else if (Marshal.GetLastPInvokeError() is var error && error == Syscalls.NotReady)
                        await Room();
                    else if (error != Syscalls.Interrupted)
                        why = Lost(error);
                }
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || why is not null)
                    break;
            }
        }
        finally
        {
            Shut(why);
            await reader.CompleteAsync(why);
            _input.Writer.CancelPendingFlush();
        }
    }

    /// <summary>Until the socket takes more.</summary>
    private Task Room()
    {
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _room = room;
        // Told between the refusal and now.
        if (Interlocked.CompareExchange(ref _sendable, Sendable.Awaited, Sendable.Unknown) == Sendable.Told)
        {
            Volatile.Write(ref _sendable, Sendable.Unknown);
            return Task.CompletedTask;
        }
        return room.Task;
    }

    private void HasRoom()
    {
        if (Volatile.Read(ref _sendable) == Sendable.Told)
            return;
        if (Interlocked.Exchange(ref _sendable, Sendable.Told) == Sendable.Awaited)
        {
            Volatile.Write(ref _sendable, Sendable.Unknown);
            _room!.TrySetResult();
        }
    }

    private void Shut(Exception? why)
    {
        lock (_ending)
        {
            if (_isShut)
                return;
            _isShut = true;
            _reason = why;
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It was closed by the other end.
            }
        }
    }

    private static ConnectionResetException Lost(int error) => new(Marshal.GetPInvokeErrorMessage(error));

    private enum Received
    {
        /// <summary>All that came.</summary>
        All,
        /// <summary>As much as is kept unread; it is gone on with when some is read.</summary>
        Enough,
        /// <summary>There is no more to come.</summary>
        Last,
    }

    private static class Reading
    {
        public const int Nobody = 0;
        public const int Somebody = 1;
        /// <summary>Somebody reads, and something came meanwhile.</summary>
        public const int Again = 2;
        public const int Over = 3;
    }

    private static class Sendable
    {
        public const int Unknown = 0;
        public const int Told = 1;
        public const int Awaited = 2;
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
