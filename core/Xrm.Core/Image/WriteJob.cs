using Xrm.Core.Log;
using Xrm.Core.Plans;

namespace Xrm.Core.Image;

/// <summary>A plan that waits for the writer.</summary>
internal sealed class WriteJob(WritePlan plan)
{
    private readonly TaskCompletionSource<WriteOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WritePlan Plan => plan;

    /// <summary>Its changes as encoded and kept aside beforehand; null = they are encoded when its turn comes.</summary>
    public StagedChanges? Staged { get; set; }

    public Task<WriteOutcome> Answer => _answer.Task;

    /// <summary>What to answer once the block is durable.</summary>
    public WriteOutcome? Outcome { get; set; }

    public void Done() => _answer.TrySetResult(Outcome!);

    public void Fail(Exception problem) => _answer.TrySetException(problem);
}

/// <summary>The parts of a large plan that the journal keeps already.</summary>
internal sealed class StagedChanges
{
    public List<(JournalPart Part, BlockPartName Name)> Parts { get; } = [];

    /// <summary>For each edit a checksum of its encoded change; 0 = it changes nothing.</summary>
    public required ulong[] Checksums { get; init; }

    public long Bytes { get; set; }

    public static ulong Checksum(ReadOnlySpan<byte> change) => KeyHash.Add(0, change) | 1;
}

/// <summary>Changes kept aside are not those that the state asks for now.</summary>
internal sealed class StaleStageException : Exception;
