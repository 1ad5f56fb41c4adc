using Xrm.Storage.LiteDb;

namespace Xrm.Storage.Tests.LiteDb;

/// <summary>A file on disk that tells of each write and sync before it happens, so that a test can delay it or make it fail.</summary>
internal sealed class WatchedFile(string path, FileWatch watch) : IStoreFile
{
    private readonly DiskFile _file = new(path);
    private readonly string _name = Path.GetFileName(path);

    public long Length => _file.Length;

    public void Read(long position, Span<byte> into) => _file.Read(position, into);

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        watch.Before(new(_name, FileAct.Write, position, bytes.Length));
        _file.Write(position, bytes);
        watch.After(new(_name, FileAct.Write, position, bytes.Length));
    }

    public void Sync()
    {
        watch.Before(new(_name, FileAct.Sync, 0, 0));
        _file.Sync();
        watch.After(new(_name, FileAct.Sync, 0, 0));
    }

    public void Cut(long length)
    {
        watch.Before(new(_name, FileAct.Cut, length, 0));
        _file.Cut(length);
        watch.After(new(_name, FileAct.Cut, length, 0));
    }

    public void Dispose() => _file.Dispose();
}

public enum FileAct { Write, Sync, Cut }

internal readonly record struct FileEvent(string File, FileAct Act, long Position, int Length)
{
    /// <summary>Whether it writes the byte that confirms a transaction.</summary>
    public bool IsConfirm => Act == FileAct.Write && Length == 1;
}

/// <summary>What happened to the files of a store, and what shall.</summary>
internal sealed class FileWatch
{
    private readonly List<FileEvent> _done = [];

    /// <summary>Called before each act; may wait or throw.</summary>
    public Action<FileEvent> Before { get; set; } = _ => { };

    public IReadOnlyList<FileEvent> Done
    {
        get
        {
            lock (_done)
                return [.. _done];
        }
    }

    public IStoreFile Open(string path) => new WatchedFile(path, this);

    public void After(FileEvent act)
    {
        lock (_done)
            _done.Add(act);
    }

    public void Clear()
    {
        lock (_done)
            _done.Clear();
    }
}
