using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Xrm.Storage.LiteDb;

/// <summary>Keeps a data folder to one process, by an exclusive lock on <c>store.lock</c> that ends with the process. The file holds the process's number and stays when the lock is gone.</summary>
internal sealed partial class FolderLock : IDisposable
{
    public const string FileName = "store.lock";

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="StoreFault">Another process holds it (or this one, through another store), or the folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            // On Unix any open through .NET asks for the lock; on Windows sharing must allow others to read the number.
            var share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 0);
            try
            {
                file.SetLength(0);
                file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
                return new(file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException) && IsHeld(e))
        {
            throw StoreFault.Locked(folder, Holder(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e is IOException && (e.HResult & 0xFFFF) is 28 or 112 ? StoreFault.Full(folder, e) : StoreFault.NotWritable(folder, e);
        }
    }

    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK of Linux and macOS, sharing violation of Windows.
    private static bool IsHeld(IOException e) => (e.HResult & 0xFFFF) is 11 or 35 or 32;

    /// <summary>The number in the file; empty when it cannot be read.</summary>
    private static string Holder(string path)
    {
        Span<byte> text = stackalloc byte[20];
        int read;
        if (OperatingSystem.IsWindows())
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            read = file.Read(text);
        }
        else
        {
            var descriptor = OpenPlain(path, 0);
            if (descriptor < 0)
                return "";
            read = (int)ReadPlain(descriptor, ref MemoryMarshal.GetReference(text), (nuint)text.Length);
            _ = ClosePlain(descriptor);
        }
        return read <= 0 ? "" : Encoding.ASCII.GetString(text[..read]).Trim();
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPlain(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint ReadPlain(int descriptor, ref byte into, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int ClosePlain(int descriptor);
}
