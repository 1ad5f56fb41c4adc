using System.Buffers;
using System.Collections.Immutable;
using Xrm.Core.Log;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>The next block while plans are put into it, and the batch they are applied to.</summary>
/// <param name="part">Empty; it may serve one block after the other.</param>
internal sealed class BlockBuilder(Batch batch, Root root, DateTimeOffset at, PartBuilder part)
{
    /// <summary>A place in the log has so many bits for the index.</summary>
    public const int ChangesLimit = 1 << 24;

    private readonly EditEncoder _encoder = new();
    private readonly ArrayBufferWriter<byte> _change = new(1024);
    private readonly List<JournalPart> _parts = [];
    private readonly List<BlockPartName> _names = [];
    private readonly List<BlockCommit> _commits = [];
    private int _changes;

    public long Number { get; } = root.Block + 1;
    public DateTimeOffset At => at;
    public bool IsEmpty => _commits.Count == 0;
    public IReadOnlyList<BlockCommit> Commits => _commits;
    public int Changes => _changes;
    public long Bytes { get; private set; }

    /// <summary>Applies a plan whose guards hold.</summary>
    public Receipt Add(WritePlan plan, StagedChanges? staged)
    {
        if (plan.Edits.Count >= ChangesLimit - _changes - 1)
            throw StoreFaults.TooMany(ChangesLimit);
        var first = _changes;
        var written = ImmutableArray.CreateBuilder<Written>(plan.Edits.Count);
        if (staged is not null)
            ClosePart();
        if (plan.Model is { } model)
        {
            _change.ResetWrittenCount();
            EditEncoder.EncodeModel(model, batch.ModelChange, _change);
            Apply(keep: true);
            if (staged is not null)
                ClosePart();
        }
        for (var i = 0; i < plan.Edits.Count; i++)
        {
            var edit = plan.Edits[i];
            // What it comes to cannot have become something else since it was kept aside: there is nothing that it changes.
            if (staged is not null && plan.MakesAnew && EditEncoder.IsFresh(edit))
            {
                batch.Make(edit, new(Number, _changes++), at.ToUnixTimeMilliseconds());
                written.Add(new(edit.Kind, edit.Type.Name, new(edit.Id), 1));
                continue;
            }
            _change.ResetWrittenCount();
            var old = batch.Find(edit.Id);
            var isChange = _encoder.TryEncode(edit, old, _change);
            if (staged is not null && staged.Checksums[i] != (isChange ? StagedChanges.Checksum(_change.WrittenSpan) : 0))
                throw new StaleStageException();
            if (!isChange)
                continue;
            var version = old.Exists ? old.Version + 1 : 1;
            Apply(keep: staged is null);
            written.Add(new(edit.Kind, edit.Type.Name, new(edit.Id), version));
        }
        if (staged is not null)
        {
            batch.Settle();
            foreach (var (part, name) in staged.Parts)
            {
                _parts.Add(part);
                _names.Add(name);
            }
            Bytes += staged.Bytes;
        }
        _commits.Add(new(plan.CommitId, plan.Actor, _changes - first));
        return new(new(plan.CommitId), batch.Head, at, plan.Actor, written.DrainToImmutable(), IsReplay: false);
    }

    /// <summary>The head, with all parts closed.</summary>
    public byte[] Close(out IReadOnlyList<JournalPart> parts)
    {
        ClosePart();
        parts = _parts;
        return new BlockHead(Number, at, root.Hash, [.. _commits], [.. _names]).Write();
    }

    private void Apply(bool keep)
    {
        batch.Apply(new ChangeView(_change.WrittenSpan), new(Number, _changes++), at.ToUnixTimeMilliseconds());
        if (!keep)
            return;
        if (!part.HasRoom(_change.WrittenCount))
            ClosePart();
        part.Add(_change.WrittenSpan);
    }

    private void ClosePart()
    {
        if (part.Count == 0)
            return;
        var bytes = part.Close(out var name);
        Bytes += bytes.Length;
        _parts.Add(new(bytes));
        _names.Add(name);
    }
}
