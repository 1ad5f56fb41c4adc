using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using System.Globalization;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>The rows of a file: its encoding and separator found out unless the map says them.</summary>
internal sealed class CsvText : IDisposable
{
    private static readonly char[] Separators = [';', ',', '\t', '|'];

    private readonly CsvParser _parser;
    private string? _bad;

    private CsvText(TextReader text, char separator)
    {
        _parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            BadDataFound = bad => _bad = bad.RawRecord,
            IgnoreBlankLines = true,
            CacheFields = true,
            BufferSize = 1 << 16,
        });
    }

    /// <summary>The line on which the row read last begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Whether its quotation marks do not match.</summary>
    public bool IsBroken => _bad is not null;

    /// <summary>Opens a file.</summary>
    /// <param name="encoding">A name such as <c>windows-1252</c>; null = found out: a byte order mark, else UTF-8 if the whole file is that, else Windows-1252.</param>
    /// <param name="separator">Null = the one of semicolon, comma, tab and bar that the first line has most of.</param>
    public static async Task<CsvText> Open(Stream source, string? encoding, char? separator, CancellationToken cancellation)
    {
        var buffer = new MemoryStream();
        await source.CopyToAsync(buffer, cancellation);
        var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        var found = encoding is null ? Detect(bytes.Span) : Named(encoding);
        buffer.Position = 0;
        var text = new StreamReader(buffer, found, detectEncodingFromByteOrderMarks: true, 1 << 16);
        return new(text, separator ?? Separator(bytes.Span, found));
    }

    /// <summary>The next row; null at the end.</summary>
    public string[]? Read()
    {
        _bad = null;
        if (!_parser.Read())
            return null;
        var cells = _parser.Record!;
        Line = _parser.RawRow - cells.Sum(cell => cell.AsSpan().Count('\n'));
        return cells;
    }

    public void Dispose() => _parser.Dispose();

    private static Encoding Detect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.Unicode.Preamble))
            return Encoding.Unicode;
        if (bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return Encoding.BigEndianUnicode;
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Named("windows-1252");
    }

    private static Encoding Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new Problem(ProblemCode.Invalid, Label.Of($"--map, encoding : « {name} » n'est pas un encodage connu (utf-8, windows-1252, iso-8859-1, utf-16).", $"--map, encoding: \"{name}\" is no known encoding (utf-8, windows-1252, iso-8859-1, utf-16)."), "encoding");
        }
    }

    private static char Separator(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        var head = encoding.GetString(bytes[..Math.Min(bytes.Length, 1 << 16)]);
        var counts = new int[Separators.Length];
        var isQuoted = false;
        foreach (var c in head)
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (c is '\n' or '\r' && !isQuoted && counts.Max() > 0)
                break;
            else if (!isQuoted && Array.IndexOf(Separators, c) is >= 0 and var at)
                counts[at]++;
        }
        return Separators[Array.IndexOf(counts, counts.Max())];
    }
}
