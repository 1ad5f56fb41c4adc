using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Host.Operations;

/// <summary>One request through a host's socket and its answer, in as much of HTTP/1.1 as both take: the file goes, and lines come meanwhile in chunks.</summary>
/// <remarks>The runtime would compile .NET's own client anew in each command, for half of the time that a small one takes, and what is awaited on a socket for a tenth (decision 0049). So
/// its calls block: a command has nothing else to do meanwhile.</remarks>
internal sealed class OperatorCall : IDisposable
{
    private const int Piece = 1 << 16;
    /// <summary>Before each chunk: the end of the one before, its length in five digits, the end of that line.</summary>
    private const int ChunkHead = 9;

    private readonly NetworkStream _stream;
    private readonly byte[] _bytes = new byte[Piece];
    private int _at;
    private int _end;
    /// <summary>Bytes of the chunk at hand that were not read yet.</summary>
    private int _left;
    private bool _isInBody;

    private OperatorCall(Socket socket) => _stream = new(socket, ownsSocket: true);

    /// <exception cref="SocketException">Nobody listens there, or it may not be opened.</exception>
    public static OperatorCall Open(EndPoint host)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(host);
            return new(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a line of JSON, the arguments, and behind it the file as it is. The answer may come, and be whole, before this is done.</summary>
    /// <exception cref="IOException">The host takes no more, or the file could not be read to its end; then the connection is closed, so that the host does nothing.</exception>
    public void Send(string path, JsonObject arguments, Stream? input)
    {
        var line = Encoding.UTF8.GetBytes(arguments.ToJsonString(Wire.Options) + "\n");
        // Where the length is known the host reads the file where it lies; chunks it copies one by one.
        var left = input is null ? 0 : input.CanSeek ? input.Length - input.Position : -1;
        var isChunked = left < 0;
        var body = isChunked ? $"Transfer-Encoding: chunked\r\n\r\n{line.Length:x}\r\n" : $"Content-Length: {line.Length + left}\r\n\r\n";
        _stream.Write(Encoding.ASCII.GetBytes($"POST /{path} HTTP/1.1\r\nHost: operator\r\n{body}"));
        _stream.Write(line);
        var piece = new byte[ChunkHead + Piece];
        for (var read = 1; isChunked ? read > 0 : left > 0; left -= read)
        {
            read = Read(input!, piece.AsSpan(ChunkHead, isChunked ? Piece : (int)Math.Min(Piece, left)), isChunked);
            if (isChunked)
                Encoding.ASCII.GetBytes($"\r\n{read:x5}\r\n", piece);
            _stream.Write(piece.AsSpan(isChunked ? 0 : ChunkHead, isChunked ? ChunkHead + read : read));
        }
        if (isChunked)
            _stream.Write("\r\n"u8);
    }

    private int Read(Stream input, Span<byte> into, bool mayEnd)
    {
        try
        {
            return input.Read(into) is var read && (read > 0 || mayEnd) ? read : throw new EndOfStreamException();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The status that the host answers with.</summary>
    /// <exception cref="IOException">The connection broke, or something else than HTTP speaks there.</exception>
    public HttpStatusCode ReadStatus()
    {
        var first = ReadHead();
        while (ReadHead() is not "") { }
        return first.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && first.Length >= 12 && int.TryParse(first.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status)
            ? (HttpStatusCode)status
            : throw new IOException(first);
    }

    /// <summary>The next line of what it answers; null at the end.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public string? ReadLine()
    {
        using var line = new MemoryStream();
        while (_left > 0 || ReadChunk())
        {
            if (_at == _end)
                Fill();
            var some = _bytes.AsSpan(_at, Math.Min(_left, _end - _at));
            var end = some.IndexOf((byte)'\n');
            line.Write(end < 0 ? some : some[..end]);
            var taken = end < 0 ? some.Length : end + 1;
            _at += taken;
            _left -= taken;
            if (end >= 0)
                return Text();
        }
        return line.Length == 0 ? null : Text();

        string Text() => Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
    }

    public void Dispose() => _stream.Dispose();

    private bool ReadChunk()
    {
        if (_isInBody)
            ReadHead();
        _isInBody = true;
        var head = ReadHead();
        _left = int.TryParse(head, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) ? length : throw new IOException(head);
        return length > 0;
    }

    /// <summary>A line of HTTP's own, without its end.</summary>
    private string ReadHead()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_at == _end)
                Fill();
            var next = (char)_bytes[_at++];
            if (next == '\n')
                return line.ToString();
            if (next != '\r')
                line.Append(next);
        }
    }

    private void Fill()
    {
        (_at, _end) = (0, _stream.Read(_bytes));
        if (_end == 0)
            throw new EndOfStreamException();
    }
}
