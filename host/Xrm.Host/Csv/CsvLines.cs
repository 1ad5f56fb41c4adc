using System.Text;

namespace Xrm.Host.Csv;

/// <summary>Some lines of a file cut into cells, as one thread hands them to another: their bytes in one array, and nothing on the heap for a single cell.</summary>
internal sealed class CsvLines
{
    /// <summary>Lines that are handed over in one go.</summary>
    private const int Most = 500;

    /// <summary>So that the bytes are no large object to the collector.</summary>
    private const int MostBytes = 1 << 16;

    private readonly List<(int Number, int First, bool IsBroken)> _lines = new(Most);
    private readonly List<int> _ends = new(Most * 8);
    private byte[] _bytes = new byte[MostBytes];
    private int _used;

    public int Count => _lines.Count;

    /// <summary>Whether it may be filled again: no more room is kept than most lines need.</summary>
    public bool IsReusable => _bytes.Length == MostBytes;

    public bool IsFull => Count >= Most || _used > MostBytes - (MostBytes >> 4);

    public CsvCells this[int line] => new(this, line);

    /// <summary>Lets go of what it holds.</summary>
    public void Clear()
    {
        _lines.Clear();
        _ends.Clear();
        _used = 0;
    }

    /// <summary>Begins a line; its cells follow.</summary>
    /// <param name="number">In the file, from 1.</param>
    /// <param name="isBroken">Whether its quotation marks do not match.</param>
    public void Begin(int number, bool isBroken) => _lines.Add((number, _ends.Count, isBroken));

    public void Add(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > _bytes.Length - _used)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + cell.Length));
        cell.CopyTo(_bytes.AsSpan(_used));
        _used += cell.Length;
        _ends.Add(_used);
    }

    /// <summary>One line's cells.</summary>
    internal readonly struct CsvCells(CsvLines lines, int line)
    {
        private readonly int _first = lines._lines[line].First;

        public int Number => lines._lines[line].Number;

        public bool IsBroken => lines._lines[line].IsBroken;

        public int Count => (line + 1 < lines.Count ? lines._lines[line + 1].First : lines._ends.Count) - _first;

        /// <summary>All of them, one behind the other.</summary>
        public ReadOnlySpan<byte> Bytes => lines._bytes.AsSpan(Start(_first)..Start(_first + Count));

        public ReadOnlySpan<byte> Cell(int cell) => lines._bytes.AsSpan(Start(_first + cell)..lines._ends[_first + cell]);

        public string Text(int cell) => Encoding.UTF8.GetString(Cell(cell));

        private int Start(int cell) => cell == 0 ? 0 : lines._ends[cell - 1];
    }
}
