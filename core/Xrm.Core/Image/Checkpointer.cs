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

    /// <summary>Takes what a checkpoint needs, on the writer's thread, so that it can be written beside it; null when the last one holds.</summary>
    /// <param name="whole">Whether to write everything anew in any case.</param>
    /// <returns>Writes it; any thread, before the next one is taken.</returns>
    public Action? Take(Root root, bool whole)
    {
        var last = journal.LastCheckpoint;
        if (!whole && last?.Block == root.Block)
            return null;
        whole |= last is null || _lacksEntries || _segmentBytes > 2 * root.Space.LiveBytes + (8 << 20);
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
            {
                written += segment.Length;
                yield return segment;
            }
            for (var at = 0; at < entries.Length; at += Segment.Size / CommitIndex.EntryLength * CommitIndex.EntryLength)
            {
                var segment = Segment.Make(SegmentKind.Commits, entries.AsSpan(at, Math.Min(Segment.Size / CommitIndex.EntryLength * CommitIndex.EntryLength, entries.Length - at)));
                written += segment.Length;
                yield return segment;
            }
        }
    }

    private static IEnumerable<byte[]> Records(RecordSpace space, long after, long owner)
    {
        var payload = new System.Buffers.ArrayBufferWriter<byte>(Segment.Size + 4096);
        for (var slot = 0; (slot = space.NextSince(owner, slot)) < space.Slots; slot++)
        {
            var record = space[slot];
            if (!record.Exists || record.LastChange.Block <= after)
                continue;
            if (payload.WrittenCount > 0 && payload.WrittenCount + record.Length > Segment.Size)
            {
                yield return Segment.Make(SegmentKind.Records, payload.WrittenSpan);
                payload.ResetWrittenCount();
            }
            Copy(record, payload);
        }
        if (payload.WrittenCount > 0)
            yield return Segment.Make(SegmentKind.Records, payload.WrittenSpan);
    }

    private static void Copy(Record record, System.Buffers.ArrayBufferWriter<byte> payload)
    {
        record.Span.CopyTo(payload.GetSpan(record.Length));
        payload.Advance(record.Length);
    }
}
