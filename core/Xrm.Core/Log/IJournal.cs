using Xrm.Core.Files;

namespace Xrm.Core.Log;

/// <summary>Where blocks, segments and small facts are kept: bytes by number, durable, atomic. It knows nothing of what they mean.</summary>
/// <remarks>Called from one thread at a time but for <see cref="ReadHead"/>, <see cref="ReadPart"/>, <see cref="ReadSegment"/> and reading <see cref="Files"/>, which any thread may call at any time, and <see cref="WriteCheckpoint"/>, which may go on beside <see cref="Stage"/> and <see cref="Append"/>.</remarks>
internal interface IJournal : IDisposable
{
    /// <summary>The number of the last block; 0 = none.</summary>
    long LastBlock { get; }

    /// <summary>Keeps parts aside for a block that is yet to come, so that a large commit does not hold up others. They mean nothing until a block names them; those that no block names are gone at the next start.</summary>
    /// <returns>By what the block names each.</returns>
    /// <exception cref="IOException">They could not be kept.</exception>
    IReadOnlyList<long> Stage(IReadOnlyList<ReadOnlyMemory<byte>> parts);

    /// <summary>Appends the next block. When this returns it is on disk whole; when it throws, nothing of it is there, and the block's number is free. The bytes are not to change any more.</summary>
    /// <param name="number"><see cref="LastBlock"/> + 1.</param>
    /// <param name="head">The chained bytes.</param>
    /// <param name="parts">Its parts in order: the bytes, or the name of one kept aside.</param>
    /// <exception cref="IOException">It could not be made durable.</exception>
    void Append(long number, ReadOnlyMemory<byte> head, IReadOnlyList<JournalPart> parts);

    /// <summary>The head of a block; null when there is none of that number.</summary>
    byte[]? ReadHead(long number);

    /// <summary>A part of a block, from 0.</summary>
    byte[] ReadPart(long number, int part);

    /// <summary>Writes a part anew, durable: how erasure takes values away.</summary>
    void ReplacePart(long number, int part, ReadOnlyMemory<byte> bytes);

    /// <summary>The contents of files, beside the log.</summary>
    IFileShelf Files { get; }

    /// <summary>The newest checkpoint; null when there is none.</summary>
    Checkpoint? LastCheckpoint { get; }

    /// <summary>A segment of a checkpoint.</summary>
    byte[] ReadSegment(long segment);

    /// <summary>Writes segments beside the old ones, a few at a time as they come, then puts the new checkpoint in force at once and drops segments that it no longer names.</summary>
    /// <param name="block">The last block that the state covers.</param>
    /// <param name="kept">Segments of the checkpoint before that still hold, first in order.</param>
    /// <param name="segments">The new ones, in order behind them; the bytes of each are good until the next is asked for.</param>
    /// <param name="meta">Small facts that go with it.</param>
    void WriteCheckpoint(long block, IReadOnlyList<long> kept, IEnumerable<ReadOnlyMemory<byte>> segments, ReadOnlyMemory<byte> meta);
}

/// <summary>A part of a block to append.</summary>
/// <param name="Bytes">The part; empty when it was kept aside before.</param>
/// <param name="Staged">What <see cref="IJournal.Stage"/> answered; 0 when the bytes are here.</param>
internal readonly record struct JournalPart(ReadOnlyMemory<byte> Bytes, long Staged = 0);

/// <summary>The state of all records after a block.</summary>
internal sealed record Checkpoint(long Block, IReadOnlyList<long> Segments, byte[] Meta);
