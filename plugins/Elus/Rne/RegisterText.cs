using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>A register file as text. Editions come in UTF-8, with and without mark, and in ISO-8859-1 or Windows-1252.</summary>
internal static class RegisterText
{
    /// <summary>Far above the greatest national file (municipal councillors, some 100 MB).</summary>
    private const int MostBytes = 512 << 20;

    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Reads all of it; line ends are LF afterwards.</summary>
    /// <exception cref="Problem">Invalid: it is no text, or in an encoding that the register never had. Limit: it is too large.</exception>
    public static async ValueTask<string> Read(Stream source, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            for (int read; (read = await source.ReadAsync(chunk, cancellation).ConfigureAwait(false)) > 0;)
            {
                if (buffer.Length + read > MostBytes)
                    throw new Problem(ProblemCode.Limit, Label.Of($"Le fichier dépasse {MostBytes >> 20} Mio.", $"The file is over {MostBytes >> 20} MiB."), rule: "rne-size");
                buffer.Write(chunk, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
        return Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>The text of some bytes, its encoding found out.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("PK\u0003\u0004"u8))
            throw Unreadable("c'est un classeur ou une archive ; enregistrez-le en CSV.", "it is a workbook or an archive; save it as CSV.");
        if (bytes.StartsWith<byte>([0xFF, 0xFE]))
            return Lines(Encoding.Unicode.GetString(bytes[2..]));
        if (bytes.StartsWith<byte>([0xFE, 0xFF]))
            return Lines(Encoding.BigEndianUnicode.GetString(bytes[2..]));
        if (bytes.Contains((byte)0))
            throw Unreadable("il contient des octets nuls ; enregistrez-le en UTF-8 ou en ISO-8859-1.", "it holds null bytes; save it as UTF-8 or ISO-8859-1.");
        if (bytes.StartsWith<byte>([0xEF, 0xBB, 0xBF]))
            bytes = bytes[3..];
        // A file cut in the middle may end in the middle of a character: that does not make it another encoding.
        return Lines(Utf8.IsValid(bytes[..^CutCharacter(bytes)]) ? Encoding.UTF8.GetString(bytes) : Windows1252.GetString(bytes));
    }

    /// <summary>How many bytes at the end begin a UTF-8 character without ending it; 0 to 3.</summary>
    private static int CutCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var unit = bytes[^back];
            if ((unit & 0xC0) == 0x80)
                continue;
            var length = unit switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
            return length > back ? back : 0;
        }
        return 0;
    }

    private static string Lines(string text) =>
        text.Contains('\r', StringComparison.Ordinal) ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : text;

    private static Problem Unreadable(string fr, string en) =>
        new(ProblemCode.Invalid, Label.Of("Le fichier n'est pas un fichier de texte : " + fr, "The file is not a text file: " + en), rule: "rne-encoding");
}
