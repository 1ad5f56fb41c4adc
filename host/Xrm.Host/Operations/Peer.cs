using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>The account of the machine at the other end of the operator socket; it is put on such connections only.</summary>
internal sealed partial record Peer(uint Account)
{
    private const string Prefix = "operator:";
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>The account that this process runs as.</summary>
    public static Peer Own { get; } = new(OperatingSystem.IsWindows() ? 0 : EffectiveAccount());

    public Actor Actor { get; } = Actor.Of(Prefix + Account.ToString(CultureInfo.InvariantCulture), Role.Administrator);

    /// <summary>Whether an actor came by the operator socket.</summary>
    public static bool IsOperator(Actor actor) => actor.Id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether the data are its own anyway: the account that runs the host, or root.</summary>
    public bool IsOwner => Account == Own.Account || Account == 0;

    /// <summary>Who opened a connection, as the kernel says; where it does not say, who alone can open the socket.</summary>
    public static Peer Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return Own;
        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == credentials.Length
            ? new(BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]))
            : throw new SocketException((int)SocketError.AccessDenied);
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveAccount();
}
