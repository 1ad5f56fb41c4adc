using Xrm.Core.Model;
using Xrm.Core.Plans;

namespace Xrm.Host.Csv;

/// <summary>What one line of a file says, on its way to becoming edits.</summary>
internal sealed class CsvRow(int line)
{
    /// <summary>In the file, from 1.</summary>
    public int Line { get; } = line;
    /// <summary>Its own id; null when it names none.</summary>
    public Guid? Id { get; set; }
    /// <summary>The values it sets: field, value to keep (null empties), canonical JSON.</summary>
    public List<(ModelField Field, object? Value, byte[] Json)> Values { get; } = [];
    /// <summary>What its to-one links lead to; null where it says nothing.</summary>
    public CsvTarget?[] Links { get; set; } = [];
    public CsvTarget? Source { get; set; }
    public CsvTarget? Target { get; set; }
    /// <summary>The authority's day when the file was read.</summary>
    public DateOnly Today { get; init; }
    /// <summary>Whether it is left out; the reason is in the report.</summary>
    public bool IsRefused { get; set; }

    public byte[]? JsonOf(ModelField field)
    {
        foreach (var (named, _, json) in Values)
            if (named == field)
                return json.Length == 0 ? null : json;
        return null;
    }
}

/// <summary>A thing that a row means, found by id or by key.</summary>
internal sealed class CsvTarget
{
    /// <summary>Its id; when the row gives a key, known once it is looked up.</summary>
    public Guid Id { get; set; }
    public ModelKey? Key { get; init; }
    /// <summary>The key's values.</summary>
    public Operand[] Values { get; init; } = [];
    /// <summary>What people are told when there is none.</summary>
    public required string Text { get; init; }
}
