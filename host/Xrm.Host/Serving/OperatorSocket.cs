using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>The Unix socket by which commands of this machine speak to the host, and <c>host.json</c>, which names it. Only the owner can open it.</summary>
internal sealed class OperatorSocket : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    // A path of more than 107 bytes does not fit into the kernel's address.
    private const int LongestPath = 100;

    private readonly DataFolder _folder;
    private readonly string? _temporary;

    private OperatorSocket(DataFolder folder, string path, string? temporary)
    {
        _folder = folder;
        Path = path;
        _temporary = temporary;
    }

    public string Path { get; }

    /// <summary>A place in a folder that only the owner can look into: in the data folder, or, when that path is too long, a temporary one.</summary>
    /// <remarks>The caller holds the store's lock, so a socket that lies there is one of a host that died.</remarks>
    public static OperatorSocket Choose(DataFolder folder)
    {
        var run = System.IO.Path.Combine(folder.Path, "run");
        var path = System.IO.Path.Combine(run, "host.sock");
        string? temporary = null;
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            temporary = Directory.CreateTempSubdirectory("xrm-").FullName;
            path = System.IO.Path.Combine(temporary, "host.sock");
        }
        else if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(run);
        else
        {
            Directory.CreateDirectory(run, Private);
            File.SetUnixFileMode(run, Private);
        }
        File.Delete(path);
        return new(folder, path, temporary);
    }

    /// <summary>Says who opened a connection of the socket.</summary>
    public static void Identify(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { } feature)
            connection.Features.Set(Peer.Of(feature.Socket));
    }

    /// <summary>Closes the socket to others and writes down where it is.</summary>
    public void Announce(IReadOnlyCollection<string> addresses, DateTimeOffset now)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var json = new JsonObject
        {
            ["pid"] = Environment.ProcessId,
            ["socket"] = Path,
            ["urls"] = new JsonArray([.. addresses.Select(a => (JsonNode)a)]),
            ["started"] = now,
        };
        DataFolder.WriteWhole(_folder.Host, Encoding.UTF8.GetBytes(json.ToJsonString(Wire.Indented) + "\n"));
    }

    /// <summary>Takes back what was written down.</summary>
    public void Withdraw() => File.Delete(_folder.Host);

    public void Dispose()
    {
        File.Delete(Path);
        if (_temporary is not null)
            Directory.Delete(_temporary, recursive: true);
    }
}
