using Microsoft.Win32.SafeHandles;

namespace Xrm.Storage.LiteDb;

/// <summary>A file on disk.</summary>
internal sealed class DiskFile(string path) : IStoreFile
{
    private readonly SafeFileHandle _handle =
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, FileOptions.RandomAccess);

    public long Length => RandomAccess.GetLength(_handle);

    public void Read(long position, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var read = RandomAccess.Read(_handle, into, position);
            if (read == 0)
                throw new EndOfStreamException($"{path} ends at {Length}, before {position + into.Length}.");
            position += read;
            into = into[read..];
        }
    }

    public void Write(long position, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, position);

    public void Sync() => RandomAccess.FlushToDisk(_handle);

    public void Cut(long length) => RandomAccess.SetLength(_handle, length);

    public void Dispose() => _handle.Dispose();
}
