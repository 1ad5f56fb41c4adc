namespace Xrm.Core.Files;

/// <summary>Where a journal keeps the contents of files, made of pieces that were kept aside before (<see cref="Log.IJournal.Stage"/>). Read by any thread, written by the one that writes the journal.</summary>
internal interface IFileShelf
{
    /// <summary>Keeps pieces as the content of a hash that there is none of; durable.</summary>
    /// <param name="pieces">As <see cref="Log.IJournal.Stage"/> named them, in order.</param>
    /// <exception cref="IOException">It could not be kept; the pieces are still aside.</exception>
    void Add(KeptFile file, IReadOnlyList<long> pieces);

    /// <summary>Drops pieces that were kept aside, now or at the next start.</summary>
    void Abandon(IReadOnlyList<long> pieces);

    /// <summary>Puts down something else about a content that is there; durable.</summary>
    /// <exception cref="IOException">It could not; what was known is still so.</exception>
    void Note(KeptFile file);

    /// <summary>Takes a content away; its bytes are overwritten.</summary>
    /// <exception cref="IOException">It could not; it is there whole.</exception>
    void Drop(string hash);

    /// <summary>What is known of a content; null when there is none of that hash.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    KeptFile? Find(string hash);

    /// <summary>Contents behind a hash, in the order of hashes; none = there are no more.</summary>
    /// <param name="after">Null = from the first.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    IReadOnlyList<KeptFile> Behind(string? after);

    /// <summary>A piece of a content, from 0.</summary>
    /// <exception cref="IOException">It is damaged or not there.</exception>
    byte[] Read(string hash, int piece);
}
