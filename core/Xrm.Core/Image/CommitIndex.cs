using System.Buffers.Binary;

namespace Xrm.Core.Image;

/// <summary>Where each commit is in the log. Of the writer's thread.</summary>
internal sealed class CommitIndex
{
    public const int EntryLength = 28;
    private readonly Dictionary<Guid, (long Block, int Index)> _places = [];
    private readonly List<Guid> _recent = [];

    public int Count => _places.Count;

    public bool TryGet(Guid commit, out (long Block, int Index) place) => _places.TryGetValue(commit, out place);

    public void Add(Guid commit, long block, int index)
    {
        if (_places.TryAdd(commit, (block, index)))
            _recent.Add(commit);
    }

    /// <summary>Takes entries of a checkpoint.</summary>
    public void Load(ReadOnlySpan<byte> entries)
    {
        for (; entries.Length >= EntryLength; entries = entries[EntryLength..])
            _places.TryAdd(new(entries[..16], bigEndian: true), (BinaryPrimitives.ReadInt64LittleEndian(entries[16..]), BinaryPrimitives.ReadInt32LittleEndian(entries[24..])));
    }

    /// <summary>The entries made since the last checkpoint, or all.</summary>
    public byte[] Entries(bool all)
    {
        ICollection<Guid> commits = all ? _places.Keys : _recent;
        var bytes = new byte[commits.Count * EntryLength];
        var at = bytes.AsSpan();
        foreach (var commit in commits)
        {
            commit.TryWriteBytes(at, bigEndian: true, out _);
            BinaryPrimitives.WriteInt64LittleEndian(at[16..], _places[commit].Block);
            BinaryPrimitives.WriteInt32LittleEndian(at[24..], _places[commit].Index);
            at = at[EntryLength..];
        }
        return bytes;
    }

    /// <summary>A checkpoint has them all.</summary>
    public void Settled() => _recent.Clear();
}
