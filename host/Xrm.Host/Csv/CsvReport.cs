using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>The report of one import while it is being made.</summary>
internal sealed class CsvReport
{
    private readonly List<ImportLine> _lines = [];

    public int Rows { get; set; }

    /// <summary>Leaves a row out.</summary>
    public void Refuse(CsvRow row, string? column, string fr, string en)
    {
        row.IsRefused = true;
        Add(ImportLineKind.Refused, row.Line, column is null ? fr : $"{column} : {fr}", column is null ? en : $"{column}: {en}");
    }

    public void Add(ImportLineKind kind, int line, string fr, string en) => _lines.Add(new(kind, line, Label.Of(fr, en)));

    public ImportReport Build() => new() { Rows = Rows, Lines = [.. _lines.OrderBy(l => l.Line)] };
}
