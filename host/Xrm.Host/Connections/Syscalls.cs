using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Xrm.Host.Connections;

/// <summary>What Linux is asked for here, as its C library has it. Nothing waits but <see cref="Wait"/>; what has failed is -1, and <see cref="Marshal.GetLastPInvokeError"/> tells why.</summary>
internal static unsafe partial class Syscalls
{
    /// <summary>EINTR: a signal came in between.</summary>
    public const int Interrupted = 4;
    /// <summary>EAGAIN: nothing to read, or no room to write.</summary>
    public const int NotReady = 11;

    /// <summary>EPOLLIN, EPOLLRDHUP.</summary>
    public const uint Readable = 0x1 | Left;
    /// <summary>EPOLLRDHUP: the other end sends no more.</summary>
    public const uint Left = 0x2000;
    /// <summary>EPOLLOUT.</summary>
    public const uint Writable = 0x4;
    /// <summary>EPOLLERR, EPOLLHUP; told without being asked for.</summary>
    public const uint Broken = 0x18;
    /// <summary>EPOLLET: told once for each time that something comes, to one of those who wait.</summary>
    public const uint Once = 1u << 31;

    private const int Add = 1;
    private const int CloseOnExec = 0x80000;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int MostPieces = 16;

    // Packed on x64 alone: two numbers of 4 bytes and 8, without or with a gap.
    private static readonly int KeyAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <returns>Invalid when the system gives none.</returns>
    public static SafeFileHandle Epoll() => new(Create(CloseOnExec), ownsHandle: true);

    /// <summary>Something that can be read after <see cref="Set"/>.</summary>
    public static SafeFileHandle Signal() => new(Event(0, CloseOnExec), ownsHandle: true);

    /// <summary>Makes a signal one that can be read, and tells so once more when it was one.</summary>
    public static void Set(SafeFileHandle signal)
    {
        var one = 1L;
        _ = Write(signal, &one, sizeof(long));
    }

    /// <summary>Asks to be told of something under a key.</summary>
    public static int Watch(SafeFileHandle epoll, SafeHandle what, uint of, long key)
    {
        var told = stackalloc byte[16];
        *(uint*)told = of;
        *(long*)(told + KeyAt) = key;
        return Control(epoll, Add, what, told);
    }

    /// <summary>Waits for one thing to be told.</summary>
    /// <param name="isPatient">For as long as it takes; otherwise not at all.</param>
    /// <returns>1; 0 when there was nothing; -1 when interrupted.</returns>
    public static int Wait(SafeFileHandle epoll, bool isPatient, out uint of, out long key)
    {
        var told = stackalloc byte[16];
        var count = Wait(epoll, told, 1, isPatient ? -1 : 0);
        (of, key) = count == 1 ? (*(uint*)told, *(long*)(told + KeyAt)) : (0, 0);
        return count;
    }

    /// <returns>How many bytes came; 0 when the other end sends no more.</returns>
    public static int Receive(SafeSocketHandle socket, Span<byte> into) => (int)Receive(socket, ref MemoryMarshal.GetReference(into), (nuint)into.Length, DontWait);

    /// <returns>How many bytes the socket took; it may be fewer than there are.</returns>
    public static int Send(SafeSocketHandle socket, in ReadOnlySequence<byte> bytes) => bytes.IsSingleSegment
        ? (int)Send(socket, ref MemoryMarshal.GetReference(bytes.FirstSpan), (nuint)bytes.FirstSpan.Length, DontWait | NoSignal)
        : SendPieces(socket, bytes);

    private static int SendPieces(SafeSocketHandle socket, in ReadOnlySequence<byte> bytes)
    {
        var pieces = stackalloc Piece[MostPieces];
        // The blocks of the pool do not move: to pin them costs nothing, and is done for those that would.
        var pins = new Pins();
        var count = 0;
        foreach (var memory in bytes)
        {
            if (memory.IsEmpty)
                continue;
            pins[count] = memory.Pin();
            pieces[count] = new((byte*)pins[count].Pointer, (nuint)memory.Length);
            if (++count == MostPieces)
                break;
        }
        var message = new Message { Pieces = pieces, Count = (nuint)count };
        var sent = (int)Send(socket, &message, DontWait | NoSignal);
        foreach (var pin in pins[..count])
            pin.Dispose();
        return sent;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Event(uint count, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeHandle epoll, int operation, SafeHandle what, byte* told);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Wait(SafeHandle epoll, byte* told, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Receive(SafeSocketHandle socket, ref byte into, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(SafeSocketHandle socket, ref byte from, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(SafeSocketHandle socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(SafeHandle descriptor, long* value, nuint length);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Piece(byte* start, nuint length)
    {
        public readonly byte* Start = start;
        public readonly nuint Length = length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint Count;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [InlineArray(MostPieces)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
