using System.Buffers.Binary;
using Xrm.Core.Log;
using Xrm.Core.Plans;

namespace Xrm.Core.Image;

/// <summary>A plan that waits for the writer.</summary>
/// <param name="resume">Runs it once it is answered, on another thread than the writer's: whoever waits for it goes on there.</param>
internal sealed class WriteJob(WritePlan plan, Action<IThreadPoolWorkItem> resume) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<WriteOutcome> _answer = new();
    private Exception? _problem;

    public WritePlan Plan => plan;

    /// <summary>Its changes as encoded and kept aside beforehand; null = they are encoded when its turn comes.</summary>
    public StagedChanges? Staged { get; set; }

    public Task<WriteOutcome> Answer => _answer.Task;

    /// <summary>What to answer once the block is durable.</summary>
    public WriteOutcome? Outcome { get; set; }

    public void Done() => resume(this);

    public void Fail(Exception problem)
    {
        _problem = problem;
        resume(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_problem is null)
            _answer.SetResult(Outcome!);
        else
            _answer.SetException(_problem);
    }
}

/// <summary>The parts of a large plan that the journal keeps already.</summary>
internal sealed class StagedChanges
{
    public List<(JournalPart Part, BlockPartName Name)> Parts { get; } = [];

    /// <summary>For each edit a checksum of its encoded change; 0 = it changes nothing. Not asked for what is made anew.</summary>
    public required ulong[] Checksums { get; init; }

    public long Bytes { get; set; }

    /// <summary>Tells one change from another; never 0.</summary>
    public static ulong Checksum(ReadOnlySpan<byte> change)
    {
        var sum = (ulong)change.Length;
        for (; change.Length >= sizeof(ulong); change = change[sizeof(ulong)..])
            sum = Mix(sum ^ BinaryPrimitives.ReadUInt64LittleEndian(change));
        foreach (var b in change)
            sum = Mix(sum ^ b);
        return sum | 1;
    }

    private static ulong Mix(ulong sum)
    {
        sum *= 0x9E3779B97F4A7C15;
        return sum ^ sum >> 32;
    }
}

/// <summary>Changes kept aside are not those that the state asks for now.</summary>
internal sealed class StaleStageException : Exception;
