using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Fields;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Lists;

/// <summary>A list as a text that spreadsheets open: separated by semicolons in French, by commas in English, as they expect there.</summary>
internal sealed class CsvText(StaffModel model, Language language, ListColumns columns)
{
    private readonly StringBuilder _text = new();
    private readonly char _separator = language.IsFrench ? ';' : ',';

    public void Head()
    {
        Add(language[Label.Of("Nom", "Name")]);
        foreach (var column in columns.All)
        {
            _text.Append(_separator);
            Add(language[column.Label]);
        }
        _text.Append("\r\n");
    }

    public void Line(Sheet sheet)
    {
        Add(Guarded(Naming.Of(model, language, sheet.Entity)));
        foreach (var column in columns.All)
        {
            _text.Append(_separator);
            Add(Value(sheet, column));
        }
        _text.Append("\r\n");
    }

    /// <summary>UTF-8, with the mark by which spreadsheets know it.</summary>
    public byte[] Bytes() => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(_text.ToString())];

    private string Value(Sheet sheet, ListColumn column)
    {
        if (column.Field is { IsMany: false } field && ListColumns.Value(sheet.Entity, field) is int or decimal)
        {
            var number = Convert.ToString(ListColumns.Value(sheet.Entity, column.Field), CultureInfo.InvariantCulture)!;
            return language.IsFrench ? number.Replace('.', ',') : number;
        }
        var cell = columns.Cell(sheet, column);
        var text = string.Join(" | ", cell.Parts.Select(p => p.Text));
        return Guarded(cell.More > 0 ? $"{text} (+{cell.More})" : text);
    }

    // A spreadsheet would take what begins so for a formula, and run it.
    private static string Guarded(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + text : text;

    private void Add(string text)
    {
        if (text.AsSpan().IndexOfAny(['"', '\r', '\n', _separator]) < 0)
            _text.Append(text);
        else
            _text.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
