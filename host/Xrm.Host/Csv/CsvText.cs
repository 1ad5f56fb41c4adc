using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>The rows of a file: its encoding and separator found out unless the map says them.</summary>
internal sealed class CsvText : IDisposable
{
    private const int Piece = 1 << 16;

    /// <summary>Room for so much is made at once where a length is told.</summary>
    private const int MostAtOnce = 1 << 30;

    private readonly HashSet<long> _broken = [];
    private readonly CsvReader _reader;

    private CsvText(byte[] utf8, char? separator) => _reader = CsvReader.Create(utf8, new CsvReaderOptions
    {
        Separator = separator,
        HasHeader = false,
        TrackLineNumbers = true,
        OnMalformedRecord = record =>
        {
            if (record.Reason is CsvMalformedReason.UnterminatedQuote or CsvMalformedReason.TextAfterClosingQuote)
                _broken.Add(record.LineNumber);
        },
    });

    /// <summary>Opens a file.</summary>
    /// <param name="length">How many bytes the file has; null when that is not known.</param>
    /// <param name="encoding">A name such as <c>windows-1252</c>; null = found out: a byte order mark, else UTF-8 if the file is that up to its end, where it may be cut, else Windows-1252.</param>
    /// <param name="separator">Null = found out from the first lines: comma, semicolon, tab or bar.</param>
    /// <exception cref="Problem">Invalid: it is no text in that encoding.</exception>
    public static async Task<CsvText> Open(Stream source, long? length, string? encoding, char? separator, CancellationToken cancellation)
    {
        var bytes = length is >= 0 and <= MostAtOnce ? await ReadAll(source, (int)length, cancellation) : await ReadAll(source, cancellation);
        var found = encoding is null ? Detect(bytes) : Named(encoding);
        var start = bytes.AsSpan().StartsWith(found.Preamble) ? found.Preamble.Length : 0;
        var utf8 = found is UTF8Encoding && start == 0 && Utf8.IsValid(bytes) ? bytes : Encoding.Convert(found, Encoding.UTF8, bytes, start, bytes.Length - start);
        if (utf8.AsSpan().Contains((byte)0))
            throw new Problem(ProblemCode.Invalid, Label.Of(
                "Le fichier n'est pas du texte à colonnes (il contient des octets nuls). Un classeur s'enregistre d'abord en CSV ; de l'UTF-16 sans marque se dit dans --map (encoding).",
                "The file is no delimited text (it holds zero bytes). Save a workbook as CSV first; say UTF-16 without its mark in --map (encoding)."), "encoding");
        return new(utf8, separator);
    }

    /// <summary>Whether text has bytes that were no character in the file's encoding: it is another one, or the file was cut.</summary>
    public static bool IsUnreadable(ReadOnlySpan<byte> text) => text.IndexOf("\uFFFD"u8) >= 0;

    /// <summary>The next row, whatever it says; null at the end.</summary>
    public string[]? ReadHeader()
    {
        if (!_reader.Read())
            return null;
        var cells = new string[_reader.FieldCount];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = _reader.GetString(i);
        return cells;
    }

    /// <summary>Reads the next lines that say something, until it is full; false at the end.</summary>
    public bool Read(CsvLines lines)
    {
        bool isMore;
        while (isMore = _reader.Read())
        {
            if (!SaysSomething())
                continue;
            lines.Begin((int)_reader.LineNumber, _broken.Count > 0 && _broken.Contains(_reader.LineNumber));
            for (var i = 0; i < _reader.FieldCount; i++)
                lines.Add(_reader.GetSpan(i));
            if (lines.IsFull)
                break;
        }
        return isMore;
    }

    private bool SaysSomething()
    {
        for (var i = 0; i < _reader.FieldCount; i++)
            if (_reader.GetSpan(i).ContainsAnyInRange((byte)'!', (byte)'~') || !string.IsNullOrWhiteSpace(_reader.GetString(i)))
                return true;
        return false;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Straight to where it stays.</summary>
    /// <exception cref="IOException">It ends before.</exception>
    private static async Task<byte[]> ReadAll(Stream source, int length, CancellationToken cancellation)
    {
        var all = GC.AllocateUninitializedArray<byte>(length);
        await source.ReadExactlyAsync(all, cancellation);
        return all;
    }

    private static async Task<byte[]> ReadAll(Stream source, CancellationToken cancellation)
    {
        var full = new List<byte[]>();
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        int read;
        while ((read = await source.ReadAtLeastAsync(piece.AsMemory(0, Piece), Piece, throwOnEndOfStream: false, cancellation)) == Piece)
        {
            full.Add(piece);
            piece = ArrayPool<byte>.Shared.Rent(Piece);
        }
        var all = GC.AllocateUninitializedArray<byte>(full.Count * Piece + read);
        for (var i = 0; i < full.Count; i++)
        {
            full[i].AsSpan(0, Piece).CopyTo(all.AsSpan(i * Piece));
            ArrayPool<byte>.Shared.Return(full[i]);
        }
        piece.AsSpan(0, read).CopyTo(all.AsSpan(full.Count * Piece));
        ArrayPool<byte>.Shared.Return(piece);
        return all;
    }

    private static Encoding Detect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.Unicode.Preamble))
            return Encoding.Unicode;
        if (bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return Encoding.BigEndianUnicode;
        return Utf8.IsValid(UpToCut(bytes)) ? Encoding.UTF8 : Named("windows-1252");
    }

    /// <summary>Without a character of UTF-8 that is cut at the very end.</summary>
    private static ReadOnlySpan<byte> UpToCut(ReadOnlySpan<byte> bytes)
    {
        var back = 1;
        while (back < 4 && back < bytes.Length && bytes[^back] is >= 0x80 and < 0xC0)
            back++;
        return back <= bytes.Length && bytes[^back] is >= 0xC2 and < 0xF5 ? bytes[..^back] : bytes;
    }

    private static Encoding Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new Problem(ProblemCode.Invalid, Label.Of(
                $"--map, encoding : « {name} » n'est pas un encodage connu (utf-8, windows-1252, iso-8859-1, utf-16).",
                $"--map, encoding: \"{name}\" is no known encoding (utf-8, windows-1252, iso-8859-1, utf-16)."), "encoding");
        }
    }
}
