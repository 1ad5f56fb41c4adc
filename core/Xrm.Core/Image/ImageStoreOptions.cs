namespace Xrm.Core.Image;

/// <summary>How a store in memory behaves.</summary>
internal sealed record ImageStoreOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;
    /// <summary>A checkpoint is written when the blocks behind the last one have so many bytes.</summary>
    public long TailBytes { get; init; } = 32 << 20;
    /// <summary>Told, on a thread of its own, when a checkpoint could not be written; nothing is lost by it but time at the next start.</summary>
    public Action<Exception>? CheckpointFailed { get; init; }
    /// <summary>At most so many plans in one block.</summary>
    public int GroupLimit { get; init; } = 256;
    /// <summary>At most so many plans wait; whoever comes later waits to be let in.</summary>
    public int QueueLimit { get; init; } = 1024;
    /// <summary>A plan with more edits than this is encoded beside the writer and kept aside part by part.</summary>
    public int StageEdits { get; init; } = 2000;
    /// <summary>A sorted index is kept for types with at least so many records.</summary>
    public int IndexFrom { get; init; } = 64;
}
