using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Xrm.Host.Connections;

/// <summary>
/// Threads that wait for connections on which something came, one for each processor, and answer what came without handing it on (decision 0088). One that is held up,
/// by work that takes long or waits, is replaced within <see cref="Patience"/> twice, and leaves when it is done: so there are always as many that look.
/// </summary>
internal sealed class ReadyThreads : IDisposable
{
    /// <summary>For how long a thread may be at one thing before another one takes its place.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    // More than that help nobody: what holds up so many is the machine.
    private const int MostReplaced = 256;
    private const int IdleLooks = 50;
    /// <summary>So much of what was waited for is run before somebody looks at connections again.</summary>
    private const int MostInTurn = 32;
    /// <summary>A thread that was put to sleep for less than this would rather have looked a few times more, which takes as long.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMicroseconds(50);
    private static readonly int MostLooks = Environment.ProcessorCount > 1 ? 64 : 0;
    private const long Ending = 0;
    private const long Work = 1;

    private readonly SafeFileHandle _epoll = Syscalls.Epoll();
    private readonly SafeFileHandle _ended = Syscalls.Signal();
    private readonly SafeFileHandle _working = Syscalls.Signal();
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<long, EpollConnection> _connections = new();
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _work = new();
    private readonly Lock _lock = new();
    private readonly List<Place> _places = [];
    private readonly ManualResetEventSlim _isBusy = new(false, spinCount: 0);
    private long _lastKey = Work;
    private int _isTold;
    private int _replaced;
    private volatile bool _isOver;
    /// <summary>No thread is left; what is posted from here on nobody is told of.</summary>
    private volatile bool _isClosed;

    /// <exception cref="IOException">The system gives none.</exception>
    public ReadyThreads(ILogger log)
    {
        _log = log;
        if (_epoll.IsInvalid || Syscalls.Watch(_epoll, _ended, Syscalls.Readable, Ending) < 0 || Syscalls.Watch(_epoll, _working, Syscalls.Readable | Syscalls.Once, Work) < 0)
            throw Failed("epoll");
        lock (_lock)
            for (var i = 0; i < Environment.ProcessorCount; i++)
                Begin();
        new Thread(Watch) { IsBackground = true, Name = "Xrm watch" }.Start();
    }

    /// <summary>Tells a connection from now on what comes on it.</summary>
    /// <exception cref="IOException">The system watches no more.</exception>
    public void Add(EpollConnection connection)
    {
        connection.Key = Interlocked.Increment(ref _lastKey);
        _connections[connection.Key] = connection;
        if (Syscalls.Watch(_epoll, connection.Socket, Syscalls.Readable | Syscalls.Writable | Syscalls.Once, connection.Key) >= 0)
            return;
        _connections.TryRemove(connection.Key, out _);
        throw Failed("epoll_ctl");
    }

    /// <summary>Tells it nothing any more. The kernel forgets a socket that is closed.</summary>
    public void Remove(EpollConnection connection) => _connections.TryRemove(connection.Key, out _);

    /// <summary>Runs something on one of the threads: what it waited for is there. After the end it is run on the thread pool.</summary>
    public void Post(IThreadPoolWorkItem item)
    {
        _work.Enqueue(item);
        try
        {
            TellOfWork();
        }
        catch (ObjectDisposedException)
        {
            // Nobody is left to be told.
        }
        if (_isClosed)
            RunOnPool();
    }

    /// <summary>Lets the threads go once they are done with what they are at.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _isOver = true;
            _isBusy.Set();
            // All of them are told, since nobody takes it away.
            Syscalls.Set(_ended);
        }
    }

    private static IOException Failed(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    private void Begin()
    {
        var place = new Place();
        _places.Add(place);
        new Thread(() => Answer(place)) { IsBackground = true, Name = "Xrm requests" }.Start();
    }

    private void Answer(Place place)
    {
        place.Leave();
        var looks = 0;
        while (true)
        {
            RunWork(place);
            if (!place.Return() || _isOver)
                break;
            var count = Wait(ref looks, out var of, out var key);
            place.Leave();
            if (!_isBusy.IsSet)
                _isBusy.Set();
            if (count != 1)
                continue;
            if (key == Work)
                Interlocked.Exchange(ref _isTold, 0);
            else if (_connections.TryGetValue(key, out var connection))
                Tell(connection, of);
        }
        lock (_lock)
        {
            _places.Remove(place);
            if (place.IsReplaced)
                _replaced--;
            if (_isOver && _places.Count == 0)
                Close();
        }
    }

    /// <summary>Waits for something to be told. Where that did not take long the last time, it is looked for a few times before this thread is put to sleep: to be woken takes longer than most answers.</summary>
    /// <param name="looks">How often.</param>
    private int Wait(ref int looks, out uint of, out long key)
    {
        for (var i = 0; i < looks; i++)
        {
            if (Syscalls.Wait(_epoll, isPatient: false, out of, out key) is not 0 and var count)
                return count;
            // Whoever is to send something may wait for this processor.
            Thread.Yield();
        }
        var begun = Stopwatch.GetTimestamp();
        var told = Syscalls.Wait(_epoll, isPatient: true, out of, out key);
        looks = Stopwatch.GetElapsedTime(begun) < Short ? MostLooks : 0;
        return told;
    }

    private void RunOnPool()
    {
        while (_work.TryDequeue(out var item))
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
    }

    private void RunWork(Place place)
    {
        for (var i = 0; i < MostInTurn && !place.IsReplaced && _work.TryDequeue(out var item); i++)
        {
            // Somebody else begins with the next meanwhile.
            if (i == 0)
                TellOfWork();
            else
                place.GoOn();
            try
            {
                item.Execute();
            }
            catch (Exception e)
            {
                _log.LogError(e, "An answer failed.");
            }
        }
        TellOfWork();
    }

    private void TellOfWork()
    {
        if (!_work.IsEmpty && Interlocked.Exchange(ref _isTold, 1) == 0)
            Syscalls.Set(_working);
    }

    private void Tell(EpollConnection connection, uint of)
    {
        try
        {
            connection.Ready(of);
        }
        catch (Exception e)
        {
            // Nothing that is known comes here; whatever does ends one connection and no thread.
            _log.LogError(e, "A connection failed.");
            connection.Abort();
        }
    }

    /// <summary>Looks again and again, while anybody is at anything, who is still at what he was at.</summary>
    private void Watch()
    {
        var idle = 0;
        using var never = new ManualResetEventSlim(false, spinCount: 0);
        while (!_isOver)
        {
            _isBusy.Wait();
            never.Wait(Patience);
            lock (_lock)
            {
                var isIdle = true;
                for (var i = _places.Count - 1; i >= 0; i--)
                {
                    isIdle &= !_places[i].Moved();
                    if (_places[i].IsStuck && _replaced < MostReplaced && !_isOver)
                    {
                        _places[i].Replace();
                        _replaced++;
                        Begin();
                    }
                }
                idle = isIdle ? idle + 1 : 0;
            }
            if (idle < IdleLooks || _isOver)
                continue;
            idle = 0;
            _isBusy.Reset();
            // Whoever went to something in between saw it set.
            lock (_lock)
                if (_places.Exists(p => p.IsBusy))
                    _isBusy.Set();
        }
    }

    private void Close()
    {
        _isClosed = true;
        _working.Dispose();
        _ended.Dispose();
        _epoll.Dispose();
        RunOnPool();
    }

    /// <summary>Where one thread stands: even while it waits, odd while it is at something, one more each time.</summary>
    // Each in cache lines of its own: its thread writes twice for each request.
    [StructLayout(LayoutKind.Explicit, Size = 3 * Line)]
    private sealed class Place
    {
        private const int Line = 64;

        [FieldOffset(Line)]
        private long _turn;
        [FieldOffset(2 * Line)]
        private long _seen;
        [FieldOffset(2 * Line + 8)]
        private bool _isStuck;
        [FieldOffset(2 * Line + 9)]
        private volatile bool _isReplaced;

        public bool IsReplaced => _isReplaced;

        public bool IsBusy => Interlocked.Read(ref _turn) % 2 != 0;

        /// <summary>At the same thing at two looks.</summary>
        public bool IsStuck => _isStuck;

        // With a fence: whoever watches may end to, unless it is told afterwards.
        public void Leave() => Interlocked.Increment(ref _turn);

        /// <summary>It is at something else.</summary>
        public void GoOn() => Volatile.Write(ref _turn, _turn + 2);

        /// <returns>False when somebody else has its place.</returns>
        public bool Return()
        {
            Volatile.Write(ref _turn, _turn + 1);
            return !_isReplaced;
        }

        public void Replace() => _isReplaced = true;

        /// <summary>Looks; true when it is at something or was in between.</summary>
        public bool Moved()
        {
            var turn = Volatile.Read(ref _turn);
            var isBusy = turn % 2 != 0;
            _isStuck = isBusy && turn == _seen && !_isReplaced;
            var moved = isBusy || turn != _seen;
            _seen = turn;
            return moved;
        }
    }
}
