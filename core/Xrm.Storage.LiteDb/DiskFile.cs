using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Xrm.Storage.LiteDb;

/// <summary>A file on disk.</summary>
internal sealed partial class DiskFile(string path) : IStoreFile
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

    /// <remarks>On Linux the bytes and what is needed to read them, not the file's times: those would cost a write of their own in every few milliseconds.</remarks>
    public void Sync()
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(_handle);
        else if (SyncData(_handle) != 0)
            throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
    }

    public void Cut(long length) => RandomAccess.SetLength(_handle, length);

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle file);
}
