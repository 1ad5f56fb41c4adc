using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>What an import does with each row of its file.</summary>
/// <param name="rows">All rows in the file's order, refused ones too.</param>
internal sealed class CsvReport(IReadOnlyList<CsvRow> rows)
{
    /// <summary>How many rows there are.</summary>
    public int Rows => rows.Count;

    /// <summary>How many are told of a kind, or would be if somebody wanted to know.</summary>
    public int Count(ImportLineKind kind) => kind is ImportLineKind.New or ImportLineKind.Changed
        ? rows.Count(r => r.Brings == kind)
        : rows.Sum(r => r.Told?.Count(l => l.Kind == kind) ?? 0);

    public IEnumerable<ImportLine> Lines => rows.Where(r => r.Told is not null).SelectMany(r => r.Told!);

    /// <summary>As formats of plugins tell it.</summary>
    public ImportReport Build() => new() { Rows = Rows, Lines = [.. Lines] };
}
