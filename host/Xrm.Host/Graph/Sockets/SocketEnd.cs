using System.Text;

namespace Xrm.Host.Graph.Sockets;

/// <summary>Why a socket is closed, in the codes of graphql-transport-ws. Clients of that protocol connect again after 1001, 4408 and 4503, and give up after the others.</summary>
/// <param name="Code">0 = nobody is there to be told.</param>
/// <param name="Reason">123 bytes at most.</param>
internal readonly record struct SocketEnd(int Code, string Reason)
{
    public static readonly SocketEnd Gone = new(0, "");
    public static readonly SocketEnd Normal = new(1000, "");
    public static readonly SocketEnd Stopping = new(1001, "The host stops");
    public static readonly SocketEnd TooLarge = new(1009, "Message too large");
    public static readonly SocketEnd Unauthorized = new(4401, "Unauthorized");
    public static readonly SocketEnd NotAcceptable = new(4406, "Subprotocol not acceptable");
    public static readonly SocketEnd NoInit = new(4408, "Connection initialisation timeout");
    public static readonly SocketEnd TooSlow = new(4408, "The client reads too slowly");
    public static readonly SocketEnd TooManyInits = new(4429, "Too many initialisation requests");
    public static readonly SocketEnd TooManyConnections = new(4503, "Too many connections");

    /// <summary>The client does not keep to the protocol.</summary>
    public static SocketEnd Invalid(string why) => new(4400, Short(why, 120));

    /// <summary>An operation of that id runs already.</summary>
    public static SocketEnd Taken(string id) => new(4409, $"Subscriber for {Short(id, 80)} already exists");

    /// <summary>As much of a text as fits into so many bytes.</summary>
    private static string Short(string text, int bytes)
    {
        while (Encoding.UTF8.GetByteCount(text) > bytes)
            text = text[..^1];
        return text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text[..^1] : text;
    }
}
