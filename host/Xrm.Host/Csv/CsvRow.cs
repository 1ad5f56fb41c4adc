using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>What one line of a file says, on its way to becoming edits, and what is told of it.</summary>
/// <param name="line">In the file, from 1.</param>
/// <param name="fields">How many values it has at most.</param>
internal sealed class CsvRow(int line, int fields)
{
    private readonly CsvValue[] _values = fields == 0 ? [] : new CsvValue[fields];
    private int _count;

    public int Line => line;
    /// <summary>Its own id; null when it names none.</summary>
    public Guid? Id { get; set; }
    /// <summary>The values it sets.</summary>
    public ReadOnlySpan<CsvValue> Values => _values.AsSpan(0, _count);
    /// <summary>What its to-one links lead to; null where it says nothing.</summary>
    public CsvTarget?[] Links { get; set; } = [];
    public CsvTarget? Source { get; set; }
    public CsvTarget? Target { get; set; }
    /// <summary>Whether it is left out; the reason is told.</summary>
    public bool IsRefused { get; private set; }
    /// <summary>What it brings, New or Changed; null when that is nothing.</summary>
    public ImportLineKind? Brings { get; private set; }
    /// <summary>What is told of it; null for nothing.</summary>
    public List<ImportLine>? Told { get; private set; }

    public void Set(ModelField field, KeptValue? kept) => _values[_count++] = new(field, kept);

    /// <summary>The JSON of a field that it sets; null when it sets none or empties it.</summary>
    public byte[]? JsonOf(ModelField field) => ValueOf(field)?.Json;

    public KeptValue? ValueOf(ModelField field)
    {
        foreach (var value in Values)
            if (value.Field == field)
                return value.Kept;
        return null;
    }

    /// <summary>Leaves it out.</summary>
    public void Refuse(string? column, string fr, string en)
    {
        IsRefused = true;
        Tell(ImportLineKind.Refused, column is null ? Label.Of(fr, en) : Label.Of($"{column} : {fr}", $"{column}: {en}"));
    }

    /// <summary>Says what it brings.</summary>
    /// <param name="message">Null when nobody wants to be told.</param>
    public void Bring(ImportLineKind kind, Label? message)
    {
        Brings = kind;
        if (message is not null)
            Tell(kind, message);
    }

    private void Tell(ImportLineKind kind, Label message) => (Told ??= new(1)).Add(new(kind, line, message));
}

/// <summary>A field that a row sets.</summary>
/// <param name="Kept">Null empties it.</param>
internal readonly record struct CsvValue(ModelField Field, KeptValue? Kept)
{
    /// <summary>Its canonical JSON; empty when it is emptied.</summary>
    public byte[] Json => Kept?.Json ?? [];
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
