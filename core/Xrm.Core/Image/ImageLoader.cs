using System.Collections.Immutable;
using Xrm.Core.Log;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Makes the image from a journal: the checkpoint's segments, then the blocks behind it.</summary>
internal sealed class ImageLoader(IJournal journal, CommitIndex commits)
{
    /// <summary>Bytes of the blocks behind the checkpoint.</summary>
    public long TailBytes { get; private set; }
    /// <summary>Bytes of the checkpoint's segments.</summary>
    public long SegmentBytes { get; private set; }

    /// <summary>The state as checkpoint and blocks have it.</summary>
    /// <exception cref="Problem">Unavailable: a block or segment is damaged or newer than this program.</exception>
    public Root Load(IdMap map)
    {
        var batch = new Batch(Root.Empty, map, keepsTrees: false);
        var at = DateTimeOffset.UnixEpoch;
        var hash = BlockHead.NoHash;
        var block = 0L;
        if (journal.LastCheckpoint is { } checkpoint)
        {
            var meta = CheckpointMeta.Read(checkpoint.Meta);
            var isReserved = false;
            ReadAhead.Each(checkpoint.Segments, OpenSegment, segment =>
            {
                // As many in each as in the first: what is wrong by some costs little.
                if (LoadSegment(segment, batch) is var records and > 0 && !isReserved)
                {
                    map.Reserve(records * (checkpoint.Segments.Count - 1));
                    isReserved = true;
                }
            });
            batch.Load(meta.Head, meta.ModelChange);
            (block, hash, at) = (meta.Block, meta.Hash, meta.At);
            if (block > journal.LastBlock)
                throw StoreFaults.DamagedBlock(journal.LastBlock + 1, "The checkpoint is ahead of the log.");
        }
        for (var number = block + 1; number <= journal.LastBlock; number++)
            (hash, at) = Replay(number, hash, at, batch, skipsErased: false);
        batch.BuildTrees();
        return batch.Freeze(journal.LastBlock, hash, at);
    }

    /// <summary>The state as the log alone has it, checkpoints set aside; records with an erased change may differ.</summary>
    public Root Rebuild(IdMap map)
    {
        var batch = new Batch(Root.Empty, map, keepsTrees: false);
        var at = DateTimeOffset.UnixEpoch;
        var hash = BlockHead.NoHash;
        for (var number = 1L; number <= journal.LastBlock; number++)
            (hash, at) = Replay(number, hash, at, batch, skipsErased: true);
        batch.BuildTrees();
        return batch.Freeze(journal.LastBlock, hash, at);
    }

    private (byte[] Hash, DateTimeOffset At) Replay(long number, byte[] previous, DateTimeOffset after, Batch batch, bool skipsErased)
    {
        try
        {
            var bytes = journal.ReadHead(number) ?? throw new FormatException("It is missing.");
            var head = BlockHead.Read(bytes);
            if (head.Number != number || !head.Previous.AsSpan().SequenceEqual(previous) || head.At < after)
                throw new FormatException("It does not follow the block before it.");
            var index = 0;
            // Proving a part takes as long as applying it: of a large block the next one is proved meanwhile.
            if (head.Parts.Length == 1)
                ApplyPart(head, OpenPart(head, 0), ref index, batch, skipsErased);
            else
                ReadAhead.Each([.. Enumerable.Range(0, head.Parts.Length)], n => OpenPart(head, n), part => ApplyPart(head, part, ref index, batch, skipsErased));
            for (var i = 0; i < head.Commits.Length; i++)
                commits.Add(head.Commits[i].Id, number, i);
            TailBytes += bytes.Length;
            return (BlockHead.HashOf(bytes), head.At);
        }
        catch (FormatException e)
        {
            throw StoreFaults.DamagedBlock(number, e.Message);
        }
    }

    /// <summary>Reads a part and proves that it is the one that was written.</summary>
    private byte[] OpenPart(BlockHead head, int number)
    {
        var bytes = journal.ReadPart(head.Number, number);
        var part = new BlockPart(bytes);
        if (part.Count != head.Parts[number].Changes || !part.Hash().AsSpan().SequenceEqual(head.Parts[number].Hash))
            throw new FormatException($"Its part {number} is not the one that was written.");
        Span<byte> digest = stackalloc byte[BlockHead.HashLength];
        var i = 0;
        foreach (var salted in part)
        {
            if (!salted.IsEmpty)
            {
                System.Security.Cryptography.SHA256.HashData(salted, digest);
                if (i >= part.Count || !digest.SequenceEqual(part.Digest(i)))
                    throw new FormatException($"Change {i} of its part {number} is not the one that was written.");
            }
            i++;
        }
        return i == part.Count ? bytes : throw new FormatException($"Its part {number} is cut short.");
    }

    private void ApplyPart(BlockHead head, byte[] bytes, ref int index, Batch batch, bool skipsErased)
    {
        TailBytes += bytes.Length;
        var at = head.At.ToUnixTimeMilliseconds();
        foreach (var salted in new BlockPart(bytes))
        {
            if (salted.IsEmpty)
            {
                if (!skipsErased)
                    throw new FormatException($"Its change {index} was erased before a checkpoint held its outcome.");
            }
            else
            {
                var change = new ChangeView(salted[BlockPart.SaltLength..]);
                if (!skipsErased || CanApply(change, batch))
                    batch.Apply(change, new(head.Number, index), at);
            }
            index++;
        }
    }

    // After an erased change a record's next one has nothing to stand on.
    private static bool CanApply(in ChangeView change, Batch batch) =>
        change.Kind is ChangeKind.Created or ChangeKind.Related or ChangeKind.Model || batch.Find(change.Id).Exists;

    /// <summary>Reads a segment and proves it; beside the thread that applies the one before.</summary>
    private OpenedSegment OpenSegment(long name)
    {
        try
        {
            var bytes = journal.ReadSegment(name);
            var payload = Segment.Open(bytes, out var kind);
            return new(name, bytes, bytes.Length - payload.Length, kind);
        }
        catch (FormatException e)
        {
            throw StoreFaults.DamagedSegment(name, e.Message);
        }
    }

    /// <returns>How many records it holds.</returns>
    private int LoadSegment(OpenedSegment segment, Batch batch)
    {
        try
        {
            SegmentBytes += segment.Bytes.Length;
            if (segment.Kind == SegmentKind.Records)
                return batch.Load(segment.Bytes, segment.Start);
            commits.Load(segment.Bytes.AsSpan(segment.Start));
            return 0;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or KeyNotFoundException)
        {
            throw StoreFaults.DamagedSegment(segment.Name, e.Message);
        }
    }

    /// <param name="Start">Where its payload begins.</param>
    private readonly record struct OpenedSegment(long Name, byte[] Bytes, int Start, SegmentKind Kind);
}
