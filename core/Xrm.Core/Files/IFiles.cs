using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Files;

/// <summary>The contents of files, each once, by the SHA-256 of what is in it. Any thread.</summary>
internal interface IFiles
{
    /// <summary>Takes a content in, a piece at a time; durable when it answers. One that breaks off leaves nothing.</summary>
    /// <param name="most">Bytes that it may have.</param>
    /// <param name="actor">The id of whoever sends it: for <see cref="KeptFile.Life"/> he may name it in records.</param>
    /// <exception cref="Problem">Limit: it is larger. Unavailable: it cannot be kept.</exception>
    ValueTask<KeptFile> Take(Stream content, long most, string actor, CancellationToken cancellation);

    /// <summary>What is known of a content; null when there is none of that hash.</summary>
    /// <param name="hash">64 hexadecimal digits in lower case; what is no hash is not there.</param>
    /// <exception cref="Problem">Unavailable: the store cannot be read.</exception>
    KeptFile? Find(string hash);

    /// <summary>A content, from which any part can be read; a read throws an <see cref="IOException"/> when it is damaged, or was swept meanwhile.</summary>
    Stream Open(KeptFile file);

    /// <summary>All contents, in the order of their hashes.</summary>
    /// <exception cref="Problem">Unavailable: the store cannot be read.</exception>
    IEnumerable<KeptFile> All();

    /// <summary>Takes away what was sent longer ago than <see cref="KeptFile.Life"/> and is named by no change in the log.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="Problem">Unavailable: the log cannot be read, or the store not written.</exception>
    ValueTask<int> Sweep(CancellationToken cancellation);
}

/// <summary>A content that is kept.</summary>
/// <param name="Hash">SHA-256, 64 hexadecimal digits in lower case.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Block">The last block when it came in: none up to it names it.</param>
/// <param name="Sendings">Who sent it within <see cref="Life"/> of the last sending, and when last; never empty.</param>
/// <param name="IsNamed">Whether a change in the log was found to name it; not looked for again before something is erased.</param>
internal sealed record KeptFile(string Hash, long Size, long Block, ImmutableArray<FileSending> Sendings, bool IsNamed = false)
{
    /// <summary>How long a content waits for a record that names it, and how long its sender may name it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>Bytes of all its pieces but the last, which may have fewer.</summary>
    public const int PieceSize = 1 << 20;

    /// <summary>When it was sent last.</summary>
    public DateTimeOffset SentAt => Sendings.Max(s => s.At);

    /// <summary>Whether an actor sent it himself and not long ago.</summary>
    public bool IsFrom(string actor, DateTimeOffset now)
    {
        foreach (var sending in Sendings)
            if (sending.Actor == actor && sending.At > now - Life)
                return true;
        return false;
    }

    /// <summary>The same sent once more.</summary>
    public KeptFile Again(FileSending sending) =>
        this with { Sendings = [.. Sendings.Where(s => s.Actor != sending.Actor && s.At > sending.At - Life), sending] };
}

/// <summary>That somebody sent a content.</summary>
/// <param name="Actor">The actor's id.</param>
internal readonly record struct FileSending(string Actor, DateTimeOffset At);
