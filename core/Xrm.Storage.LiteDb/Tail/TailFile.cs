using System.Buffers;

namespace Xrm.Storage.LiteDb.Tail;

/// <summary>Blocks one behind another in a file that is made longer beforehand and written again from its beginning: so a sync has to bring the bytes to disk, and nothing about the file.</summary>
/// <remarks>What an earlier round left behind the newest record has smaller numbers, which tells it apart.</remarks>
internal sealed class TailFile(IStoreFile file, string path) : IDisposable
{
    /// <summary>Room is made in such steps.</summary>
    private const int Step = 256 * 1024;

    private long _ready = file.Length;
    private StoreFault? _broken;

    /// <summary>How many bytes are in use.</summary>
    public long End { get; private set; }

    /// <summary>Puts a block behind the others, durable.</summary>
    /// <exception cref="StoreFault">Nothing of it is there; or, where that could not be made sure of, nothing is written any more.</exception>
    public void Append(TailBlock block)
    {
        Check();
        var record = ArrayPool<byte>.Shared.Rent(block.Length);
        try
        {
            block.Write(record.AsSpan(0, block.Length));
            MakeRoom(End + block.Length);
            file.Write(End, record.AsSpan(0, block.Length));
            file.Sync();
        }
        catch (Exception e)
        {
            throw Undo(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record);
        }
        End += block.Length;
    }

    /// <exception cref="StoreFault">It is not known what a failed write left.</exception>
    public void Check()
    {
        if (_broken is not null)
            throw _broken;
    }

    /// <summary>The next block goes to the beginning; all that are in it must be elsewhere, durable.</summary>
    public void Rewind() => End = 0;

    /// <summary>Overwrites all of it with zeros, durable.</summary>
    public void Wipe()
    {
        Zero(0, _ready);
        file.Sync();
        End = 0;
    }

    /// <summary>The blocks that were written last and come after a number, in order.</summary>
    /// <exception cref="StoreFault">It is damaged: behind what can be read something is there that was written later.</exception>
    public List<TailBlock> Recover(long after)
    {
        var bytes = new byte[_ready];
        file.Read(0, bytes);
        var blocks = new List<TailBlock>();
        var last = 0L;
        var at = 0;
        while (TailBlock.Read(bytes.AsSpan(at)) is { } block && (last == 0 || block.Number == last + 1))
        {
            last = block.Number;
            at = Math.Min(at + block.Length, bytes.Length);
            if (last > after)
                blocks.Add(block);
        }
        End = at;
        // A block is begun only when the one before is on disk: whatever is readable further on and newer proves that one in between was whole.
        for (var next = at; next < bytes.Length; next += TailBlock.Alignment)
            if (TailBlock.Read(bytes.AsSpan(next)) is { } stray && stray.Number > Math.Max(last, after))
                throw StoreFault.Damaged(path, $"block {Math.Max(last, after) + 1}");
        return blocks;
    }

    public void Dispose() => file.Dispose();

    private void MakeRoom(long length)
    {
        if (length <= _ready)
            return;
        var ready = (Math.Max(length, 2 * _ready) + Step - 1) / Step * Step;
        Zero(_ready, ready);
        _ready = ready;
    }

    private void Zero(long from, long to)
    {
        var zeros = ArrayPool<byte>.Shared.Rent(Step);
        Array.Clear(zeros);
        for (; from < to; from += Step)
            file.Write(from, zeros.AsSpan(0, (int)Math.Min(Step, to - from)));
        ArrayPool<byte>.Shared.Return(zeros);
    }

    private StoreFault Undo(Exception cause)
    {
        try
        {
            if (End < file.Length)
            {
                file.Write(End, new byte[TailBlock.Alignment]);
                file.Sync();
            }
            return StoreFault.OfWrite(path, cause);
        }
        catch (Exception e)
        {
            return _broken = StoreFault.Unknown(path, new AggregateException(cause.Message, cause, e));
        }
    }
}
