using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Xrm.Host.Connections;

/// <summary>Takes connections over TCP on Linux. Whatever else Kestrel listens on, and all of it elsewhere, goes by Kestrel's own transport (decision 0088).</summary>
internal sealed class EpollTransport(IMemoryPoolFactory<byte> pools, ILoggerFactory logs) : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private const int Backlog = 512;

    private readonly Lazy<ReadyThreads> _threads = new(() => new(logs.CreateLogger("Xrm")));

    /// <summary>The threads on which requests are answered; null where Kestrel's own transport takes them.</summary>
    public ReadyThreads? Threads => OperatingSystem.IsLinux() ? _threads.Value : null;

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint && OperatingSystem.IsLinux();

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = Bound(endpoint);
        try
        {
            socket.Listen(Backlog);
            return new(new Listener(socket, _threads.Value, pools.Create(new() { Owner = "xrm" })));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Bound(EndPoint endpoint)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }
    }

    public void Dispose()
    {
        if (_threads.IsValueCreated)
            _threads.Value.Dispose();
    }

    private sealed class Listener(Socket socket, ReadyThreads threads, MemoryPool<byte> pool) : IConnectionListener
    {
        // So long is waited when the system has no more descriptors to give.
        private static readonly TimeSpan Scarcity = TimeSpan.FromMilliseconds(100);

        private long _lastId = Environment.TickCount64 << 20;

        public EndPoint EndPoint => socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                Socket? accepted = null;
                try
                {
                    accepted = await socket.AcceptAsync(cancellationToken);
                    accepted.NoDelay = true;
                    return new EpollConnection((++_lastId).ToString("X", CultureInfo.InvariantCulture), accepted, threads, pool);
                }
                catch (Exception e) when (e is ObjectDisposedException || e is SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null;
                }
                catch (Exception e) when (e is SocketException or IOException)
                {
                    // Who knocked has left again, or there is no room for anybody.
                    accepted?.Dispose();
                    if (e is IOException or SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable })
                        await Task.Delay(Scarcity, CancellationToken.None);
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            socket.Dispose();
            return default;
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            pool.Dispose();
            return default;
        }
    }
}
