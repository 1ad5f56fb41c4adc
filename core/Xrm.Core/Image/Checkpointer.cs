using Xrm.Core.Log;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Writes checkpoints: the records changed since the last one, in segments behind the old ones; everything anew when superseded records outweigh the live ones.</summary>
internal sealed class Checkpointer(IJournal journal, CommitIndex commits, long segmentBytes)
{
    private long _segmentBytes = segmentBytes;
    /// <summary>The batch behind the last checkpoint; 0 = not known.</summary>
    private long _owner;
    private bool _lacksEntries;

    /// <summary>Whether the next checkpoint writes everything anew although there is one.</summary>
    public bool IsRewriteDue(Root root) => journal.LastCheckpoint is not null && (_lacksEntries || _segmentBytes > 2 * root.Space.LiveBytes + (8 << 20));

    /// <summary>Takes what a checkpoint needs, on the writer's thread, so that it can be written beside it; null when the last one holds.</summary>
    /// <param name="whole">Whether to write everything anew in any case.</param>
    /// <returns>Writes it; any thread, before the next one is taken.</returns>
    public Action? Take(Root root, bool whole)
    {
        var last = journal.LastCheckpoint;
        if (!whole && last?.Block == root.Block)
            return null;
        whole |= last is null || IsRewriteDue(root);
        var entries = commits.Entries(whole);
        commits.Settled();
        // Until it is written the entries taken are in none: if that fails, the next one has them all.
        _lacksEntries = true;
        return () => Write(root, whole ? null : last, entries);
    }

    private void Write(Root root, Checkpoint? last, byte[] entries)
    {
        var written = 0L;
        journal.WriteCheckpoint(root.Block, last?.Segments ?? [], Segments(), CheckpointMeta.Of(root).Write());
        _segmentBytes = last is null ? written : _segmentBytes + written;
        _lacksEntries = false;
        _owner = root.Space.Owner;

        IEnumerable<ReadOnlyMemory<byte>> Segments()
        {
            foreach (var segment in Records(root.Space, last?.Block ?? -1, last is null ? 0 : _owner))
                yield return Counted(segment);
            var entry = new SegmentWriter(SegmentKind.Commits);
            for (var at = 0; at < entries.Length; at += CommitIndex.EntryLength)
            {
                if (!entry.Takes(CommitIndex.EntryLength))
                    yield return Counted(entry.Close());
                entries.AsSpan(at, CommitIndex.EntryLength).CopyTo(entry.Put(CommitIndex.EntryLength));
            }
            if (!entry.IsEmpty)
                yield return Counted(entry.Close());
        }

        ReadOnlyMemory<byte> Counted(ReadOnlyMemory<byte> segment)
        {
            written += segment.Length;
            return segment;
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Records(RecordSpace space, long after, long owner)
    {
        var segment = new SegmentWriter(SegmentKind.Records);
        for (var slot = 0; (slot = space.NextSince(owner, slot)) < space.Slots; slot++)
        {
            var record = space[slot];
            if (!record.Exists || record.LastChange.Block <= after)
                continue;
            if (!segment.Takes(record.Length))
                yield return segment.Close();
            space[slot].Span.CopyTo(segment.Put(record.Length));
        }
        if (!segment.IsEmpty)
            yield return segment.Close();
    }
}
