using Xrm.Core.Files;

namespace Xrm.Core.Log;

/// <summary>A journal that keeps nothing past its own life: the store of tests. Bytes are copied in and out, as a file would.</summary>
internal sealed class MemoryJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly List<(byte[] Head, byte[][] Parts)> _blocks = [];
    private readonly Dictionary<long, byte[]> _staged = [];
    private readonly Dictionary<long, byte[]> _segments = [];
    private Checkpoint? _checkpoint;
    private long _names;
    private int _failures;

    public MemoryJournal() => Files = new MemoryShelf(name =>
    {
        lock (_gate)
            return _staged.Remove(name, out var bytes) ? bytes : throw new IOException($"No part was kept aside as {name}.");
    });

    public IFileShelf Files { get; }

    /// <summary>How many parts are kept aside.</summary>
    public int Aside
    {
        get
        {
            lock (_gate)
                return _staged.Count;
        }
    }

    /// <summary>Lets the next so many writes fail, with nothing of them kept.</summary>
    public void FailNext(int writes = 1) => Interlocked.Exchange(ref _failures, writes);

    /// <summary>Called before each read of a block; what it throws the reader gets.</summary>
    public Action? Reading { get; set; }

    /// <summary>Called before each append is made, on the writer's thread.</summary>
    public Action<long>? Appending { get; set; }

    public long LastBlock
    {
        get
        {
            lock (_gate)
                return _blocks.Count;
        }
    }

    public Checkpoint? LastCheckpoint
    {
        get
        {
            lock (_gate)
                return _checkpoint;
        }
    }

    public IReadOnlyList<long> Stage(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        Fail();
        lock (_gate)
        {
            foreach (var part in parts)
                _staged[++_names] = part.ToArray();
            return [.. Enumerable.Range(0, parts.Count).Select(i => _names - parts.Count + 1 + i)];
        }
    }

    public void Append(long number, ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts)
    {
        Appending?.Invoke(number);
        Fail();
        lock (_gate)
        {
            if (number != _blocks.Count + 1)
                throw new IOException($"Block {_blocks.Count + 1} comes next, not {number}.");
            var kept = new byte[parts.Count][];
            for (var i = 0; i < kept.Length; i++)
                kept[i] = parts[i].Staged == 0 ? parts[i].Bytes.ToArray() : _staged[parts[i].Staged];
            foreach (var part in parts)
                _staged.Remove(part.Staged);
            _blocks.Add((head.ToArray(), kept));
        }
    }

    public byte[]? ReadHead(long number)
    {
        Reading?.Invoke();
        lock (_gate)
            return number < 1 || number > _blocks.Count ? null : (byte[])_blocks[(int)number - 1].Head.Clone();
    }

    public byte[] ReadPart(long number, int part)
    {
        Reading?.Invoke();
        lock (_gate)
            return (byte[])_blocks[(int)number - 1].Parts[part].Clone();
    }

    public void ReplacePart(long number, int part, ReadOnlyMemory<byte> bytes)
    {
        Fail();
        lock (_gate)
            _blocks[(int)number - 1].Parts[part] = bytes.ToArray();
    }

    public byte[] ReadSegment(long segment)
    {
        lock (_gate)
            return (byte[])_segments[segment].Clone();
    }

    public void WriteCheckpoint(long block, IReadOnlyList<long> kept, IEnumerable<ReadOnlyMemory<byte>> segments, ReadOnlyMemory<byte> meta)
    {
        var names = new List<long>(kept);
        foreach (var segment in segments)
        {
            Fail();
            lock (_gate)
            {
                _segments[++_names] = segment.ToArray();
                names.Add(_names);
            }
        }
        lock (_gate)
        {
            _checkpoint = new(block, names, meta.ToArray());
            foreach (var dropped in _segments.Keys.Except(names).ToList())
                _segments.Remove(dropped);
        }
    }

    /// <summary>For tests of damage: changes the head of a block behind everyone's back.</summary>
    public void ReplaceHead(long number, byte[] head)
    {
        lock (_gate)
            _blocks[(int)number - 1] = (head, _blocks[(int)number - 1].Parts);
    }

    /// <summary>For tests of damage: changes a segment behind everyone's back.</summary>
    public void ReplaceSegment(long segment, byte[] bytes)
    {
        lock (_gate)
            _segments[segment] = bytes;
    }

    /// <summary>For tests of damage: takes a block away or puts blocks in another order.</summary>
    public void Reorder(Action<List<(byte[] Head, byte[][] Parts)>> change)
    {
        lock (_gate)
            change(_blocks);
    }

    public void Dispose() { }

    private void Fail()
    {
        if (_failures > 0 && Interlocked.Decrement(ref _failures) >= 0)
            throw new IOException("The journal was told to fail.");
    }
}
