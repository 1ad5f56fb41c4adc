using LiteDB;
using LiteDB.Engine;

namespace Xrm.Storage.LiteDb;

/// <summary>LiteDB behind one gate: a transaction is done when it is on disk, a failed one leaves nothing, and reads beside it are safe.</summary>
/// <remarks>
/// LiteDB is touched by one thread at a time. Writing to disk happens outside the gate, so a reader waits for a transaction's work in
/// memory, never for the disk; only emptying the log into the data file holds readers up (some 15 ms).
/// </remarks>
internal sealed class Database : IDisposable
{
    /// <summary>Pages in the log from which on it is emptied before the next write: 8 MB. More makes the longest write slower (stack figures: 14 ms at 1,000 pages, over 110 at 10,000), fewer makes more of them.</summary>
    public const int LogPages = 1_000;

    // Bytes of a transaction behind which LiteDB is started anew, some 10 ms: it keeps the pages of its largest one in memory for good.
    private const int Large = 16 << 20;

    private const int LastPageOffset = 64;

    private readonly Lock _gate = new();
    private readonly Lock _turn = new();
    private readonly string _path;
    private readonly IStoreFile _dataFile;
    private readonly IStoreFile _logFile;
    private readonly int _logPages;
    private LiteEngine _engine;
    private DataStream _data;
    private LogStream _log;
    private StoreFault? _broken;
    private bool _isUnsettled;
    private bool _isSuspect;
    private bool _isClosed;
    private bool _hasWritten;
    private long _emptyLogAt;

    /// <param name="path">The data file's path, for messages; the file itself is given.</param>
    /// <param name="isNew">Whether to make it; an empty file is damaged otherwise.</param>
    /// <exception cref="StoreFault">It is damaged or cannot be read.</exception>
    public Database(string path, IStoreFile data, IStoreFile log, int logPages = LogPages, bool isNew = false)
    {
        _path = path;
        _dataFile = data;
        _logFile = log;
        _logPages = logPages;
        _emptyLogAt = (long)logPages * PageStream.PageSize;
        try
        {
            if (!isNew)
                CheckLength();
            (_data, _log, _engine) = OpenEngine();
        }
        catch (Exception e)
        {
            throw StoreFault.OfRead(path, e);
        }
    }

    /// <summary>Makes LiteDB leave its log alone: emptying it is ours to decide. Kept in the file; wanted once, before anything else is written.</summary>
    public void Prepare()
    {
        Run(engine => engine.Pragma("CHECKPOINT", 0), durable: true, begin: false);
    }

    /// <summary>Runs a read; any thread.</summary>
    /// <exception cref="StoreFault">It cannot be read, or is damaged.</exception>
    public T Read<T>(Func<LiteEngine, T> read)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            try
            {
                Heal();
                return read(_engine);
            }
            catch (Exception e) when (e is not StoreFault)
            {
                _isSuspect = true;
                throw StoreFault.OfRead(_path, e);
            }
        }
    }

    /// <summary>Runs a transaction that changes something, after one that another thread is at. When it returns, the transaction is on disk; when it throws, nothing of it is.</summary>
    /// <param name="durable">False: it may still vanish, whole, when power fails before the next durable one.</param>
    /// <exception cref="StoreFault">Nothing was written; or, from the first time that this could not be made sure of, nothing is ever again until reopened.</exception>
    public void Write(Action<LiteEngine> work, bool durable = true)
    {
        lock (_turn)
            Run(work, durable, begin: true);
    }

    /// <summary>Empties the log into the data file, durable; so that old pages are nowhere. Leaves all as it is when that fails.</summary>
    /// <exception cref="StoreFault">It could not.</exception>
    public void EmptyLog()
    {
        lock (_gate)
        {
            Heal();
            try
            {
                _engine.Checkpoint();
                _emptyLogAt = (long)_logPages * PageStream.PageSize;
            }
            catch (Exception e)
            {
                // The log is cut only behind a synced data file, so it still holds everything; it is tried again later.
                _isSuspect = true;
                _emptyLogAt = _log.Length + (long)_logPages * PageStream.PageSize;
                throw StoreFault.OfWrite(_path, e);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            try
            {
                if (_hasWritten && _broken is null && !_isSuspect)
                    _engine.Checkpoint();
            }
            catch (Exception e) when (e is IOException or LiteException)
            {
                // What the log holds is read from there at the next start.
            }
            _isClosed = true;
            GiveUp();
            _dataFile.Dispose();
            _logFile.Dispose();
        }
    }

    private void Run(Action<LiteEngine> work, bool durable, bool begin)
    {
        if (_log.Length >= _emptyLogAt && _broken is null)
            TryEmptyLog();
        long start;
        LogStream log;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_broken is not null)
                throw _broken;
            Heal();
            log = _log;
            start = log.Length;
            _isUnsettled = true;
        }
        try
        {
            long confirm;
            lock (_gate)
            {
                confirm = log.Confirmed + 1;
                if (begin)
                    _engine.BeginTrans();
                work(_engine);
                if (begin)
                    _engine.Commit();
            }
            log.Settle(confirm, durable);
            lock (_gate)
                (_isUnsettled, _hasWritten) = (false, true);
        }
        catch (Exception e)
        {
            throw Undo(start, e);
        }
        if (log.Length - start >= Large)
            Slim();
    }

    /// <summary>Starts LiteDB anew on an empty log, since it never gives back the memory it took (litedb-org/LiteDB#2813).</summary>
    private void Slim()
    {
        TryEmptyLog();
        lock (_gate)
            try
            {
                _isSuspect = true;
                Heal();
            }
            catch (Exception e) when (e is IOException or LiteException)
            {
                // The transaction is on disk all the same; whoever comes next starts LiteDB anew, or is told why that cannot be.
            }
    }

    /// <summary>Cuts the log to where it was and starts LiteDB anew on it, so that nothing of the failed transaction is in memory or on disk.</summary>
    private StoreFault Undo(long start, Exception cause)
    {
        lock (_gate)
            try
            {
                GiveUp();
                _logFile.Cut(start);
                _logFile.Sync();
                (_data, _log, _engine) = OpenEngine();
                _isUnsettled = _isSuspect = false;
                return StoreFault.OfWrite(_path, cause);
            }
            catch (Exception e)
            {
                (_isUnsettled, _isSuspect) = (false, true);
                return _broken = StoreFault.Unknown(_path, new AggregateException(cause.Message, cause, e));
            }
    }

    /// <summary>Checks that the data file is as long as its header says; which is so whenever the log is empty.</summary>
    private void CheckLength()
    {
        if (_logFile.Length > 0)
            return;
        if (_dataFile.Length < PageStream.PageSize)
            throw StoreFault.Damaged(_path, $"{_dataFile.Length} bytes");
        Span<byte> last = stackalloc byte[4];
        _dataFile.Read(LastPageOffset, last);
        var expected = (BitConverter.ToUInt32(last) + 1L) * PageStream.PageSize;
        if (_dataFile.Length < expected)
            throw StoreFault.Damaged(_path, $"{_dataFile.Length} of {expected} bytes");
    }

    private void TryEmptyLog()
    {
        try
        {
            EmptyLog();
        }
        catch (StoreFault)
        {
            // Nothing is lost; the write that follows tells if the disk takes no more.
        }
    }

    /// <summary>Starts LiteDB anew after it stumbled over a read, unless a transaction is on its way to disk.</summary>
    private void Heal()
    {
        if (!_isSuspect || _isUnsettled)
            return;
        GiveUp();
        (_data, _log, _engine) = OpenEngine();
        _isSuspect = false;
    }

    private (DataStream Data, LogStream Log, LiteEngine Engine) OpenEngine()
    {
        PageCache.Bound();
        var data = new DataStream(_dataFile);
        var log = new LogStream(_logFile);
        return (data, log, new LiteEngine(new EngineSettings { DataStream = data, LogStream = log, Collation = Collation.Binary }));
    }

    private void GiveUp()
    {
        _data.Detach();
        _log.Detach();
        _engine.Dispose();
        _log.Release();
    }
}
