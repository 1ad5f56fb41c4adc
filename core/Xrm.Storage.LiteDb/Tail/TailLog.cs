using System.Collections.Concurrent;
using Xrm.Core.Log;

namespace Xrm.Storage.LiteDb.Tail;

/// <summary>The newest blocks: durable in one of two files when they are answered, brought to their lasting place many at a time while the other file takes what comes.</summary>
/// <remarks>One thread appends, drains and wipes; any may read.</remarks>
internal sealed class TailLog : IDisposable
{
    private readonly TailFile[] _files;
    private readonly long _limit;
    private readonly Action<IReadOnlyList<TailBlock>> _keep;
    private readonly ConcurrentDictionary<long, TailBlock> _blocks = [];
    private List<TailBlock> _filling = [];
    private List<TailBlock> _leaving = [];
    private Task _draining = Task.CompletedTask;
    private int _active;

    /// <param name="limit">Bytes in one file from which on it is drained.</param>
    /// <param name="keep">Brings blocks, in order, to where they stay: durable and all at once, or it throws.</param>
    public TailLog(TailFile first, TailFile second, long limit, Action<IReadOnlyList<TailBlock>> keep)
    {
        _files = [first, second];
        _limit = limit;
        _keep = keep;
    }

    /// <summary>Takes up what an earlier process left, all brought to where it stays.</summary>
    /// <param name="last">The last block that is there already.</param>
    /// <returns>The last block of all.</returns>
    /// <exception cref="StoreFault">A file is damaged or blocks are missing.</exception>
    public long Open(long last, string path)
    {
        List<TailBlock> left = [.. _files.SelectMany(f => f.Recover(last)).OrderBy(b => b.Number)];
        foreach (var block in left)
            if (block.Number != ++last)
                throw StoreFault.Damaged(path, $"block {last}");
        if (left.Count > 0)
            _keep(left);
        foreach (var file in _files)
            file.Rewind();
        return last;
    }

    /// <summary>Puts a block behind the others; it is on disk when this returns.</summary>
    /// <exception cref="StoreFault">Nothing of it is there.</exception>
    public void Append(long number, ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts)
    {
        var block = new TailBlock(number, head, parts);
        if (_files[_active].End > 0 && _files[_active].End + block.Length > _limit)
            Turn();
        _files[_active].Append(block);
        _filling.Add(block);
        _blocks[number] = block;
    }

    /// <summary>A block that is here still; null otherwise.</summary>
    public TailBlock? Find(long number) => _blocks.GetValueOrDefault(number);

    /// <summary>Brings all to where it stays.</summary>
    /// <exception cref="StoreFault">It could not; all is still here.</exception>
    public void Drain()
    {
        // Whatever comes of it, nothing goes on beside when this returns.
        Settle();
        foreach (var file in _files)
            file.Check();
        if (_filling.Count > 0)
            Turn();
        Settle();
    }

    /// <summary>Drains, and overwrites the files.</summary>
    public void Wipe()
    {
        Drain();
        foreach (var file in _files)
            file.Wipe();
    }

    /// <summary>What could not be drained is found at the next start.</summary>
    public void Dispose()
    {
        try
        {
            Drain();
        }
        catch (StoreFault)
        {
            // It is on disk where it is.
        }
        foreach (var file in _files)
            file.Dispose();
    }

    /// <summary>Lets the other file take what comes, while what is in this one is brought to where it stays.</summary>
    private void Turn()
    {
        Settle();
        (_leaving, _filling) = (_filling, []);
        _active ^= 1;
        _files[_active].Rewind();
        _draining = Task.Run(Leave);
    }

    /// <summary>Waits until the file that does not fill is free; what failed beside is tried again by this thread, which tells why it cannot be.</summary>
    private void Settle()
    {
        try
        {
            _draining.GetAwaiter().GetResult();
        }
        catch (IOException)
        {
            Leave();
            _draining = Task.CompletedTask;
        }
    }

    private void Leave()
    {
        _keep(_leaving);
        foreach (var block in _leaving)
            _blocks.TryRemove(block.Number, out _);
    }
}
