using Xrm.Core.Log;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Writes checkpoints: the records changed since the last one, in segments behind the old ones; everything anew when superseded records outweigh the live ones.</summary>
internal sealed class Checkpointer(IJournal journal, CommitIndex commits, long segmentBytes)
{
    private long _segmentBytes = segmentBytes;

    /// <summary>Whether the next checkpoint writes everything anew although there is one.</summary>
    public bool IsWholeDue(Root root) => journal.LastCheckpoint is not null && _segmentBytes > 2 * root.Space.LiveBytes + (8 << 20);

    /// <param name="whole">Whether to write everything anew in any case.</param>
    public void Write(Root root, bool whole)
    {
        var last = journal.LastCheckpoint;
        if (!whole && last?.Block == root.Block)
            return;
        whole |= last is null || IsWholeDue(root);
        var kept = whole ? [] : last!.Segments;
        var written = 0L;
        journal.WriteCheckpoint(root.Block, kept, Segments(), CheckpointMeta.Of(root).Write());
        _segmentBytes = whole ? written : _segmentBytes + written;
        commits.Settled();

        IEnumerable<ReadOnlyMemory<byte>> Segments()
        {
            foreach (var segment in Records(root.Space, whole ? -1 : last!.Block))
            {
                written += segment.Length;
                yield return segment;
            }
            foreach (var segment in commits.Segments(whole))
            {
                written += segment.Length;
                yield return segment;
            }
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Records(RecordSpace space, long after)
    {
        var segment = new SegmentWriter(SegmentKind.Records);
        for (var slot = 0; slot < space.Slots; slot++)
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
