using System.Buffers.Binary;

namespace Xrm.Core.Image;

/// <summary>Where each commit is in the log. Of the writer's thread.</summary>
/// <remarks>Entries lie as a checkpoint has them, in the order in which they came: id, block, index. A table that is half empty finds them by a hash of the id.</remarks>
internal sealed class CommitIndex
{
    public const int EntryLength = 28;

    /// <summary>Entries in one array: no large object to the collector, and never copied.</summary>
    private const int InChunk = 1024;

    private readonly List<byte[]> _chunks = [];
    /// <summary>The number of an entry, from 1; 0 = free.</summary>
    private int[] _table = new int[1024];
    /// <summary>How many a checkpoint has.</summary>
    private int _settled;

    public int Count { get; private set; }

    public bool TryGet(Guid commit, out (long Block, int Index) place)
    {
        var number = _table[Find(commit)];
        if (number == 0)
        {
            place = default;
            return false;
        }
        var entry = Entry(number - 1);
        place = (BinaryPrimitives.ReadInt64LittleEndian(entry[16..]), BinaryPrimitives.ReadInt32LittleEndian(entry[24..]));
        return true;
    }

    public void Add(Guid commit, long block, int index)
    {
        Span<byte> entry = stackalloc byte[EntryLength];
        commit.TryWriteBytes(entry, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(entry[16..], block);
        BinaryPrimitives.WriteInt32LittleEndian(entry[24..], index);
        Add(entry);
    }

    /// <summary>Takes entries of a checkpoint, before any are added.</summary>
    public void Load(ReadOnlySpan<byte> entries)
    {
        for (; entries.Length >= EntryLength; entries = entries[EntryLength..])
            Add(entries[..EntryLength]);
        Settled();
    }

    /// <summary>The entries made since the last checkpoint, or all.</summary>
    public byte[] Entries(bool all)
    {
        var first = all ? 0 : _settled;
        var bytes = new byte[(Count - first) * EntryLength];
        for (var number = first; number < Count; number++)
            Entry(number).CopyTo(bytes.AsSpan((number - first) * EntryLength));
        return bytes;
    }

    /// <summary>A checkpoint has them all.</summary>
    public void Settled() => _settled = Count;

    private void Add(ReadOnlySpan<byte> entry)
    {
        var at = Find(IdOf(entry));
        if (_table[at] != 0)
            return;
        if (Count % InChunk == 0)
            _chunks.Add(new byte[InChunk * EntryLength]);
        entry.CopyTo(Entry(Count));
        _table[at] = ++Count;
        if (Count > _table.Length / 2)
            Grow();
    }

    private void Grow()
    {
        _table = new int[_table.Length * 2];
        for (var number = 0; number < Count; number++)
            _table[Find(IdOf(Entry(number)))] = number + 1;
    }

    /// <summary>Where in the table the number of a commit's entry stands, or would.</summary>
    private int Find(Guid commit)
    {
        var mask = _table.Length - 1;
        var at = (int)IdMap.Hash(commit) & mask;
        while (_table[at] != 0 && IdOf(Entry(_table[at] - 1)) != commit)
            at = at + 1 & mask;
        return at;
    }

    private Span<byte> Entry(int number) => _chunks[number / InChunk].AsSpan(number % InChunk * EntryLength, EntryLength);

    private static Guid IdOf(ReadOnlySpan<byte> entry) => new(entry[..16], bigEndian: true);
}
