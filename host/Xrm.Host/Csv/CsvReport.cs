using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>What an import does with each row of its file. It keeps no row: they are as many as the file has, and are not to be carried along while the commit is written.</summary>
internal sealed class CsvReport
{
    private readonly Dictionary<ImportLineKind, int> _counts = [];
    private readonly List<ImportLine> _lines = [];

    /// <param name="rows">All rows in the file's order, refused ones too.</param>
    public CsvReport(List<CsvRow> rows)
    {
        Rows = rows.Count;
        foreach (var row in rows)
        {
            if (row.Brings is { } brings)
                Add(brings);
            if (row.Told is not { } told)
                continue;
            foreach (var line in told)
                if (line.Kind is not (ImportLineKind.New or ImportLineKind.Changed))
                    Add(line.Kind);
            _lines.AddRange(told);
        }
    }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    public IReadOnlyList<ImportLine> Lines => _lines;

    /// <summary>How many are told of a kind, or would be if somebody wanted to know.</summary>
    public int Count(ImportLineKind kind) => _counts.GetValueOrDefault(kind);

    /// <summary>As formats of plugins tell it.</summary>
    public ImportReport Build() => new() { Rows = Rows, Lines = [.. _lines] };

    private void Add(ImportLineKind kind) => _counts[kind] = Count(kind) + 1;
}
