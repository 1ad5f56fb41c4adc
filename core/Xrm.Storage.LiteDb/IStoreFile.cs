namespace Xrm.Storage.LiteDb;

/// <summary>A file as the store uses one: five things that can go wrong, so that tests can make each go wrong.</summary>
/// <remarks>Reading may go on beside one writer.</remarks>
internal interface IStoreFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills the whole span.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    void Read(long position, Span<byte> into);

    /// <summary>Writes, not yet durable; beyond the end the file grows.</summary>
    void Write(long position, ReadOnlySpan<byte> bytes);

    /// <summary>Returns when all that was written is on disk.</summary>
    void Sync();

    /// <summary>Cuts the file to a length, not yet durable.</summary>
    void Cut(long length);
}
